import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { recordOf, runFolder } from '../../support/story.ts';
import type { Terminal } from '../../support/terminal.ts';
import { walksToEnd } from './support/endings.ts';
import { eventsOf } from './support/events.ts';
import { photograph, photographSizes } from './support/pictures.ts';
import { expectNothingLeft, type Scene, setTheScene } from './support/scene.ts';
import { type Answer, confirmsChange, types, walksUntil } from './support/walk.ts';
import { runsIn, startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ version: 'v2.3.0', behaviour: { errors: 0.12 } });
});
afterAll(() => world?.stop());

const decides = (terminal: Terminal): Promise<unknown> =>
  terminal.presses(/Choose what stops the damage/.test(terminal.text()) ? '3' : '1');

const responder: readonly Answer[] = [
  { when: /it is your decision/, does: decides },
  { when: /Enter asks for repo/, does: types('company/checkout', '4712') },
];

/** How long a gate with a metric in it was judged, by its step; ms. */
const timesOnMetrics = ({ workspace }: Scene): readonly { readonly step: string; readonly ms: number }[] =>
  eventsOf(workspace, 'gate.started')
    .filter(({ data }) => data.checks.some((title) => ['Error rate', 'p95'].includes(title)))
    .map(({ at, frame, data }) => {
      const ended = eventsOf(workspace, 'gate.verdict').find(
        (verdict) => verdict.frame === frame && verdict.data.step === data.step && verdict.data.verdict === 'PASS',
      );
      return { step: data.step, ms: (ended?.at ?? Number.POSITIVE_INFINITY) - at };
    });

const soakMs = 30_000;

test('a hotfix that begins at 12 % errors and loses Prometheus on its way is held up by neither', async () => {
  const scene = await setTheScene(world.cluster, { soaks: 'by-inputs' });
  const { workspace } = scene;
  workspace.tool(
    'gh',
    '#!/bin/bash\ncase "$*" in *view*) echo "MERGED APPROVED" ;; *) echo "all checks passed" ;; esac\n',
  );
  const terminal = runsIn(world, scene, 'hotfix.md', 'v2.3.1', {
    issue: 'Every eighth payment answers 500',
    range: '15s',
    soak: `${soakMs / 1000}s`,
  });
  await terminal.sees(/Error rate +1\d(\.\d+)? % now.*past it already, which becomes the reference/, 90_000);
  await terminal.presses('Enter');
  await walksUntil(terminal, /Enter asks before it runs: kubectl set image/, { first: responder });
  await photographSizes(terminal, 'hotfix-1-before', [[80, 24]]);
  expect(terminal.text()).toMatch(/1[0-4](\.\d+)? %/);
  await confirmsChange(terminal);
  await terminal.until(() => eventsOf(workspace, 'criterion.armed').length > 0, 'armed its criteria', 30_000);
  const [errors] = eventsOf(workspace, 'criterion.armed').filter(({ data }) => data.criterion === 0);
  expect(errors?.data.reference).toBeGreaterThan(0.08);
  expect(errors?.data.reference).toBeLessThan(0.16);
  expect(eventsOf(workspace, 'criterion.breached')).toEqual([]);
  expect(eventsOf(workspace, 'override.given')).toEqual([]);

  await world.prometheus.kill();
  onTestFinished(() => world.prometheus.start());
  const killedAt = Date.now();
  await terminal.until(() => /^ BLIND/.test(terminal.lines()[2] ?? ''), 'said that metrics are away', 60_000);
  console.log(`Prometheus stopped: BLIND on screen after ${((Date.now() - killedAt) / 1000).toFixed(0)} s`);
  await terminal.sees('A acknowledges it', 60_000);
  photograph(terminal, 'hotfix-2-blind');
  await terminal.presses('A');
  await terminal.rests();
  photograph(terminal, 'hotfix-3-acknowledges');
  await terminal.types('Prometheus is down, INC-4711');
  await terminal.presses('Enter');
  await terminal.until(() => eventsOf(workspace, 'source.acknowledged').length === 1, 'acknowledged it');
  const atEnd = (): void => photograph(terminal, 'hotfix-5-finish');
  await walksUntil(terminal, /Watched without a break/, { first: responder });
  await photographSizes(terminal, 'hotfix-4-acknowledged', [[80, 24]]);
  expect(await walksToEnd(terminal, 'Succeeded', { atEnd, walk: { first: responder } })).toBe(0);

  expect(eventsOf(workspace, 'source.acknowledged')).toHaveLength(1);
  for (const type of ['gate.by-eye', 'gate.overridden', 'override.given', 'criterion.breached'] as const)
    expect(eventsOf(workspace, type), type).toEqual([]);
  const times = timesOnMetrics(scene);
  console.log(`gates on metrics: ${times.map(({ step, ms }) => `${step} ${(ms / 1000).toFixed(1)} s`).join(', ')}`);
  // One of them is the soak, which lasts as long as it was told to.
  expect(times.length).toBeGreaterThanOrEqual(3);
  expect(times.reduce((sum, { ms }) => sum + ms, 0) - soakMs).toBeLessThanOrEqual(30_000);
  expect(recordOf(workspace)).toContain('Prometheus is down, INC-4711');
  expect(workspace.gonogo(['verify', runFolder(workspace)])).toMatchObject({ code: 0 });
  await expectNothingLeft(scene);
}, 600_000);

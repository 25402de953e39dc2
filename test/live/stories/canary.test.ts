import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf, runFolder } from '../../support/story.ts';
import { readyReplicas } from '../support/tracks.ts';
import { walksToEnd } from './support/endings.ts';
import { eventsOf } from './support/events.ts';
import { photograph } from './support/pictures.ts';
import { expectNothingLeft, setTheScene } from './support/scene.ts';
import { runsIn, shortSoaks, startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

test('canary.md takes a healthy version from 10 % to all of the traffic, and nobody overrides anything', async () => {
  const scene = await setTheScene(world.cluster, { soaks: 'by-inputs' });
  const { workspace } = scene;
  const terminal = runsIn(world, scene, 'canary.md', 'v2.3.0', shortSoaks);
  const atEnd = (): void => photograph(terminal, 'canary-finish');
  expect(await walksToEnd(terminal, 'Succeeded', { atEnd })).toBe(0);
  expect(await readyReplicas(world.cluster, 'stable')).toBe(10);
  expect(await readyReplicas(world.cluster, 'canary')).toBe(0);

  for (const type of ['override.given', 'gate.overridden', 'gate.by-eye', 'baseline.accepted', 'step.skipped'] as const)
    expect(eventsOf(workspace, type), type).toEqual([]);
  expect(eventsOf(workspace, 'criterion.breached')).toEqual([]);
  // No request ever failed, so there is no series that says so: that is not a lack of data.
  expect(await world.prometheus.query('count_over_time(http_requests_total{code=~"5.."}[1h])')).toEqual([]);
  const judged = eventsOf(workspace, 'gate.verdict').filter(({ data }) => data.verdict === 'PASS');
  expect(
    judged.flatMap(({ data }) => data.checks).filter(({ title }) => /error rate/i.test(title)).length,
  ).toBeGreaterThanOrEqual(5);

  const record = recordOf(workspace);
  expect(record.split('\n')[0]).toMatch(/succeeded/i);
  expect(record).toMatch(/\| p95 of the service \| [\d.]+ ms \(was [\d.]+ ms, [^|]*within limit\) \|/);
  expect(workspace.gonogo(['verify', runFolder(workspace)])).toMatchObject({ code: 0 });
  await expectNothingLeft(scene);
}, 2_400_000);

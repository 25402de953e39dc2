import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf, runFolder } from '../../support/story.ts';
import { readyReplicas } from '../support/tracks.ts';
import { waitFor } from '../support/wait.ts';
import { walksToEnd } from './support/endings.ts';
import { eventsOf } from './support/events.ts';
import { photographSizes } from './support/pictures.ts';
import { expectNothingLeft, givesLockFree, setTheScene } from './support/scene.ts';
import { walksUntil } from './support/walk.ts';
import { breaks, runsIn, shortSoaks, startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const halfAndHalf = (): Promise<unknown> =>
  waitFor(
    'half of the pods in each track',
    async () =>
      (await readyReplicas(world.cluster, 'canary')) === 5 && (await readyReplicas(world.cluster, 'stable')) === 5,
    { seconds: 600, everyMs: 500 },
  );

test('an error spike at 50 % of the traffic is FAIL, and two keys lead back', async () => {
  const scene = await setTheScene(world.cluster, { soaks: 'by-inputs' });
  const { workspace } = scene;
  const terminal = runsIn(world, scene, 'canary.md', 'v2.3.0', shortSoaks);
  let spikeAt = Number.NaN;
  const spike = halfAndHalf().then(async () => {
    await breaks(world, 'v2.3.0', { errors: 0.03 });
    spikeAt = Date.now();
  });
  await walksUntil(terminal, /Enter does nothing here: a check failed/, { limit: 180_000 });
  await spike;
  const failedAt = Date.now();
  console.log(`error spike: FAIL on screen ${((failedAt - spikeAt) / 1000).toFixed(0)} s after it began`);
  await photographSizes(terminal, 'canary-spike', [
    [100, 30],
    [80, 24],
  ]);
  expect(terminal.lines()[2]).toMatch(/^ FAIL +error rate is [\d.]+ %, limit [\d.]+ %/i);
  await terminal.presses('Enter');
  await terminal.rests();
  expect(eventsOf(workspace, 'rollback.started')).toEqual([]);

  await terminal.presses('R');
  await terminal.sees('Roll back?');
  await terminal.presses('y');
  await terminal.until(() => eventsOf(workspace, 'rollback.started').length === 1, 'began the rollback');
  await terminal.seesNot('Roll back?', 30_000);
  expect(await walksToEnd(terminal, 'Rolled back')).toBe(5);
  expect(await readyReplicas(world.cluster, 'stable')).toBe(10);
  expect(await readyReplicas(world.cluster, 'canary')).toBe(0);

  const failed = eventsOf(workspace, 'gate.verdict').find(({ data }) => data.verdict === 'FAIL');
  const [check] = failed?.data.checks.filter(({ verdict }) => verdict === 'FAIL') ?? [];
  const record = recordOf(workspace);
  const [row] = record.split('\n').filter((line) => /error.rate/i.test(line) && line.includes('**FAIL**'));
  expect(row).toContain(check?.value);
  expect(row).toContain(check?.limit);
  expect(record).toContain(new Date(failed?.at ?? 0).toISOString().slice(11, 19));
  expect(workspace.gonogo(['verify', runFolder(workspace)])).toMatchObject({ code: 0 });
  givesLockFree(scene);
  await expectNothingLeft(scene);
}, 900_000);

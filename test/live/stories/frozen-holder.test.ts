import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { confirms, journalOf } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { waitFor } from '../support/wait.ts';
import { leavesRun, walksToEnd } from './support/endings.ts';
import { photograph } from './support/pictures.ts';
import { opensScaling, replicasOf, writeScaling } from './support/scaling.ts';
import { deployService, expectNothingLeft, setTheScene } from './support/scene.ts';
import { confirmsChange, walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
});
afterAll(() => cluster?.stop());

/** How long the holder stands still. */
const frozenMs = 5 * 60_000;

test('a holder that stood still for five minutes was taken over, and changes nothing any more', async () => {
  const one = await setTheScene(cluster);
  const two = await setTheScene(cluster);
  writeScaling(one, 'scale.md', [5, 4]);
  writeScaling(two, 'scale.md', [3]);
  const first = opensScaling(one, 'scale.md');
  await walksUntil(first, /Enter asks before it runs: kubectl scale.*=4/);
  process.kill(first.pid, 'SIGSTOP');
  const frozenAt = performance.now();

  const second = opensScaling(two, 'scale.md');
  await walksUntil(second, /has the deploy lock/);
  await second.presses('Enter');
  await second.sees('Enter asks before it runs', 30_000);
  for (;;) {
    await confirms(second);
    await second.sees(/UNLOCKED\?|Take it over\?/, 30_000);
    if (/Take it over\?/.test(second.text())) break;
    expect(performance.now() - frozenAt).toBeLessThan(200_000);
    await second.presses('Esc');
    await pause(5_000);
  }
  const staleAfter = (performance.now() - frozenAt) / 1000;
  console.log(`stale lock: offered for taking over ${staleAfter.toFixed(0)} s after its holder stopped`);
  expect(staleAfter).toBeGreaterThan(90);
  expect(second.text()).toMatch(/STALE/);
  await second.rests();
  photograph(second, 'frozen-1-stale');
  await second.presses('3');
  await second.sees(/Type the holder +root/);
  photograph(second, 'frozen-2-typed');
  await second.types('root');
  await second.presses('Enter');
  await second.rests();
  photograph(second, 'frozen-3-taken');
  // The confirmed change goes on by itself: until then the line about Enter is of the moment before.
  await waitFor('the change of the second', async () => (await replicasOf(cluster)) === 3);
  await walksUntil(second, /Enter ends the run/);
  expect(journalOf(two.workspace)).toContain('"lock.taken-over"');

  await pause(Math.max(0, frozenMs - (performance.now() - frozenAt)));
  process.kill(first.pid, 'SIGCONT');
  await first.sees(/taken over|lock.*lost|lost.*lock/i, 60_000);
  photograph(first, 'frozen-4-back');
  // Whatever it is asked for, it does not change anything.
  if (/While you were away/.test(first.text())) await first.presses('Enter');
  await first.sees('Enter asks before it runs', 30_000);
  await confirmsChange(first);
  await first.rests();
  photograph(first, 'frozen-5-refused');
  expect(first.text()).toMatch(/lock/);
  expect(await replicasOf(cluster)).toBe(3);
  expect(journalOf(one.workspace).match(/"command.started"/g)).toHaveLength(1);

  expect(await walksToEnd(second)).toBe(0);
  await first.presses('Esc');
  await leavesRun(first);
  await expectNothingLeft(one);
  await expectNothingLeft(two);
}, 600_000);

import { afterAll, beforeAll, expect, test } from 'vitest';
import { confirms } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
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

test('the second on a workload is told who deploys, why and since when, and can observe', async () => {
  const scene = await setTheScene(cluster);
  const { workspace } = scene;
  writeScaling(scene, 'scale.md', [5, 4]);
  const first = opensScaling(scene, 'scale.md');
  await walksUntil(first, /Enter asks before it runs: kubectl scale.*=4/);
  const run = workspace.runs()[0] as string;

  const second = opensScaling(scene, 'scale.md');
  await second.sees(/Deploy lock\s+\S+ \(\S+\/\S+\)\s+has the deploy lock "deployment-checkout"/, 60_000);
  photograph(second, 'two-1-preflight');
  expect(second.text().replace(/\s+/g, ' ')).toMatch(/since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: Scale/);
  await second.presses('Enter');
  await second.sees('Enter asks before it runs', 30_000);
  await confirms(second);
  await second.sees('UNLOCKED?', 30_000);
  await second.rests();
  photograph(second, 'two-2-told');
  const told = second.text().replace(/\s+/g, ' ');
  expect(told).toContain(run);
  expect(told).toContain('CHG-4711');
  expect(await replicasOf(cluster)).toBe(5);
  await second.presses('Esc');

  const third = workspace.terminal(['resume', run], { columns: 120, rows: 40 });
  await third.sees('This run is open elsewhere', 30_000);
  await third.presses('o');
  await third.sees(/^ VIEW /m, 30_000);
  photograph(third, 'two-3-observed');
  await walksUntil(first, /Enter ends the run/);
  await third.sees(/Scale to 4[\s\S]*step 2 of 2|Enter ends|2\/2/, 30_000);
  await third.presses('q');
  expect(await third.exits()).toBe(0);
  expect(await replicasOf(cluster)).toBe(4);
  expect(await walksToEnd(first)).toBe(0);

  // It is free now: the second may change what it is for.
  await second.sees('Enter asks before it runs');
  await confirmsChange(second);
  await second.sees(/=4[\s\S]*Enter asks/, 30_000);
  expect(await replicasOf(cluster)).toBe(5);
  await leavesRun(second);
  await expectNothingLeft(scene);
}, 240_000);

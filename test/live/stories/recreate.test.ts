import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf, runFolder } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { rollsBack, walksToEnd } from './support/endings.ts';
import { photograph } from './support/pictures.ts';
import { runs } from './support/runs.ts';
import { deployService, expectNothingLeft, givesLockFree, isAvailable, setTheScene } from './support/scene.ts';
import { walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster, { replicas: 3 });
});
afterAll(() => cluster?.stop());

const image = (version: string): string => `registry.example.com/checkout:${version}`;

test('recreate.md stops the old version, starts the new one, and ends healthy', async () => {
  const scene = await setTheScene(cluster);
  const terminal = runs(scene, 'recreate.md', 'v2.3.0');
  await walksUntil(terminal, /No pod is left[\s\S]*Enter runs:/);
  photograph(terminal, 'recreate-1-stopped');
  expect(await walksToEnd(terminal)).toBe(0);
  await isAvailable(cluster, 'checkout', image('v2.3.0'), 3);
  expect(scene.workspace.gonogo(['verify', runFolder(scene.workspace)])).toMatchObject({ code: 0 });
  await expectNothingLeft(scene);
}, 400_000);

test('recreate.md with a version that crashes is taken back by its own rollback', async () => {
  const scene = await setTheScene(cluster);
  const terminal = runs(scene, 'recreate.md', 'v2.4.0-crash');
  await walksUntil(terminal, /a check failed/);
  photograph(terminal, 'recreate-2-failed');
  expect(await rollsBack(terminal, { asked: () => photograph(terminal, 'recreate-3-rollback') })).toBe(5);
  await isAvailable(cluster, 'checkout', image('v2.3.0'), 3);
  expect(recordOf(scene.workspace)).toMatch(/rolled back/i);
  givesLockFree(scene);
  await expectNothingLeft(scene);
}, 400_000);

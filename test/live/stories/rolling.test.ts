import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf, runFolder } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { walksToEnd } from './support/endings.ts';
import { photograph, photographSizes } from './support/pictures.ts';
import { runs } from './support/runs.ts';
import { deployService, expectNothingLeft, isAvailable, setTheScene } from './support/scene.ts';
import { walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
});
afterAll(() => cluster?.stop());

test('rolling.md rolls a Deployment of 6 pods to its end; the record of it holds', async () => {
  const scene = await setTheScene(cluster, { waitsBefore: true });
  const { workspace } = scene;
  const version = 'v2.3.0-slow-4s';
  const terminal = runs(scene, 'rolling.md', version);
  await terminal.sees('Enter runs:', 60_000);
  expect(terminal.lines()[0]).toMatch(/^ PROD +prod-eu \/ production as admin +checkout/);
  await terminal.sees(/6 of 6 ready/);
  photograph(terminal, 'rolling-1-begin');
  await walksUntil(terminal, /Enter asks before it runs: kubectl set image/);
  photograph(terminal, 'rolling-2-before-change');
  await walksUntil(terminal, /UPDATING \d\/6|WAITING \d\/6/);
  await photographSizes(terminal, 'rolling-3-rollout', [
    [100, 30],
    [80, 24],
  ]);
  await walksUntil(terminal, /it is your decision/);
  photograph(terminal, 'rolling-4-decide');
  await walksUntil(terminal, /soak/);
  photograph(terminal, 'rolling-5-soak');
  expect(await walksToEnd(terminal, 'Succeeded', { atEnd: () => photograph(terminal, 'rolling-6-finish') })).toBe(0);
  await isAvailable(cluster, 'checkout', `registry.example.com/checkout:${version}`, 6);
  expect(recordOf(workspace)).toMatch(/succeeded/i);
  expect(workspace.gonogo(['verify', runFolder(workspace)])).toMatchObject({ code: 0 });
  await expectNothingLeft(scene);
}, 400_000);

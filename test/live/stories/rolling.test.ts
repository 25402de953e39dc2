import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf, runFolder } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { photograph, photographSizes } from './support/pictures.ts';
import { deployService, expectNothingLeft, isAvailable, leaves, setTheScene } from './support/scene.ts';
import { walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
});
afterAll(() => cluster?.stop());

test('rolling.md rolls a Deployment of 6 pods to its end; the record of it holds', async () => {
  const scene = await setTheScene(cluster);
  const { workspace, inputs } = scene;
  const version = 'v2.3.0-slow-4s';
  const terminal = workspace.terminal(['run', 'rolling.md', '--context', 'prod-eu', ...inputs(version)], {
    columns: 160,
    rows: 48,
  });
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
  await walksUntil(terminal, /Enter ends the run/);
  await terminal.presses('Enter');
  await terminal.sees('Succeeded');
  photograph(terminal, 'rolling-6-finish');
  expect(await leaves(terminal)).toBe(0);
  await isAvailable(cluster, 'checkout', `registry.example.com/checkout:${version}`, 6);
  expect(recordOf(workspace)).toMatch(/succeeded/i);
  expect(workspace.gonogo(['verify', runFolder(workspace)])).toMatchObject({ code: 0 });
  await expectNothingLeft(scene);
}, 400_000);

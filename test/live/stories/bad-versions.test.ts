import { afterAll, beforeAll, expect, test } from 'vitest';
import { confirms, journalOf, recordOf, runFolder } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { rollsBack } from './support/endings.ts';
import { photographSizes } from './support/pictures.ts';
import { firstPodThat, isInState } from './support/pod-status.ts';
import { runs } from './support/runs.ts';
import { deployService, expectNothingLeft, givesLockFree, isAvailable, setTheScene } from './support/scene.ts';
import { enterLine, walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
});
afterAll(() => cluster?.stop());

const bad = [
  {
    what: 'an image that is not there',
    version: 'v2.3.0-missing',
    states: ['ErrImagePull'],
    says: /FAIL.*(ErrImagePull|ImagePullBackOff)/,
  },
  { what: 'a crash loop', version: 'v2.3.0-crash', states: ['CrashLoopBackOff'], says: /FAIL.*CrashLoopBackOff/ },
  { what: 'pods killed for their memory', version: 'v2.3.0-oom', states: ['OOMKilled'], says: /FAIL.*OOMKilled/ },
] as const;

const failsAndGoesBack = async ({ version, states, says }: (typeof bad)[number]): Promise<void> => {
  const scene = await setTheScene(cluster);
  const { workspace } = scene;
  const terminal = runs(scene, 'rolling.md', version);
  await walksUntil(terminal, /Enter asks before it runs: kubectl set image/);
  const seen = firstPodThat(cluster, isInState(...states));
  await confirms(terminal);
  await terminal.sees('Enter does nothing here: a check failed', 60_000);
  const after = (performance.now() - (seen.at() ?? Number.NaN)) / 1000;
  seen.stop();
  console.log(`${version}: the gate is FAIL on screen ${after.toFixed(2)} s after the pod's status`);
  expect.soft(after).toBeLessThan(5);
  await photographSizes(terminal, `bad-${version}`, [
    [100, 30],
    [80, 24],
  ]);
  expect.soft(terminal.lines()[2]).toMatch(says);

  const attempts = () => journalOf(workspace).match(/"command.confirmed"/g)?.length;
  const before = attempts();
  await terminal.presses('Enter');
  await terminal.rests();
  expect(enterLine(terminal)).toMatch(/a check failed/);
  expect(attempts()).toBe(before);

  const asked = async (): Promise<void> => {
    expect(terminal.text()).toMatch(/kubectl rollout undo/);
    await photographSizes(terminal, `bad-${version}-rollback`, []);
  };
  expect(await rollsBack(terminal, { asked })).toBe(5);
  await isAvailable(cluster, 'checkout', 'registry.example.com/checkout:v2.2.5', 6);
  expect(recordOf(workspace)).toMatch(/rolled back/i);
  expect(workspace.gonogo(['verify', runFolder(workspace)])).toMatchObject({ code: 0 });
  givesLockFree(scene);
  await expectNothingLeft(scene);
};

for (const one of bad)
  test(
    `rolling.md with ${one.what} fails within 5 s of the pod, and is rolled back`,
    () => failsAndGoesBack(one),
    400_000,
  );

import { afterAll, beforeAll, expect, test } from 'vitest';
import { confirms, journalOf, recordOf, runFolder } from '../../../support/story.ts';
import { type LiveCluster, startCluster } from '../../support/cluster.ts';
import { rollsBack } from './endings.ts';
import { photographSizes } from './pictures.ts';
import { firstPodThat, isInState } from './pod-status.ts';
import { runs } from './runs.ts';
import { deployService, expectNothingLeft, givesLockFree, isAvailable, setTheScene } from './scene.ts';
import { enterLine, walksUntil } from './walk.ts';

interface BadVersion {
  readonly what: string;
  readonly version: string;
  /** Reasons of a pod's status by which it is known. */
  readonly states: readonly string[];
  /** On line 3. */
  readonly says: RegExp;
}

const failsAndGoesBack = async (cluster: LiveCluster, { version, states, says }: BadVersion): Promise<void> => {
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

/** A story of its own cluster: three of them take minutes, side by side. */
export const tellsOf = (bad: BadVersion): void => {
  let cluster: LiveCluster;
  beforeAll(async () => {
    cluster = await startCluster();
    await deployService(cluster);
  });
  afterAll(() => cluster?.stop());
  test(
    `rolling.md with ${bad.what} fails within 5 s of the pod, and is rolled back`,
    () => failsAndGoesBack(cluster, bad),
    400_000,
  );
};

import { afterAll, beforeAll, expect, test } from 'vitest';
import { journalOf, recordOf } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { aborts } from './support/endings.ts';
import { photograph } from './support/pictures.ts';
import { runs } from './support/runs.ts';
import { deployService, expectNothingLeft, setTheScene } from './support/scene.ts';
import { walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
});
afterAll(() => cluster?.stop());

test("somebody else's kubectl set image is on screen within 2 s, begins the gate anew, and is in the record", async () => {
  const scene = await setTheScene(cluster);
  const { workspace } = scene;
  const terminal = runs(scene, 'rolling.md', 'v2.3.0');
  await walksUntil(terminal, /Enter asks before it runs: kubectl set image/);
  // What is seen in the 2 s after a command of our own counts as its doing.
  await walksUntil(terminal, /stable since[\s\S]*waits 0:(0[5-9]|[1-5]\d)/);
  expect(terminal.text()).toContain('changed by others since start: no');

  const image = 'app=registry.example.com/checkout:v2.2.9';
  const begunAt = performance.now();
  const shown = terminal.sees(/changed\s+outside\s+this\s+run/).then(() => performance.now());
  const { exit } = await cluster.kubectl(['set', 'image', 'deployment/checkout', image, '-n', 'production']);
  expect(exit).toBe(0);
  const after = ((await shown) - begunAt) / 1000;
  console.log(`foreign change: on screen ${after.toFixed(2)} s after kubectl set image was started`);
  expect(after).toBeLessThan(2);
  await terminal.sees('it began anew');
  photograph(terminal, 'foreign-change');
  await terminal.sees(/BLIND[\s\S]*not by this run/);

  await terminal.presses('A');
  await terminal.sees('Go on with what somebody else changed?');
  await terminal.types('the hotfix of the other team');
  await terminal.presses('Enter');
  await terminal.seesNot('Go on with what somebody else changed?');
  await walksUntil(terminal, /it is your decision/);
  expect(journalOf(workspace)).toMatch(/"type":"change.foreign".*kubectl-set/);
  expect(journalOf(workspace)).toMatch(/"type":"source.acknowledged".*foreign:deployment\/checkout/);
  await aborts(terminal);
  expect(recordOf(workspace)).toMatch(/changed outside|kubectl-set/);
  await expectNothingLeft(scene);
}, 300_000);

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { journalOf } from '../../support/story.ts';
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

const awayMs = 90_000;

test('an API server that is away for 90 s: STALE with its age after 45 s, no gate passes, all goes on by itself', async () => {
  const scene = await setTheScene(cluster);
  const terminal = runs(scene, 'rolling.md', 'v2.3.0-slow-4s');
  await walksUntil(terminal, /Enter asks before it runs: kubectl set image/);
  await walksUntil(terminal, /stable since/);
  await cluster.stopApiServer();
  const stoppedAt = performance.now();
  const seconds = (): number => (performance.now() - stoppedAt) / 1000;
  const passed = (): boolean =>
    /"gate.verdict".*"verdict":"PASS"/.test(journalOf(scene.workspace).split('set-image')[1] ?? '');
  await terminal.sees(/reconnecting/, 60_000);
  console.log(`outage: reconnecting on screen after ${seconds().toFixed(1)} s`);
  await terminal.sees(/STALE \d/, 80_000);
  const staleAfter = seconds();
  console.log(`outage: STALE on screen ${staleAfter.toFixed(1)} s after the API server stopped`);
  photograph(terminal, 'outage-1-stale');
  // The last sign of life is up to 20 s older than the stop.
  expect(staleAfter).toBeGreaterThan(20);
  expect(staleAfter).toBeLessThan(50);
  await pause(awayMs - seconds() * 1000);
  expect(terminal.text()).toMatch(/STALE/);
  expect(terminal.lines()[2]).toMatch(/^ BLIND/);
  photograph(terminal, 'outage-2-90s');
  expect(passed()).toBe(false);

  const startedAt = performance.now();
  await cluster.startApiServer();
  const readyAt = performance.now();
  await terminal.sees(/Pods · live/, 60_000);
  console.log(
    `outage: live ${((performance.now() - readyAt) / 1000).toFixed(1)} s after the API server was ready (${((readyAt - startedAt) / 1000).toFixed(1)} s to start)`,
  );
  photograph(terminal, 'outage-3-live');
  await walksUntil(terminal, /it is your decision/);
  expect(terminal.text()).toMatch(/6 of 6 ready/);
  await aborts(terminal);
  await expectNothingLeft(scene);
}, 400_000);

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { confirms } from '../../support/story.ts';
import type { Terminal } from '../../support/terminal.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { waitFor } from '../support/wait.ts';
import { leavesRun, walksToEnd } from './support/endings.ts';
import { photograph } from './support/pictures.ts';
import { opensScaling, replicasOf, writeScaling } from './support/scaling.ts';
import { deployService, expectNothingLeft, type Scene, setTheScene } from './support/scene.ts';
import { enterLine, walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
});
afterAll(() => cluster?.stop());

const writesIntoKubeconfig = `- [ ] Write into the kubeconfig, as a login helper would

  \`\`\`sh {risk=change}
  sed 's#https://127.0.0.1:[0-9]*#https://127.0.0.1:9#' "$KUBECONFIG" > config.new && cp config.new "$KUBECONFIG"
  \`\`\`
`;

const opens = async (kubeconfig?: string): Promise<{ scene: Scene; terminal: Terminal }> => {
  const scene = await setTheScene(cluster, kubeconfig === undefined ? {} : { kubeconfig });
  writeScaling(scene, 'scale.md', [5, writesIntoKubeconfig, 6]);
  return { scene, terminal: opensScaling(scene, 'scale.md') };
};

/** A second context in the kubeconfig, which leads nowhere. */
const addStaging = ({ workspace }: Scene): string => {
  const path = join(workspace.home, '.kube', 'config');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  config.clusters.push({ name: 'staging', cluster: { server: 'https://127.0.0.1:9' } });
  config.contexts.push({ name: 'staging', context: { cluster: 'staging', user: 'prod-eu' } });
  writeFileSync(path, JSON.stringify(config));
  return path;
};

test('use-context in another terminal, and a command that writes into its kubeconfig, change nothing', async () => {
  const { scene, terminal } = await opens();
  await terminal.sees('Enter asks before it runs', 60_000);
  const path = addStaging(scene);
  const { exit } = await cluster.kubectl(['config', 'use-context', 'staging'], { kubeconfig: path });
  expect(exit).toBe(0);
  await walksUntil(terminal, /Enter asks before it runs: sed/);
  expect(await replicasOf(cluster)).toBe(5);
  expect(terminal.lines()[0]).toContain('prod-eu / production');

  await walksUntil(terminal, /W420/);
  photograph(terminal, 'target-w420');
  await walksUntil(terminal, /Enter asks before it runs: kubectl scale/);
  await walksUntil(terminal, /Enter ends the run/);
  expect(await replicasOf(cluster)).toBe(6);
  expect(readFileSync(path, 'utf8')).toContain('current-context: staging');
  expect(await walksToEnd(terminal)).toBe(0);
  await expectNothingLeft(scene);
}, 200_000);

test('another user without rights sees which permission is missing', async () => {
  const viewer = await cluster.kubeconfigFor('viewer');
  const { scene, terminal } = await opens(viewer);
  await terminal.sees(
    /E606 missing permission: patch deployments\.apps\/scale in production, list pods in production/,
    60_000,
  );
  photograph(terminal, 'target-e606');
  expect(terminal.text()).toContain('viewer');
  await terminal.presses('Esc');
  await terminal.exits();
  await expectNothingLeft(scene);
}, 120_000);

test('another API server behind the same address stops the next change, and nothing overrides it', async () => {
  const { scene, terminal } = await opens();
  await terminal.sees('Enter asks before it runs', 60_000);
  await cluster.stopApiServer();
  const other = await startCluster({ port: cluster.port, authority: cluster.authority });
  try {
    await deployService(other, { replicas: 2 });
    // Either it was seen already, or the confirmed change finds it out.
    if (/Enter asks/.test(enterLine(terminal))) await confirms(terminal);
    await terminal.sees('E602', 60_000);
    await terminal.rests();
    photograph(terminal, 'target-e602');
    expect(terminal.lines()[2]).toMatch(/^ FAIL +E602/);
    await terminal.presses('Enter');
    await terminal.rests();
    expect(terminal.text()).not.toContain('Run this?');
    expect(await replicasOf(other)).toBe(2);
  } finally {
    await other.stop();
  }
  await cluster.startApiServer();
  await leavesRun(terminal);
  await waitFor('the first cluster again', async () => (await replicasOf(cluster)) === 6);
  await expectNothingLeft(scene);
}, 200_000);

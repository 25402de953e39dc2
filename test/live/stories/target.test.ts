import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Terminal } from '../../support/terminal.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { waitFor } from '../support/wait.ts';
import { photograph } from './support/pictures.ts';
import { deployService, expectNothingLeft, type Scene, setTheScene } from './support/scene.ts';
import { enterLine, walksUntil } from './support/walk.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
});
afterAll(() => cluster?.stop());

const scaling = `---
gonogo: 1
title: Scale
kind: deploy
target:
  namespace: production
  workloads: [deployment/checkout]
  permissions: [patch deployments/scale, list pods]
---
# Scale

## Scale

- [ ] Scale to 5

  \`\`\`sh {risk=change expect="scaled"}
  kubectl scale deployment/checkout -n "$NAMESPACE" --replicas=5
  \`\`\`

- [ ] Write into the kubeconfig, as a login helper would

  \`\`\`sh {risk=change}
  sed 's#https://127.0.0.1:[0-9]*#https://127.0.0.1:9#' "$KUBECONFIG" > config.new && cp config.new "$KUBECONFIG"
  \`\`\`

- [ ] Scale to 6

  \`\`\`sh {risk=change expect="scaled"}
  kubectl scale deployment/checkout -n "$NAMESPACE" --replicas=6
  \`\`\`
`;

const opens = async (kubeconfig?: string): Promise<{ scene: Scene; terminal: Terminal }> => {
  const scene = await setTheScene(cluster, kubeconfig === undefined ? {} : { kubeconfig });
  const { workspace } = scene;
  workspace.write('scale.md', scaling);
  expect(workspace.gonogo(['trust', 'scale.md', '--yes'])).toMatchObject({ code: 0 });
  const terminal = workspace.terminal(['run', 'scale.md', '--context', 'prod-eu'], { columns: 120, rows: 40 });
  return { scene, terminal };
};

const replicas = async (): Promise<number> => {
  const found = await cluster.json<{ spec: { replicas: number } }>([
    'get',
    'deployment',
    'checkout',
    '-n',
    'production',
  ]);
  return found.spec.replicas;
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
  expect(await replicas()).toBe(5);
  expect(terminal.lines()[0]).toContain('prod-eu / production');

  await walksUntil(terminal, /W420/);
  photograph(terminal, 'target-w420');
  await walksUntil(terminal, /Enter asks before it runs: kubectl scale/);
  await walksUntil(terminal, /Enter ends the run/);
  expect(await replicas()).toBe(6);
  expect(readFileSync(path, 'utf8')).toContain('current-context: staging');
  await terminal.presses('Enter');
  await terminal.sees('Succeeded');
  await terminal.presses('q');
  expect(await terminal.exits()).toBe(0);
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
    if (/Enter asks/.test(enterLine(terminal))) {
      await terminal.presses('Enter');
      await terminal.sees('Run this?');
      await terminal.presses('y');
    }
    await terminal.sees('E602', 60_000);
    await terminal.rests();
    photograph(terminal, 'target-e602');
    expect(terminal.lines()[2]).toMatch(/^ FAIL +E602/);
    await terminal.presses('Enter');
    await terminal.rests();
    expect(terminal.text()).not.toContain('Run this?');
    const found = await other.json<{ spec: { replicas: number } }>([
      'get',
      'deployment',
      'checkout',
      '-n',
      'production',
    ]);
    expect(found.spec.replicas).toBe(2);
  } finally {
    await other.stop();
  }
  await cluster.startApiServer();
  await terminal.presses('q');
  await terminal.sees('Leave this run?');
  await terminal.presses('y');
  await terminal.exits();
  await waitFor('the first cluster again', async () => (await replicas()) === 6);
  await expectNothingLeft(scene);
}, 200_000);

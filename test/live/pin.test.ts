import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTarget } from '../../src/cluster/pin/find-target.ts';
import { readKubeconfig } from '../../src/cluster/pin/kubeconfig.ts';
import { openCluster } from '../../src/cluster/pin/open-cluster.ts';
import { askPermission, lookAtNamespace } from '../../src/cluster/pin/permissions.ts';
import { pinnedContext } from '../../src/cluster/pin/pinned-context.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { Workspace } from '../support/workspace.ts';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { waitFor } from './support/wait.ts';

let cluster: LiveCluster;
const workspace = new Workspace();
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  cluster = await startCluster({ context: 'prod-eu' });
  await cluster.kubectl(['create', 'namespace', 'shop']);
});
afterAll(async () => {
  workspace.close();
  for (const close of closing) await close();
  await cluster.stop();
});

/** The cluster as this kubeconfig sees it. */
const opened = (path: string) => {
  const kubeconfig = readKubeconfig([path]);
  const context = pinnedContext(kubeconfig, kubeconfig.current ?? '');
  const run = openCluster(context, { environment: process.env, clock: systemClock, onSecret: () => undefined });
  closing.push(() => run.connection.close());
  return run;
};
const nobody = async () => ({ exit: 1, output: '', timedOut: false });
const identityOf = async (path: string) => (await findTarget(opened(path), 'shop', [], nobody)).identity;

const uidOf = async ({ kubectl }: LiveCluster): Promise<string> =>
  (await kubectl(['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}'])).stdout;

describe('who a real API server is', () => {
  test('is the UID of kube-system, and as whom it knows us', async () => {
    expect(await identityOf(cluster.kubeconfig)).toMatchObject({
      context: 'prod-eu',
      server: cluster.server,
      caSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      clusterUid: await uidOf(cluster),
      user: 'admin',
    });
  });

  test('is weak for a user without rights, who sees which permissions are missing', async () => {
    const path = await cluster.kubeconfigFor('bob');
    expect(await identityOf(path)).toMatchObject({ clusterUid: null, user: 'bob' });
    const { connection } = opened(path);
    expect(await askPermission(connection, 'patch deployments', 'shop')).toMatchObject({
      permission: 'patch deployments.apps in shop',
      allowed: false,
    });
    const admin = opened(cluster.kubeconfig).connection;
    expect(await askPermission(admin, 'patch deployments/scale', 'shop')).toMatchObject({ allowed: true });
    expect(await lookAtNamespace(admin, 'shop')).toEqual({ kind: 'active' });
    expect(await lookAtNamespace(admin, 'nowhere')).toEqual({ kind: 'not-found' });
  });

  test('is asked with the token of a login helper', async () => {
    const helper = join(workspace.folder, 'helper');
    writeFileSync(
      helper,
      `#!/bin/sh\necho '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"token-admin"}}'\n`,
    );
    chmodSync(helper, 0o755);
    const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as { users: { user: object }[] };
    for (const entry of config.users)
      entry.user = {
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: helper, interactiveMode: 'IfAvailable' },
      };
    const path = join(workspace.folder, 'exec-kubeconfig');
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    expect(await identityOf(path)).toMatchObject({ clusterUid: await uidOf(cluster) });
  });
});

const runbook = (steps: string): string => `---
gonogo: 1
title: Deploy
target: { context: prod-eu, namespace: shop, permissions: [patch deployments] }
---

## Deploy
${steps}`;

const step = (title: string, script: string, attributes = ''): string =>
  `\n- [ ] ${title}\n\n  \`\`\`sh ${attributes}\n  ${script}\n  \`\`\`\n`;

/** The operator's own kubeconfig, with a second context that leads to the same server under another name. */
const operatorConfig = (): string => {
  const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as {
    contexts: { name: string; context: object }[];
  };
  const [first] = config.contexts;
  if (first !== undefined) config.contexts.push({ name: 'dev', context: first.context });
  const path = join(workspace.folder, 'operator-kubeconfig');
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
};

const environment = (kubeconfig: string) => ({
  PATH: `${join(workspace.folder, 'bin')}:${cluster.env.PATH}`,
  KUBECONFIG: kubeconfig,
  OPERATOR_CONFIG: kubeconfig,
});

const trusted = (name: string, text: string): string => {
  const path = workspace.write(name, text);
  expect(workspace.gonogo(['trust', name, '--yes'])).toMatchObject({ code: 0 });
  return path;
};

describe('a run on a real API server', () => {
  test('is moved neither by use-context elsewhere nor by a command that rewrites its kubeconfig', () => {
    const config = operatorConfig();
    workspace.tool('elsewhere', '#!/bin/sh\nKUBECONFIG=$OPERATOR_CONFIG kubectl config use-context dev\n');
    workspace.tool('rewrite', '#!/bin/sh\nkubectl config set-context prod-eu --namespace=other\n');
    const show = `kubectl config view --minify -o jsonpath='{.contexts[0].name}/{.contexts[0].context.namespace}'`;
    trusted(
      'pinned.md',
      runbook(
        step('Another terminal', 'elsewhere', '{risk=change exit=0}') +
          step('A command that writes', 'rewrite', '{risk=change exit=0}') +
          step('Where are we', show, '{expect="prod-eu/shop"}'),
      ),
    );
    const { code, out } = workspace.gonogo(['run', 'pinned.md', '--plain'], 'y\ny\n\n', environment(config));
    expect(out).toContain('Switched to context "dev"');
    expect(out).toContain('W420 the command changed its kubeconfig; dropped');
    expect(code, out).toBe(0);
  });

  test('tells a user without rights what is missing', async () => {
    const path = await cluster.kubeconfigFor('carol');
    trusted('rights.md', runbook(step('Look', 'kubectl get pods')));
    const { out } = workspace.gonogo(['run', 'rights.md', '--plain'], '\n', environment(path));
    expect(out).toContain('E606 missing permission: patch deployments.apps in shop');
    expect(out).toContain('weak');
  });

  test('stops for good before the next change when another cluster answers at its address', async () => {
    trusted('swap.md', runbook(step('Change', 'kubectl create configmap two', '{exit=0}')));
    const run = workspace.spawn(['run', 'swap.md', '--plain'], environment(cluster.kubeconfig));
    let said = '';
    run.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const sees = (text: string): Promise<unknown> => waitFor(`"${text}" to be said`, async () => said.includes(text));
    const types = (line: string): void => void run.stdin?.write(`${line}\n`);
    await sees('kubectl create configmap two');
    const before = await uidOf(cluster);
    await cluster.stopApiServer();
    const other = await startCluster({ context: 'prod-eu', port: cluster.port, authority: cluster.authority });
    try {
      await other.kubectl(['create', 'namespace', 'shop']);
      types('y');
      await sees(`E602 STOP: cluster is ${await uidOf(other)}, run started on ${before}`);
      types('R');
      types('y');
      types('Q wrong cluster');
      await new Promise((done) => run.once('exit', done));
      expect((await other.kubectl(['-n', 'shop', 'get', 'configmap', 'two'])).exit).not.toBe(0);
    } finally {
      run.kill('SIGKILL');
      await other.stop();
      await cluster.startApiServer();
    }
  });
});

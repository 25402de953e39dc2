import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { defaultLines, defaultPreviousLines } from './support/kwok-configuration.ts';
import { deployment } from './support/manifests.ts';
import { waitFor } from './support/wait.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster({ context: 'prod-eu' });
});
afterAll(() => cluster?.stop());

const succeeds = async (...args: string[]): Promise<string> => {
  const { exit, stdout, stderr } = await cluster.kubectl(args);
  expect(stderr + stdout, `kubectl ${args.join(' ')}`).toSatisfy(() => exit === 0);
  return stdout;
};

describe('the real servers', () => {
  test('are Kubernetes 1.33, and so is kubectl', async () => {
    const { serverVersion, clientVersion } = await cluster.json<{
      serverVersion: { major: string; minor: string };
      clientVersion: { minor: string };
    }>(['version']);
    expect(serverVersion).toMatchObject({ major: '1', minor: '33' });
    expect(clientVersion.minor).toBe('33');
    expect(await succeeds('config', 'current-context')).toBe('prod-eu\n');
  });

  test('roll a Deployment of 6 out, and back', async () => {
    await cluster.apply(deployment({ name: 'checkout', image: 'registry.example/checkout:1', replicas: 6 }));
    expect(await succeeds('rollout', 'status', 'deployment/checkout', '--timeout=60s')).toContain(
      'successfully rolled out',
    );
    await succeeds('set', 'image', 'deployment/checkout', 'app=registry.example/checkout:2');
    await succeeds('rollout', 'status', 'deployment/checkout', '--timeout=60s');
    expect((await succeeds('rollout', 'history', 'deployment/checkout')).match(/^\d+ /gm)).toEqual(['1 ', '2 ']);
    await succeeds('rollout', 'undo', 'deployment/checkout');
    await succeeds('rollout', 'status', 'deployment/checkout', '--timeout=60s');
    expect(
      await succeeds('get', 'deployment', 'checkout', '-o', 'jsonpath={.spec.template.spec.containers[0].image}'),
    ).toBe('registry.example/checkout:1');
  });

  test('give the logs of the container that runs and of the one before', async () => {
    const pod = (
      await succeeds('get', 'pods', '-l', 'app=checkout', '-o', 'jsonpath={.items[0].metadata.name}')
    ).trim();
    expect((await succeeds('logs', pod)).trim().split('\n')).toEqual(defaultLines);
    expect((await succeeds('logs', pod, '--previous')).trim().split('\n')).toEqual(defaultPreviousLines);
    await cluster.setLogs('default', pod, { current: ['own line'], previous: ['own end'] });
    expect(await succeeds('logs', pod)).toBe('own line\n');
    expect(await succeeds('logs', pod, '-p', '--timestamps')).toMatch(/^\d{4}-\d\d-\d\dT\S+ own end\n$/);
  });

  test('let another user do only what RBAC says', async () => {
    const kubeconfig = await cluster.kubeconfigFor('viewer');
    const asViewer = async (...args: string[]) => (await cluster.kubectl(args, { kubeconfig })).stdout.trim();
    expect(await asViewer('auth', 'can-i', 'list', 'pods')).toBe('no');
    const forbidden = await cluster.kubectl(['get', 'pods'], { kubeconfig });
    expect(forbidden.exit).toBe(1);
    expect(forbidden.stderr).toContain('pods is forbidden: User "viewer" cannot list resource "pods"');
    await succeeds('create', 'role', 'looks', '--verb=get,list,watch', '--resource=pods');
    await succeeds('create', 'rolebinding', 'looks', '--role=looks', '--user=viewer');
    await waitFor('the right to list pods', async () => (await asViewer('auth', 'can-i', 'list', 'pods')) === 'yes');
    expect(await asViewer('auth', 'can-i', 'patch', 'deployments')).toBe('no');
  });

  test('know a user by a bearer token too', async () => {
    const kubeconfig = await cluster.kubeconfigFor('viewer', { token: 'token-viewer' });
    const { stdout } = await cluster.kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'], {
      kubeconfig,
    });
    expect(stdout).toBe('viewer');
  });

  test('keep their data and address when the API server stops and starts again', async () => {
    await cluster.stopApiServer();
    expect((await cluster.kubectl(['get', 'pods'])).stderr).toContain('was refused');
    await cluster.startApiServer();
    expect((await succeeds('get', 'pods', '-l', 'app=checkout', '-o', 'name')).trim().split('\n')).toHaveLength(6);
    await succeeds('set', 'image', 'deployment/checkout', 'app=registry.example/checkout:3');
    await succeeds('rollout', 'status', 'deployment/checkout', '--timeout=60s');
  });

  test('answer 410 to an old version after a compaction', async () => {
    const list = JSON.parse(await succeeds('get', '--raw', '/api/v1/pods?limit=1')) as {
      metadata: { resourceVersion: string };
    };
    const before = list.metadata.resourceVersion;
    const page = `/api/v1/namespaces/default/pods?limit=2`;
    const { metadata } = JSON.parse(await succeeds('get', '--raw', page)) as { metadata: { continue: string } };
    await succeeds('label', 'pods', '-l', 'app=checkout', 'seen=yes');
    expect(await cluster.compactEtcd()).toBeGreaterThan(Number(before));
    const watched = await cluster.kubectl([
      'get',
      '--raw',
      `/api/v1/pods?watch=1&timeoutSeconds=5&resourceVersion=${before}`,
    ]);
    expect(watched.stdout + watched.stderr).toMatch(/"code":410|too old resource version/);
    const next = await cluster.kubectl(['get', '--raw', `${page}&continue=${metadata.continue}`]);
    expect(next.stderr).toContain('continue parameter is too old');
  });
});

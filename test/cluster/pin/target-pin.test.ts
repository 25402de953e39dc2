import { afterEach, describe, expect, it } from 'vitest';
import { findTarget } from '../../../src/cluster/pin/find-target.ts';
import { openCluster } from '../../../src/cluster/pin/open-cluster.ts';
import { type AskIdentity, askOther } from '../../../src/cluster/pin/other-pins.ts';
import { askPermission, lookAtNamespace, parsePermission } from '../../../src/cluster/pin/permissions.ts';
import type { PinnedContext } from '../../../src/cluster/pin/pinned-context.ts';
import { createTargetPin } from '../../../src/cluster/pin/target-pin.ts';
import { systemClock } from '../../../src/engine/clock.ts';
import { type ApiDouble, startApi } from '../../support/api-double.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const started = async (change = {}, port = 0): Promise<ApiDouble> => {
  const api = await startApi(change, port);
  closing.push(api.close);
  return api;
};

const contextAt = (server: string): PinnedContext => ({
  name: 'prod-eu',
  namespace: 'production',
  server,
  ca: null,
  insecure: false,
  tlsServerName: null,
  proxyUrl: null,
  execConfig: null,
  user: {
    name: 'alice',
    cert: null,
    key: null,
    token: 't',
    tokenFile: null,
    as: null,
    asUid: null,
    asGroups: [],
    exec: null,
  },
});

const opened = (api: ApiDouble) => {
  const cluster = openCluster(contextAt(api.url), { environment: {}, clock: systemClock, onSecret: () => undefined });
  closing.push(() => cluster.connection.close());
  return cluster;
};

const nobody: AskIdentity = async () => ({ exit: 1, output: '', timedOut: false });

const pinned = async (api: ApiDouble) => {
  const cluster = opened(api);
  const { identity } = await findTarget(cluster, 'production', [], nobody);
  const time = { now: 0 };
  const pin = createTargetPin({ identity, connection: cluster.connection, ask: nobody, monotonic: () => time.now });
  return { pin, identity, time };
};

const identityQuestions = (api: ApiDouble): number => api.asked.filter((one) => one.endsWith('/kube-system')).length;

describe('the identity of a cluster', () => {
  it('is the UID of kube-system, server, CA and user', async () => {
    const api = await started();
    expect((await pinned(api)).identity).toEqual({
      context: 'prod-eu',
      namespace: 'production',
      server: api.url,
      caSha256: null,
      clusterUid: api.answers.uid,
      user: 'alice@example.com',
      others: [],
    });
  });

  it('is weak without permission, and unknown when the server is not there', async () => {
    const api = await started({ identityStatus: 403 });
    expect((await pinned(api)).identity).toMatchObject({ clusterUid: null, user: 'alice@example.com' });
    await api.close();
    const found = await findTarget(opened(api), null, [], nobody);
    expect(found.identity.clusterUid).toBe(null);
    expect(found.unreached?.message).toContain('refused');
  });

  it('is asked again when its answer is too old, and when it is doubted', async () => {
    const api = await started();
    const { pin, time } = await pinned(api);
    const before = identityQuestions(api);
    for (const at of [0, 30_000]) {
      time.now = at;
      expect(await pin.check(30_000)).toEqual({ kind: 'same' });
    }
    expect(identityQuestions(api)).toBe(before + 1);
    time.now = 30_001;
    await pin.check(30_000);
    expect(identityQuestions(api)).toBe(before + 2);
    pin.doubt();
    await Promise.all([pin.check(30_000), pin.check(30_000)]);
    expect(identityQuestions(api)).toBe(before + 3);
  });

  it('of another cluster behind the same address is E602, for good', async () => {
    const api = await started();
    const { pin } = await pinned(api);
    const expected = api.answers.uid;
    api.answers.uid = '7c1e0000-0000-4000-8000-000000000000';
    const mismatch = { kind: 'mismatch', code: 'E602', expected, found: api.answers.uid };
    expect(await pin.check(0)).toEqual(mismatch);
    api.answers.uid = expected;
    expect(await pin.check(0)).toEqual(mismatch);
  });

  it('that was not there at the start is bound at the first answer, and another one is E602 from then on', async () => {
    const gone = await started();
    await gone.close();
    const cluster = opened(gone);
    const { identity } = await findTarget(cluster, 'production', [], nobody);
    expect(identity.clusterUid).toBe(null);
    const pin = createTargetPin({ identity, connection: cluster.connection, ask: nobody, monotonic: () => 0 });
    expect(await pin.check(0)).toMatchObject({ kind: 'unreachable' });
    const api = await started({}, gone.port);
    expect(await pin.check(0)).toEqual({ kind: 'same' });
    expect(pin.identity).toEqual({ ...identity, clusterUid: api.answers.uid });
    const expected = api.answers.uid;
    api.answers.uid = '7c1e0000-0000-4000-8000-000000000000';
    expect(await pin.check(0)).toEqual({ kind: 'mismatch', code: 'E602', expected, found: api.answers.uid });
  });

  it('that can no longer be read, and a server that is gone, are unreachable', async () => {
    const api = await started();
    const { pin } = await pinned(api);
    api.answers.identityStatus = 403;
    expect(await pin.check(0)).toMatchObject({
      kind: 'unreachable',
      because: expect.stringContaining('no permission'),
    });
    api.answers.identityStatus = 200;
    await api.close();
    expect(await pin.check(0)).toMatchObject({ kind: 'unreachable', because: expect.stringContaining('refused') });
    const again = await started({}, api.port);
    expect(await pin.check(30_000)).toEqual({ kind: 'same' });
    expect(identityQuestions(again)).toBe(1);
  });
});

describe('other targets', () => {
  const answering =
    (output: string, exit = 0): AskIdentity =>
    async () => ({ exit, output, timedOut: false });

  it('are known by what their identity command says', async () => {
    expect(await askOther('aws', answering('account 123456789012\nregion eu-west-1\n'))).toEqual({
      kind: 'aws',
      identity: 'account 123456789012, region eu-west-1',
    });
    expect(await askOther('aws', answering('Error loading SSO Token\n', 255))).toEqual({
      kind: 'aws',
      identity: null,
      because: 'aws: Error loading SSO Token',
    });
  });

  it('that answer otherwise later are E608', async () => {
    let output = 'account 1\nregion eu-west-1';
    const ask: AskIdentity = async () => ({ exit: 0, output, timedOut: false });
    const { identity } = await findTarget(null, null, ['aws'], ask);
    const pin = createTargetPin({ identity, connection: null, ask, monotonic: () => 0 });
    expect(await pin.check(0)).toEqual({ kind: 'same' });
    output = 'account 2\nregion eu-west-1';
    expect(await pin.check(0)).toEqual({
      kind: 'mismatch',
      code: 'E608',
      expected: 'aws account 1, region eu-west-1',
      found: 'aws account 2, region eu-west-1',
    });
  });
});

describe('what we may do', () => {
  it.each([
    ['patch deployments', { verb: 'patch', resource: 'deployments', subresource: null, group: 'apps' }],
    ['patch deployments/scale', { verb: 'patch', resource: 'deployments', subresource: 'scale', group: 'apps' }],
    ['get pods/log', { verb: 'get', resource: 'pods', subresource: 'log', group: '' }],
    ['list rollouts.argoproj.io', { verb: 'list', resource: 'rollouts', subresource: null, group: 'argoproj.io' }],
    [
      'update widgets/status.example.com',
      { verb: 'update', resource: 'widgets', subresource: 'status', group: 'example.com' },
    ],
  ])('reads "%s"', (text, permission) => expect(parsePermission(text)).toEqual(permission));

  it('tells denied from unknown', async () => {
    const api = await started({ denied: { 'patch deployments': 'no RBAC rule', 'list pods': null } });
    const { connection } = opened(api);
    expect(await askPermission(connection, 'get pods/log', 'prod')).toEqual({
      permission: 'get pods/log in prod',
      allowed: true,
      because: null,
    });
    expect(await askPermission(connection, 'patch deployments', 'prod')).toEqual({
      permission: 'patch deployments.apps in prod',
      allowed: false,
      because: 'no RBAC rule',
    });
    expect(await askPermission(connection, 'list pods', 'prod')).toMatchObject({ allowed: null });
    expect(await askPermission(connection, 'deployments', 'prod')).toMatchObject({ allowed: null });
    await api.close();
    expect(await askPermission(connection, 'get pods/log', 'prod')).toMatchObject({ allowed: null });
  });

  it('knows whether the namespace is there', async () => {
    const api = await started({ namespaces: { shop: 'Active', old: 'Terminating' } });
    const { connection } = opened(api);
    expect(await lookAtNamespace(connection, 'shop')).toEqual({ kind: 'active' });
    expect(await lookAtNamespace(connection, 'old')).toEqual({ kind: 'terminating' });
    expect(await lookAtNamespace(connection, 'none')).toEqual({ kind: 'not-found' });
    await api.close();
    expect(await lookAtNamespace(connection, 'shop')).toMatchObject({ kind: 'unknown' });
  });
});

describe('a connection', () => {
  it('that was cut puts the last answer in doubt', async () => {
    const api = await started();
    let doubts = 0;
    const cluster = openCluster(contextAt(api.url), {
      environment: {},
      clock: systemClock,
      onSecret: () => undefined,
      onDoubt: () => {
        doubts += 1;
      },
    });
    closing.push(() => cluster.connection.close());
    await cluster.connection.getJson('/api/v1/namespaces/shop');
    await expect(cluster.connection.getJson('/api/v1/namespaces/none')).rejects.toThrow();
    expect(doubts).toBe(0);
    for await (const _ of await cluster.connection.stream('/api/v1/namespaces/shop')) expect(doubts).toBe(0);
    expect(doubts).toBe(1);
    await api.close();
    await expect(cluster.connection.getJson('/api/v1/namespaces/shop')).rejects.toThrow();
    expect(doubts).toBe(2);
  });
});

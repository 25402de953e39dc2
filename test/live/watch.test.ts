import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { isApiProblem } from '../../src/cluster/api/api-problem.ts';
import { connectApi } from '../../src/cluster/api/connect.ts';
import type { ApiConnection, Endpoint } from '../../src/cluster/api/connection.ts';
import { countLogs } from '../../src/cluster/api/count-logs.ts';
import { followLogs } from '../../src/cluster/api/logs.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { type Subject, Watcher, watchContract } from '../cluster/api/support/watch-contract.ts';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { type FaultProxy, startFaultProxy } from './support/fault-proxy.ts';
import { deployment } from './support/manifests.ts';
import { podsOf } from './support/pods.ts';
import { waitFor } from './support/wait.ts';

interface ConfigText {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly {
    user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string };
  }[];
}

const decoded = (text: string | undefined): string | null =>
  text === undefined ? null : Buffer.from(text, 'base64').toString('utf8');

const endpointIn = (path: string, token?: string): Endpoint => {
  const { clusters, users } = JSON.parse(readFileSync(path, 'utf8')) as ConfigText;
  const cluster = clusters[0]?.cluster;
  const user = users[0]?.user;
  const bearer = token ?? user?.token;
  return {
    server: cluster?.server ?? '',
    ca: decoded(cluster?.['certificate-authority-data']),
    insecure: false,
    tlsServerName: null,
    proxyUrl: null,
    loginCommand: null,
    credentials: {
      now: async () =>
        bearer === undefined
          ? { headers: {}, cert: decoded(user?.['client-certificate-data']), key: decoded(user?.['client-key-data']) }
          : { headers: { authorization: `Bearer ${bearer}` }, cert: null, key: null },
      renew: async () => false,
    },
  };
};

const path = '/api/v1/namespaces/default/configmaps';

let cluster: LiveCluster;
let proxy: FaultProxy;
let direct: ApiConnection;
let endpoint: Endpoint;

beforeAll(async () => {
  cluster = await startCluster();
  proxy = await startFaultProxy(cluster);
  endpoint = endpointIn(await proxy.kubeconfigFor('admin', { groups: ['system:masters'] }));
  direct = connectApi(endpointIn(cluster.kubeconfig), systemClock);
});
afterAll(async () => {
  await direct?.close();
  await proxy?.stop();
  await cluster?.stop();
});

const put = async (set: string, name: string): Promise<void> => {
  const metadata = { name, labels: { set } };
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { at: String(performance.now()) } };
  try {
    await direct.send('POST', path, body);
  } catch (error) {
    if (!isApiProblem(error, 'conflict')) throw error;
    await direct.send('PUT', `${path}/${name}`, body);
  }
};

const questions = { list: /configmaps\?(?!.*watch=1).*limit=500/, watch: /configmaps\?.*watch=1/ } as const;

const real = (): Subject => ({
  endpoint,
  path,
  put,
  remove: async (name) => void (await direct.send('DELETE', `${path}/${name}`, {})),
  endWatches: (how) => void proxy.endWatches(how),
  silence: (isSilent) => (isSilent ? proxy.goSilent('watches') : proxy.heal()),
  refuse: (question, status, retryAfterSeconds) =>
    void proxy.fault(
      questions[question],
      { kind: 'status', status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
      1,
    ),
  count: (question) => proxy.count(questions[question]),
});

watchContract('the real API server', real);

const watching = async (set: string, from: Endpoint = endpoint): Promise<Watcher> => {
  const watcher = new Watcher(from, path, `set=${set}`);
  await watcher.reaches('live');
  return watcher;
};

describe('the real API server', () => {
  test('sends its clock', async () => {
    await direct.getJson('/version');
    expect(Math.abs(direct.clockSkewMs() ?? Number.NaN)).toBeLessThanOrEqual(1_000);
  });

  test('tells a user without rights which permission is missing, and lets it in when it is given', async () => {
    const watcher = new Watcher(endpointIn(await cluster.kubeconfigFor('eve')), path, 'set=none');
    await watcher.reaches('denied');
    expect(watcher.health).toMatchObject({
      because: 'no permission (list configmaps)',
      nextStep: 'ask for the right to list and watch configmaps in default',
    });
    await cluster.kubectl(['create', 'role', 'reads', '--verb=list,watch', '--resource=configmaps']);
    await cluster.kubectl(['create', 'rolebinding', 'reads', '--role=reads', '--user=eve']);
    await waitFor('eve to be let in', () => {
      if (watcher.health.state === 'denied') watcher.watch.doubt();
      return watcher.health.state === 'live';
    });
  });

  test('does not know a token that expired', async () => {
    const watcher = new Watcher(endpointIn(cluster.kubeconfig, 'expired'), path, 'set=none');
    await watcher.reaches('login-expired');
    expect(watcher.health).toMatchObject({ because: 'LOGIN EXPIRED', nextStep: 'log in again' });
  });

  test('has no such kind', async () => {
    const watcher = new Watcher(endpoint, '/apis/nowhere.example/v1/namespaces/default/widgets', 'set=none');
    await watcher.reaches('not-found');
  });

  test('answers 410 to a version that was compacted away, and everything is listed again', async () => {
    await put('compacted', 'e-1');
    const watcher = await watching('compacted');
    await proxy.refuse();
    await watcher.reaches('reconnecting');
    await put('compacted', 'e-2');
    await direct.send('DELETE', `${path}/e-1`, {});
    await cluster.compactEtcd();
    await proxy.accept();
    watcher.watch.doubt();
    await watcher.shows('e-2');
    expect(watcher.lists).toBe(2);
    await watcher.reaches('live');
  });

  test('stopped, is STALE after 45 s; started again, everything catches up', async () => {
    await put('stopped', 'f-1');
    const watcher = await watching('stopped', endpointIn(cluster.kubeconfig));
    const from = performance.now();
    await cluster.stopApiServer();
    await waitFor('STALE', () => watcher.health.state === 'stale', { seconds: 60 });
    expect(performance.now() - from).toBeGreaterThan(44_000);
    expect(watcher.health.because).toContain('connection refused');
    expect(watcher.names).toEqual(['f-1']);
    await cluster.startApiServer();
    await put('stopped', 'f-2');
    await waitFor('both', () => watcher.names.join() === 'f-1,f-2' && watcher.health.state === 'live', { seconds: 40 });
  });

  test('gone silent, is found out by a probe', async () => {
    const watcher = await watching('silent');
    proxy.goSilent('everything');
    onTestFinished(() => proxy.heal());
    await waitFor('doubt', () => watcher.health.because === 'no answer 5 s', { seconds: 40 });
    await waitFor('STALE', () => watcher.health.state === 'stale', { seconds: 30 });
    await proxy.heal();
    await waitFor('life', () => watcher.health.state === 'live', { seconds: 40 });
  });
});

describe('the logs of a real pod', () => {
  test('are followed, read back before its restart, and counted', async () => {
    await cluster.apply(deployment({ name: 'talks', image: 'checkout:1' }));
    const pod = await waitFor('the pod', async () => {
      const [one] = await podsOf(cluster, 'talks');
      return one?.status.phase === 'Running' ? one.metadata.name : undefined;
    });
    await cluster.setLogs('default', pod, {
      current: ['started', 'error 17 of 20', 'error 18 of 20'],
      previous: ['ended'],
    });
    const read = (previous: boolean): Promise<readonly string[]> =>
      new Promise((done) => {
        const lines: string[] = [];
        followLogs(
          direct,
          { namespace: 'default', pod, container: 'app', previous, tailLines: 10, follow: false },
          { line: (text) => lines.push(text), end: () => done(lines) },
        );
      });
    expect(await read(false)).toHaveLength(3);
    expect(await read(true)).toEqual(['ended']);
    const request = {
      selector: 'app=talks',
      since: Date.now() - 3_600_000,
      pattern: { source: 'error', flags: '' },
      provenFrom: null,
    };
    expect(await countLogs(direct, 'default', request, new AbortController().signal)).toMatchObject({
      pods: 1,
      matches: 2,
      groups: [{ text: 'error # of #', count: 2, pod }],
    });
  });
});

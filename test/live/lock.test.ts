import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ApiConnection } from '../../src/cluster/api/connection.ts';
import { createDeployLock } from '../../src/cluster/lock/deploy-lock.ts';
import type { LockDurations } from '../../src/cluster/lock/holding.ts';
import type { Lease } from '../../src/cluster/lock/lease.ts';
import { leaseStore } from '../../src/cluster/lock/lease-store.ts';
import { readKubeconfig } from '../../src/cluster/pin/kubeconfig.ts';
import { openCluster } from '../../src/cluster/pin/open-cluster.ts';
import { pinnedContext } from '../../src/cluster/pin/pinned-context.ts';
import { systemClock } from '../../src/engine/clock.ts';
import type { DeployLock } from '../../src/ports/deploy-lock.ts';
import { claim, lockContract, watchedContract } from '../cluster/lock/support/contract.ts';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { waitFor } from './support/wait.ts';

let cluster: LiveCluster;
const connections: ApiConnection[] = [];

const connect = (path: string): ApiConnection => {
  const config = readKubeconfig([path]);
  const { connection } = openCluster(pinnedContext(config, config.current ?? ''), {
    environment: process.env,
    clock: systemClock,
    onSecret: () => undefined,
  });
  connections.push(connection);
  return connection;
};

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  for (const connection of connections) await connection.close();
  await cluster?.stop();
});

let places = 0;
const place = async () => {
  places += 1;
  const scope = `contract-${places}`;
  return { store: () => leaseStore(connect(cluster.kubeconfig), 'default', scope) };
};

describe('a lock in a Lease of a real API server', () => {
  lockContract(place);
  watchedContract(place);
});

/** Short enough to be waited for; the proportions are those of the design. */
const durations: LockDurations = { leaseMs: 4_000, renewMs: 1_000, lostMs: 3_000, watchMs: 200 };

const here = (scope: string, path = cluster.kubeconfig, times = durations): DeployLock => {
  const lock = createDeployLock({
    store: leaseStore(connect(path), 'default', scope),
    scope,
    person: { holder: 'bob@desk/run-bob', who: 'bob' },
    clock: systemClock,
    durations: times,
  });
  onTestFinished(() => lock.close());
  return lock;
};

/** Another gonogo, as a process that can be stopped. */
const elsewhere = async (scope: string) => {
  const config = readKubeconfig([cluster.kubeconfig]);
  const program = new URL('./support/lock-holder.ts', import.meta.url).pathname;
  const args = [program, cluster.kubeconfig, config.current ?? '', scope, JSON.stringify(durations)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.once('close', done));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  await waitFor('the other gonogo to have the lock', () => said.some((line) => line.startsWith('acquired')));
  return {
    said,
    /** What it finds before its next change. */
    changes: async (): Promise<string> => {
      const before = said.filter((line) => line.startsWith('verified')).length;
      child.stdin.write('change\n');
      await waitFor('it to look', () => said.filter((line) => line.startsWith('verified')).length > before);
      return said.findLast((line) => line.startsWith('verified')) ?? '';
    },
    signal: (signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL') => child.kill(signal),
  };
};

test('kubectl shows who has it', async () => {
  const lock = here('shown');
  expect(await lock.acquire(claim())).toMatchObject({ kind: 'held' });
  const lease = await cluster.json<Lease>(['get', 'lease', 'gonogo-lock-shown', '-o', 'json']);
  expect(lease.spec).toMatchObject({
    holderIdentity: 'bob@desk/run-bob',
    leaseDurationSeconds: 4,
    leaseTransitions: 0,
  });
  expect(lease.metadata.annotations).toMatchObject({ 'gonogo.dev/why': 'Deploy checkout v2.3.0' });
  expect(await lock.release()).toBeNull();
  const free = await cluster.json<Lease>(['get', 'lease', 'gonogo-lock-shown', '-o', 'json']);
  expect(free.spec?.holderIdentity).toBeUndefined();
});

test('a holder that was stopped and goes on changes nothing after it was taken over', async () => {
  const alice = await elsewhere('stopped');
  const bob = here('stopped');
  expect(await alice.changes()).toContain('"held"');
  expect(await bob.acquire(claim())).toMatchObject({ kind: 'other', stale: false });
  alice.signal('SIGSTOP');
  await waitFor('the lock to be stale', () => {
    const state = bob.state();
    return state.kind === 'other' && state.stale;
  });
  expect(await bob.takeOver(claim(), 'its process is stopped')).toMatchObject({ kind: 'held', epoch: 1 });
  alice.signal('SIGCONT');
  expect(await alice.changes()).toMatch(
    /"lost".*bob@desk\/run-bob has it, taken over from alice@other.*its process is stopped/,
  );
  expect(await bob.verify()).toMatchObject({ kind: 'held', epoch: 1 });
});

test('a holder that was stopped finds itself overdue, and renews what nobody took over', async () => {
  const alice = await elsewhere('overdue');
  alice.signal('SIGSTOP');
  const stopped = performance.now();
  await waitFor('it to be overdue', () => performance.now() - stopped > durations.lostMs + 200);
  alice.signal('SIGCONT');
  expect(await alice.changes()).toMatch(/"held","epoch":0/);
  expect(alice.said.filter((line) => line.startsWith('changed')).slice(0, 2)).toEqual([
    expect.stringContaining('"lost"'),
    expect.stringContaining('"held"'),
  ]);
});

test('a lock whose process was killed is stale once it was watched for its duration', async () => {
  const alice = await elsewhere('killed');
  alice.signal('SIGKILL');
  const bob = here('killed');
  const began = performance.now();
  expect(await bob.look()).toMatchObject({ kind: 'other', stale: false });
  await waitFor('the lock to be stale', () => {
    const state = bob.state();
    return state.kind === 'other' && state.stale;
  });
  expect(performance.now() - began).toBeGreaterThanOrEqual(durations.leaseMs);
});

test('the API server is away: nothing is known, then it is lost; it comes back, and it is held again by itself', async () => {
  // Stopping the server alone takes seconds.
  const lock = here('away', cluster.kubeconfig, { leaseMs: 16_000, renewMs: 4_000, lostMs: 12_000, watchMs: 200 });
  await lock.acquire(claim());
  await cluster.stopApiServer();
  try {
    expect(await lock.verify()).toMatchObject({ kind: 'unlocked' });
    await waitFor('the loss', () => lock.state().kind === 'lost');
  } finally {
    await cluster.startApiServer();
  }
  await waitFor('the lock', () => lock.state().kind === 'held');
  expect(lock.state()).toMatchObject({ kind: 'held', epoch: 0 });
});

test('a Lease that is gone, deleted or on another cluster, is not made again by a renewal', async () => {
  const lock = here('gone');
  await lock.acquire(claim());
  await cluster.kubectl(['delete', 'lease', 'gonogo-lock-gone', '-n', 'default']);
  await waitFor('the loss', () => lock.state().kind === 'lost');
  expect(lock.state()).toMatchObject({ because: 'it was deleted' });
  expect((await cluster.kubectl(['get', 'lease', 'gonogo-lock-gone', '-n', 'default'])).stderr).toContain('not found');
});

test('without rights to leases nobody is kept out, and the missing permission is named', async () => {
  const lock = here('denied', await cluster.kubeconfigFor('carol'));
  expect(await lock.acquire(claim())).toEqual({ kind: 'unlocked', because: 'no permission (get leases)' });
});

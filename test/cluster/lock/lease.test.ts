import { afterEach, describe, expect, test } from 'vitest';
import { createDeployLock } from '../../../src/cluster/lock/deploy-lock.ts';
import { leaseStore } from '../../../src/cluster/lock/lease-store.ts';
import type { DeployLock, LockState } from '../../../src/ports/deploy-lock.ts';
import { claim, lockContract, watchedContract } from './support/contract.ts';
import { ManualClock } from './support/manual-clock.ts';
import { ScriptedLeases } from './support/scripted-leases.ts';

const place = async () => {
  const leases = new ScriptedLeases();
  return { store: () => leaseStore(leases, 'shop', 'deployment-checkout') };
};

describe('a lock in a Lease', () => {
  lockContract(place);
  watchedContract(place);
});

const opened: DeployLock[] = [];
afterEach(async () => {
  for (const lock of opened.splice(0)) await lock.close();
});

const alone = (leases = new ScriptedLeases()) => {
  const clock = new ManualClock();
  const store = leaseStore(leases, 'shop', 'deployment-checkout');
  const person = { holder: 'alice@laptop/run-1', who: 'Alice' };
  const lock = createDeployLock({ store, scope: 'deployment-checkout', person, clock });
  opened.push(lock);
  const states: LockState[] = [];
  lock.onChange((state) => states.push(state));
  return { leases, clock, lock, states, passes: (ms: number) => clock.advance(ms, () => lock.look()) };
};

describe('the Lease itself', () => {
  test('has the name, the fields and the annotations of the design', async () => {
    const { leases, lock } = alone();
    await lock.acquire(claim());
    const [path, lease] = [...leases.leases][0] ?? [];
    expect(path).toBe('/apis/coordination.k8s.io/v1/namespaces/shop/leases/gonogo-lock-deployment-checkout');
    expect(lease?.spec).toEqual({
      holderIdentity: 'alice@laptop/run-1',
      leaseDurationSeconds: 120,
      acquireTime: '2025-10-09T08:53:20.000000Z',
      renewTime: '2025-10-09T08:53:20.000000Z',
      leaseTransitions: 0,
    });
    expect(lease?.metadata.annotations).toEqual({
      'gonogo.dev/who': 'Alice',
      'gonogo.dev/why': 'Deploy checkout v2.3.0',
      'gonogo.dev/ticket': 'CHG-4711',
      'gonogo.dev/runbook': 'runbooks/deploy.md',
      'gonogo.dev/step': '2.1',
      'gonogo.dev/since': '2025-10-09T08:53:20.000Z',
    });
  });

  test('keeps what others wrote on it', async () => {
    const { leases, lock, passes } = alone();
    await lock.acquire(claim());
    leases.edit((lease) => ({
      ...lease,
      metadata: {
        ...lease.metadata,
        labels: { team: 'shop' },
        annotations: { ...lease.metadata.annotations, 'example.com/x': 'y' },
      },
    }));
    await passes(61_000);
    expect(lock.state()).toMatchObject({ kind: 'held' });
    const [lease] = [...leases.leases.values()];
    expect(lease?.metadata.labels).toMatchObject({ team: 'shop' });
    expect(lease?.metadata.annotations).toMatchObject({ 'example.com/x': 'y' });
  });

  test('one that somebody else made by hand is read as it is', async () => {
    const { leases, lock } = alone();
    leases.leases.set('/apis/coordination.k8s.io/v1/namespaces/shop/leases/gonogo-lock-deployment-checkout', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'gonogo-lock-deployment-checkout', namespace: 'shop', resourceVersion: '7' },
      spec: { holderIdentity: 'carol' },
    });
    expect(await lock.acquire(claim())).toMatchObject({
      kind: 'other',
      info: { holder: 'carol', who: 'carol', why: '', since: null, epoch: 0 },
    });
  });
});

describe('trouble on the way to it', () => {
  test('without permission nobody is kept out, and it says so', async () => {
    const { leases, lock } = alone();
    leases.fault = 'forbidden';
    expect(await lock.look()).toEqual({ kind: 'unlocked', because: 'no permission (get leases)' });
    expect(await lock.acquire(claim())).toMatchObject({ kind: 'unlocked' });
  });

  test('an expired login is said with the command to run', async () => {
    const { leases, lock } = alone();
    leases.fault = 'unauthorized';
    leases.nextStep = 'run aws sso login';
    expect(await lock.acquire(claim())).toEqual({
      kind: 'unlocked',
      because: 'scripted: unauthorized; run aws sso login',
    });
  });

  test('LOST at 90 s without a successful renewal, once', async () => {
    const { leases, lock, states, passes } = alone();
    await lock.acquire(claim());
    leases.fault = 'unreachable';
    await passes(85_000);
    expect(lock.state()).toMatchObject({ kind: 'held' });
    expect(await lock.verify()).toEqual({ kind: 'unlocked', because: 'scripted: unreachable' });
    expect(lock.state()).toMatchObject({ kind: 'held' });
    await passes(10_000);
    expect(lock.state()).toMatchObject({ kind: 'lost', by: null, isOverdue: true });
    await passes(600_000);
    expect(states.filter(({ kind }) => kind === 'lost')).toHaveLength(1);
  });

  test('lost in an outage, it is renewed and held again by itself when nobody touched it', async () => {
    const { leases, lock, states, passes } = alone();
    await lock.acquire(claim());
    leases.fault = 'unreachable';
    await passes(200_000);
    expect(lock.state()).toMatchObject({ kind: 'lost', because: expect.stringContaining('scripted: unreachable') });
    expect(await lock.acquire(claim())).toMatchObject({ kind: 'unlocked' });
    leases.fault = null;
    await passes(6_000);
    expect(lock.state()).toMatchObject({ kind: 'held', epoch: 0, where: 'cluster' });
    expect(states.map(({ kind }) => kind)).toEqual(['held', 'lost', 'held']);
    await passes(600_000);
    expect(lock.state()).toMatchObject({ kind: 'held' });
  });

  test('lost in an outage, it is renewed by the reading before a change when that comes first', async () => {
    const { leases, clock, lock } = alone();
    await lock.acquire(claim());
    leases.fault = 'unreachable';
    await clock.advance(200_000, () => lock.look());
    expect(await lock.verify()).toMatchObject({ kind: 'lost' });
    leases.fault = null;
    expect(await lock.verify()).toMatchObject({ kind: 'held', epoch: 0 });
  });

  test.each([
    ['deleted', (leases: ScriptedLeases) => leases.leases.clear(), 'it was deleted'],
    [
      'taken over',
      (leases: ScriptedLeases) =>
        leases.edit((lease) => ({
          ...lease,
          spec: { ...lease.spec, holderIdentity: 'bob@desk/run-2', leaseTransitions: 1 },
        })),
      'bob@desk/run-2 has it',
    ],
    [
      'taken up by another process of the same run',
      (leases: ScriptedLeases) => leases.edit((lease) => ({ ...lease, spec: { ...lease.spec, leaseTransitions: 1 } })),
      'alice@laptop/run-1 has it',
    ],
  ])('lost in an outage and %s meanwhile, it stays lost', async (_, meanwhile, because) => {
    const { leases, lock, passes } = alone();
    await lock.acquire(claim());
    leases.fault = 'unreachable';
    await passes(200_000);
    meanwhile(leases);
    const there = structuredClone([...leases.leases]);
    leases.fault = null;
    await passes(600_000);
    expect(lock.state()).toMatchObject({ kind: 'lost', because });
    expect(lock.state()).not.toHaveProperty('isOverdue');
    expect([...leases.leases]).toEqual(there);
  });

  test('a renewal that failed is tried again soon', async () => {
    const { leases, lock, passes } = alone();
    await lock.acquire(claim());
    leases.fault = 'timeout';
    await passes(70_000);
    leases.fault = null;
    await passes(10_000);
    await passes(60_000);
    expect(lock.state()).toMatchObject({ kind: 'held' });
  });

  test('a write whose answer was lost is ours all the same', async () => {
    const { leases, lock, passes } = alone();
    await lock.acquire(claim());
    leases.losesNextAnswer = true;
    await passes(31_000);
    await passes(60_000);
    expect(lock.state()).toMatchObject({ kind: 'held', epoch: 0 });
  });

  const stale = async () => {
    const { leases, clock, lock } = alone();
    const bob = createDeployLock({
      store: leaseStore(leases, 'shop', 'deployment-checkout'),
      scope: 'deployment-checkout',
      person: { holder: 'bob@desk/run-2', who: 'Bob' },
      clock: new ManualClock(),
    });
    await bob.acquire(claim());
    await bob.close();
    await lock.look();
    await clock.advance(125_000, () => lock.look());
    return { leases, lock };
  };
  const taken = {
    kind: 'held',
    epoch: 1,
    before: { holder: 'bob@desk/run-2' },
  };

  test('one that was taken although the answer was lost is held', async () => {
    const { leases, lock } = alone();
    leases.losesNextAnswer = true;
    expect(await lock.acquire(claim())).toMatchObject({ kind: 'held', epoch: 0 });
    expect(await lock.verify()).toMatchObject({ kind: 'held', epoch: 0 });
  });

  test('a take-over whose answer was lost is one all the same', async () => {
    const { leases, lock } = await stale();
    leases.losesNextAnswer = true;
    expect(await lock.takeOver(claim(), 'no answer')).toMatchObject(taken);
    expect(await lock.verify()).toMatchObject({ kind: 'held', epoch: 1 });
  });

  test('a take-over that nobody could read afterwards is told from whom and why once it is', async () => {
    const { leases, lock } = await stale();
    leases.losesNextAnswer = true;
    leases.faultAfterLostAnswer = 'unreachable';
    expect(await lock.takeOver(claim(), 'no answer')).toMatchObject({ kind: 'unlocked' });
    leases.fault = null;
    expect(await lock.acquire(claim())).toMatchObject({
      kind: 'held',
      before: { isOurs: true, how: 'taken over from bob@desk/run-2: no answer' },
    });
  });

  test('deleted or given free by somebody, it is lost', async () => {
    const first = alone();
    await first.lock.acquire(claim());
    first.leases.leases.clear();
    expect(await first.lock.verify()).toMatchObject({ kind: 'lost', because: 'it was deleted' });
    const second = alone();
    await second.lock.acquire(claim());
    second.leases.edit((lease) => ({ ...lease, spec: { ...lease.spec, holderIdentity: '' } }));
    await second.passes(31_000);
    expect(second.lock.state()).toMatchObject({ kind: 'lost', because: 'it was given free by somebody else' });
  });

  test('what could not be given free is said', async () => {
    const { leases, lock } = alone();
    await lock.acquire(claim());
    leases.fault = 'unreachable';
    expect(await lock.release()).toBe('scripted: unreachable');
  });

  test('one that somebody took while it was overdue is watched from the moment that is found', async () => {
    const { leases, lock, passes } = alone();
    await lock.acquire(claim());
    leases.fault = 'unreachable';
    await passes(200_000);
    leases.edit((lease) => ({
      ...lease,
      spec: { ...lease.spec, holderIdentity: 'bob@desk/run-2', leaseTransitions: 1 },
    }));
    leases.fault = null;
    expect(await lock.acquire(claim())).toMatchObject({ kind: 'other', stale: false });
    await passes(130_000);
    expect(lock.state()).toMatchObject({ kind: 'other', stale: true });
  });

  test('one that is overdue and could not be given free is not renewed when its server answers again', async () => {
    const { leases, lock, passes } = alone();
    await lock.acquire(claim());
    leases.fault = 'unreachable';
    await passes(200_000);
    expect(await lock.release()).toBe('scripted: unreachable');
    leases.fault = null;
    const there = structuredClone([...leases.leases]);
    await passes(600_000);
    expect(lock.state()).toEqual({ kind: 'none' });
    expect([...leases.leases]).toEqual(there);
  });

  test('nothing is asked any more once it is closed', async () => {
    const { leases, clock, lock } = alone();
    await lock.acquire(claim());
    await lock.close();
    const { requests } = leases;
    await clock.advance(600_000, async () => undefined);
    expect(leases.requests).toBe(requests);
  });
});

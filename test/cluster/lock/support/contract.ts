import { afterEach, expect, test } from 'vitest';
import { createDeployLock } from '../../../../src/cluster/lock/deploy-lock.ts';
import type { LockStore } from '../../../../src/cluster/lock/lock-store.ts';
import { unlockSeen } from '../../../../src/cluster/lock/unlock.ts';
import type { DeployLock, LockClaim, LockState } from '../../../../src/ports/deploy-lock.ts';
import { ManualClock } from './manual-clock.ts';

export const claim = (change: Partial<LockClaim> = {}): LockClaim => ({
  why: 'Deploy checkout v2.3.0',
  ticket: 'CHG-4711',
  runbook: 'runbooks/deploy.md',
  step: '2.1',
  ...change,
});

export interface Somebody {
  readonly lock: DeployLock;
  readonly clock: ManualClock;
  /** Lets time pass for this one, timers included. */
  passes(ms: number): Promise<void>;
}

/** Stores of one lock for several users of it; every one has its own clock, far from those of the others. */
export interface Place {
  store(user: string): LockStore;
}

/** What every kind of lock does the same. `open` gives a place that nobody has used. */
export const lockContract = (open: () => Promise<Place>): void => {
  const opened: DeployLock[] = [];
  const somebody = (place: Place, user: string, run = `run-${user}`): Somebody => {
    const clock = new ManualClock(1_760_000_000_000 + opened.length * 3_600_000);
    const person = { holder: `${user}@host-${user}/${run}`, who: user };
    const lock = createDeployLock({ store: place.store(user), scope: 'deployment-checkout', person, clock });
    opened.push(lock);
    return { lock, clock, passes: (ms) => clock.advance(ms, () => lock.look()) };
  };
  afterEach(async () => {
    for (const lock of opened.splice(0)) await lock.close();
  });

  test('the second is told who, why, since when and at which step', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    const bob = somebody(place, 'bob');
    expect(await bob.lock.look()).toEqual({ kind: 'none' });
    expect(await alice.lock.acquire(claim())).toMatchObject({ kind: 'held', epoch: 0 });
    expect(await bob.lock.acquire(claim())).toMatchObject({
      kind: 'other',
      stale: false,
      info: {
        holder: 'alice@host-alice/run-alice',
        who: 'alice',
        why: 'Deploy checkout v2.3.0',
        ticket: 'CHG-4711',
        runbook: 'runbooks/deploy.md',
        step: '2.1',
        since: 1_760_000_000_000,
        note: null,
      },
    });
  });

  test('of two that ask at the same time one gets it', async () => {
    const place = await open();
    const locks = [somebody(place, 'alice'), somebody(place, 'bob')].map(({ lock }) => lock);
    const states = await Promise.all(locks.map((lock) => lock.acquire(claim())));
    expect(states.map(({ kind }) => kind).sort()).toEqual(['held', 'other']);
  });

  test('given free it can be taken; the epoch only grows', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    const bob = somebody(place, 'bob');
    await alice.lock.acquire(claim());
    expect(await alice.lock.release()).toBeNull();
    expect(alice.lock.state()).toEqual({ kind: 'none' });
    const before = { isOurs: false, holder: null, epoch: 0, who: 'alice', how: 'given free by alice', isUsual: true };
    expect(await bob.lock.look()).toMatchObject({ kind: 'none', before });
    expect(await bob.lock.acquire(claim())).toMatchObject({ kind: 'held', epoch: 1, before });
  });

  test('who gave it free and why is told to whoever takes it next, even when their process dies at once', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    await alice.lock.acquire(claim());
    const store = place.store('carol');
    const seen = await store.read();
    if (seen.kind !== 'entry') throw new Error('nothing is kept');
    await unlockSeen(store, seen, 'by carol: alice is on holiday');
    const how = 'given free by carol: alice is on holiday';
    expect(await somebody(place, 'bob').lock.acquire(claim())).toMatchObject({
      kind: 'held',
      before: { how, isUsual: false },
    });
    const again = await somebody(place, 'bob').lock.acquire(claim());
    expect(again).toMatchObject({ kind: 'held', epoch: 2, before: { isOurs: true, how } });
    expect(await alice.lock.verify()).toMatchObject({
      kind: 'lost',
      because: 'bob@host-bob/run-bob has it, after it was given free by carol: alice is on holiday',
    });
  });

  test('it is taken up again only when nobody else had it since', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    const first = await alice.lock.acquire(claim());
    const tenure = { epoch: 0, since: first.kind === 'held' ? first.since : 0 };
    const back = await somebody(place, 'alice').lock.resume(claim(), tenure);
    expect(back).toMatchObject({ kind: 'held', epoch: 1, since: tenure.since });
    await alice.lock.close();
    const last = somebody(place, 'alice');
    await last.lock.acquire(claim());
    await last.lock.release();
    expect(await somebody(place, 'alice').lock.resume(claim(), tenure)).toMatchObject({
      kind: 'none',
      before: { isOurs: false, epoch: 2 },
    });
    expect(await somebody(place, 'bob').lock.look()).toMatchObject({ kind: 'none' });
  });

  test('it is renewed, and the step goes with the renewal', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    const bob = somebody(place, 'bob');
    await alice.lock.acquire(claim());
    alice.lock.note('3.4');
    await alice.passes(31_000);
    expect(await bob.lock.look()).toMatchObject({ kind: 'other', info: { step: '3.4' } });
    await alice.passes(600_000);
    expect(alice.lock.state()).toMatchObject({ kind: 'held' });
    expect(await alice.lock.verify()).toMatchObject({ kind: 'held', epoch: 0 });
  });

  test('parked it never grows stale, and its run takes it up again under a higher epoch', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    const bob = somebody(place, 'bob');
    await alice.lock.acquire(claim());
    expect(await alice.lock.park('parked by alice at step 2.3, resumable')).toBeNull();
    expect(await bob.lock.look()).toMatchObject({
      kind: 'other',
      stale: false,
      info: { note: 'parked by alice at step 2.3, resumable' },
    });
    await bob.passes(3_600_000);
    expect(await bob.lock.takeOver(claim(), 'I want it')).toMatchObject({ kind: 'other', stale: false });
    const back = somebody(place, 'alice');
    expect(await back.lock.look()).toMatchObject({ kind: 'none', before: { isOurs: true } });
    expect(await back.lock.acquire(claim())).toMatchObject({ kind: 'held', epoch: 1 });
    expect(await bob.lock.look()).toMatchObject({ kind: 'other', info: { note: null } });
  });

  test('one that is renewed cannot be taken over', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    const bob = somebody(place, 'bob');
    await alice.lock.acquire(claim());
    expect(await bob.lock.takeOver(claim(), 'I am in a hurry')).toMatchObject({ kind: 'other', stale: false });
    expect(await alice.lock.verify()).toMatchObject({ kind: 'held' });
  });

  test('a process that was frozen renews a lock that nobody touched before it does anything, under the same epoch', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    const bob = somebody(place, 'bob');
    await alice.lock.acquire(claim());
    const states: LockState[] = [];
    alice.lock.onChange((state) => states.push(state));
    alice.clock.freeze(300_000);
    expect(alice.lock.isFresh()).toBe(false);
    expect(await alice.lock.verify()).toMatchObject({ kind: 'held', epoch: 0 });
    expect(states).toEqual([
      { kind: 'lost', because: 'not renewed for 300 s', by: null, isOverdue: true },
      expect.objectContaining({ kind: 'held', epoch: 0 }),
    ]);
    expect(alice.lock.isFresh()).toBe(true);
    expect(await bob.lock.acquire(claim())).toMatchObject({ kind: 'other', stale: false });
  });

  test('a process that was frozen leaves a lock alone that was given free and taken meanwhile', async () => {
    const place = await open();
    const alice = somebody(place, 'alice');
    const bob = somebody(place, 'bob');
    await alice.lock.acquire(claim());
    const kept = await place.store('carol').read();
    if (kept.kind !== 'entry') throw new Error('nothing is kept');
    await place.store('carol').write({ ...kept.entry, holder: null }, kept.version);
    expect(await bob.lock.acquire(claim())).toMatchObject({ kind: 'held', epoch: 1 });
    alice.clock.freeze(300_000);
    expect(await alice.lock.verify()).toMatchObject({ kind: 'lost', by: { who: 'bob' } });
    await alice.passes(600_000);
    expect(alice.lock.state()).toMatchObject({ kind: 'lost' });
    expect(await bob.lock.verify()).toMatchObject({ kind: 'held', epoch: 1 });
  });
};

/** Where holders are watched. */
export const watchedContract = (open: () => Promise<Place>): void => {
  const opened: DeployLock[] = [];
  afterEach(async () => {
    for (const lock of opened.splice(0)) await lock.close();
  });
  const two = async (): Promise<{ readonly alice: Somebody; readonly bob: Somebody }> => {
    const place = await open();
    const [alice, bob] = ['alice', 'bob'].map((user): Somebody => {
      const clock = new ManualClock(1_760_000_000_000 + opened.length * 3_600_000);
      const person = { holder: `${user}@host-${user}/run-${user}`, who: user };
      const lock = createDeployLock({ store: place.store(user), scope: 'deployment-checkout', person, clock });
      opened.push(lock);
      return { lock, clock, passes: (ms) => clock.advance(ms, () => lock.look()) };
    }) as [Somebody, Somebody];
    return { alice, bob };
  };

  test('it is stale only after it was watched for its duration here, whatever the clocks say', async () => {
    const { alice, bob } = await two();
    await alice.lock.acquire(claim());
    bob.clock.setWall(2_000_000_000_000);
    expect(await bob.lock.look()).toMatchObject({ kind: 'other', stale: false });
    await bob.passes(110_000);
    expect(bob.lock.state()).toMatchObject({ stale: false });
    // One renewal begins it anew.
    await alice.passes(31_000);
    await bob.passes(110_000);
    expect(bob.lock.state()).toMatchObject({ stale: false });
    await bob.passes(15_000);
    expect(bob.lock.state()).toMatchObject({ kind: 'other', stale: true });
  });

  test('a stale one is taken over; whoever had it finds out by whom and why', async () => {
    const { alice, bob } = await two();
    await alice.lock.acquire(claim());
    alice.clock.freeze(300_000);
    await bob.lock.look();
    await bob.passes(125_000);
    // Still not free.
    expect(await bob.lock.acquire(claim())).toMatchObject({ kind: 'other', stale: true });
    expect(await bob.lock.takeOver(claim({ why: 'Repair' }), 'alice does not answer')).toMatchObject({
      kind: 'held',
      epoch: 1,
    });
    expect(await alice.lock.verify()).toMatchObject({
      kind: 'lost',
      because: expect.stringContaining('from alice@host-alice/run-alice: alice does not answer'),
      by: { holder: 'bob@host-bob/run-bob', why: 'Repair' },
    });
    expect(await alice.lock.acquire(claim())).toMatchObject({ kind: 'other', info: { who: 'bob' } });
    expect(await bob.lock.verify()).toMatchObject({ kind: 'held', epoch: 1 });
  });

  test('of two that take over the same stale one, one gets it', async () => {
    const place = await open();
    const clock = new ManualClock();
    const of = (user: string): DeployLock => {
      const person = { holder: `${user}@h/run-${user}`, who: user };
      const lock = createDeployLock({ store: place.store(user), scope: 'deployment-checkout', person, clock });
      opened.push(lock);
      return lock;
    };
    const [alice, bob, carol] = [of('alice'), of('bob'), of('carol')];
    await alice.acquire(claim());
    await alice.close();
    await Promise.all([bob.look(), carol.look()]);
    await clock.advance(125_000, () => Promise.all([bob.look(), carol.look()]));
    const states = await Promise.all([bob.takeOver(claim(), 'gone'), carol.takeOver(claim(), 'gone')]);
    expect(states.map(({ kind }) => kind).sort()).toEqual(['held', 'other']);
    expect(states.find(({ kind }) => kind === 'other')).toMatchObject({ stale: false });
  });
};

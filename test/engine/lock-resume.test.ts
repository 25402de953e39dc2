import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createDeployLock } from '../../src/cluster/lock/deploy-lock.ts';
import { hostLockStore } from '../../src/cluster/lock/host-lock.ts';
import { leaseStore } from '../../src/cluster/lock/lease-store.ts';
import type { LockStore } from '../../src/cluster/lock/lock-store.ts';
import { unlockSeen } from '../../src/cluster/lock/unlock.ts';
import type { DeployLock } from '../../src/ports/deploy-lock.ts';
import { claim } from '../cluster/lock/support/contract.ts';
import { ManualClock } from '../cluster/lock/support/manual-clock.ts';
import { ScriptedLeases } from '../cluster/lock/support/scripted-leases.ts';
import { LockedOperator, runbook } from './lock-run.ts';

const locks: DeployLock[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const lock of locks.splice(0)) await lock.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Whether the lock is a Lease or a file: a new store for every process. */
const stores: Readonly<Record<string, () => () => LockStore>> = {
  Lease: () => {
    const leases = new ScriptedLeases();
    return () => leaseStore(leases, 'shop', 'checkout');
  },
  file: () => {
    const dir = mkdtempSync(join(tmpdir(), 'gonogo-lock-'));
    folders.push(dir);
    let pid = 0;
    return () => {
      pid += 1;
      const process = { pid, startTime: '1', boot: 'b' };
      return hostLockStore({ dir, scope: 'checkout', process, isAlive: () => true });
    };
  },
};

class World {
  readonly #store: () => LockStore;
  #minutes = 0;

  constructor(store: () => LockStore) {
    this.#store = store;
  }

  lockOf(user: string): DeployLock {
    this.#minutes += 1;
    const clock = new ManualClock(1_760_000_000_000 + this.#minutes * 60_000);
    const person = { holder: `${user}@h/run-${user}`, who: user };
    const lock = createDeployLock({ store: this.#store(), scope: 'checkout', person, clock });
    locks.push(lock);
    return lock;
  }

  /** Alice after her first change. */
  async changed(): Promise<LockedOperator> {
    const run = new LockedOperator(runbook(), {}, this.lockOf('alice')).looked();
    expect(await run.runsIt()).toBe(true);
    run.ended();
    return run;
  }

  /** Another process goes on from what the journal says; gives it, and what it is told on its return. */
  async back(from: LockedOperator): Promise<{ readonly run: LockedOperator; readonly told: string | null }> {
    await from.deployLock.close();
    const run = new LockedOperator(runbook(), {}, this.lockOf('alice'));
    run.state = from.state;
    run.tells([{ type: 'run.resumed', frame: 0, data: { pid: 1, terminal: null, mode: 'screen' } }]);
    return { run, told: await run.keeper.takeUp() };
  }

  async bobUnlocks(): Promise<void> {
    const store = this.#store();
    const seen = await store.read();
    if (seen.kind !== 'entry') throw new Error('there is no lock');
    expect(await unlockSeen(store, seen, 'by bob: alice is on holiday')).toEqual({ kind: 'free' });
  }

  async bobTakes(): Promise<DeployLock> {
    const lock = this.lockOf('bob');
    expect(await lock.acquire(claim({ why: 'Deploy v2.4.0', ticket: 'CHG-9' }))).toMatchObject({ kind: 'held' });
    return lock;
  }

  async bobDeploys(): Promise<void> {
    expect(await (await this.bobTakes()).release()).toBeNull();
  }
}

const leave = (run: LockedOperator) => run.asks({ type: 'leave', why: 'quit' });
const killed = async (): Promise<boolean> => true;

describe.each(Object.keys(stores))('a run comes back to its lock, a %s', (kind) => {
  const open = (): World => new World((stores[kind] ?? (() => () => expect.unreachable()))());

  describe.each([
    ['left', leave],
    ['killed', killed],
  ] as const)('after it was %s', (_, ends) => {
    test('nobody had it: it goes on under a higher epoch, and nothing is said', async () => {
      const world = open();
      const first = await world.changed();
      await ends(first);
      const { run, told } = await world.back(first);
      expect(told).toBeNull();
      expect(run.state.lock).toMatchObject({ kind: 'held', epoch: 1 });
      expect(run.events.at(-1)).toMatchObject({
        type: 'lock.acquired',
        data: { since: first.state.lockTenure?.since },
      });
      expect(await run.runsIt()).toBe(true);
    });

    test('given free, taken and given free by others: told at once, and the next change is refused once', async () => {
      const world = open();
      const first = await world.changed();
      await ends(first);
      await world.bobUnlocks();
      await world.bobDeploys();
      const { run, told } = await world.back(first);
      const loss = 'bob had it meanwhile, Deploy v2.4.0 (CHG-9), given free by bob';
      expect(told).toBe(`the deploy lock "checkout" was lost: ${loss}`);
      expect(run.state.lock).toMatchObject({ kind: 'lost', because: loss });
      expect(await run.runsIt()).toBe(false);
      expect(run.lastGuardRefusal).toMatchObject({
        message: `the deploy lock was lost (${loss}) and is held again from now on`,
        nextStep: expect.stringContaining('Look at what others changed meanwhile'),
      });
      expect(run.lockEvents.slice(-2)).toEqual(['lock.lost', 'lock.acquired']);
      expect(await run.runsIt()).toBe(true);
    });

    test('only given free: it stays free until the next change, which is refused once', async () => {
      const world = open();
      const first = await world.changed();
      await ends(first);
      await world.bobUnlocks();
      const { run, told } = await world.back(first);
      expect(told).toBe('the deploy lock "checkout" was lost: it was given free by bob: alice is on holiday');
      expect(await world.lockOf('carol').look()).toMatchObject({ kind: 'none' });
      expect(await run.runsIt()).toBe(false);
      expect(await world.lockOf('carol').look()).toMatchObject({ kind: 'other', info: { who: 'alice' } });
      expect(await run.runsIt()).toBe(true);
    });

    test('coming back twice before the next change loses nothing of it', async () => {
      const world = open();
      const first = await world.changed();
      await ends(first);
      await world.bobUnlocks();
      await world.bobDeploys();
      const second = (await world.back(first)).run;
      await ends(second);
      const { run, told } = await world.back(second);
      expect(told).toContain('bob had it meanwhile');
      expect(run.lockEvents).toEqual([]);
      expect(await run.runsIt()).toBe(false);
      expect(await run.runsIt()).toBe(true);
    });

    test('killed after it was taken anew and before that was written down, it is still told', async () => {
      const world = open();
      const first = await world.changed();
      await ends(first);
      await world.bobUnlocks();
      const unrecorded = world.lockOf('alice');
      await unrecorded.acquire(claim());
      await unrecorded.close();
      const { run, told } = await world.back(first);
      expect(told).toContain('it was given free by bob: alice is on holiday');
      expect(await run.runsIt()).toBe(false);
    });

    test('killed after it was taken up again and before that was written down, nothing is said', async () => {
      const world = open();
      const first = await world.changed();
      await ends(first);
      const unrecorded = world.lockOf('alice');
      await unrecorded.acquire(claim());
      await unrecorded.close();
      expect((await world.back(first)).told).toBeNull();
    });
  });

  test('somebody had it on the return, and gave it free before the next change', async () => {
    const world = open();
    const first = await world.changed();
    await leave(first);
    await world.bobUnlocks();
    const bob = await world.bobTakes();
    const { run, told } = await world.back(first);
    expect(told).toBe('the deploy lock "checkout" was lost: bob@h/run-bob has it');
    await bob.release();
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal?.message).toContain('bob had it meanwhile');
    expect(await run.runsIt()).toBe(true);
  });

  test('a recorded loss of a lock that nobody touched is over when it is taken up again', async () => {
    const world = open();
    const first = await world.changed();
    first.tells([{ type: 'lock.lost', frame: 0, data: { scope: 'checkout', because: 'not renewed for 95 s' } }]);
    const { run, told } = await world.back(first);
    expect(told).toBeNull();
    expect(run.state.lock).toMatchObject({ kind: 'held' });
    expect(await run.runsIt()).toBe(true);
  });

  test('given free on this host: its journal knows, and it is told and refused all the same', async () => {
    const world = open();
    const first = await world.changed();
    await leave(first);
    await world.bobUnlocks();
    const reason = 'alice is on holiday';
    first.tells([{ type: 'lock.released', frame: 0, data: { scope: 'checkout', reason, by: 'bob' } }]);
    const { run, told } = await world.back(first);
    expect(told).toContain('it was given free by bob: alice is on holiday');
    expect(await run.runsIt()).toBe(false);
    expect(await run.runsIt()).toBe(true);
  });

  test.each([
    ['it is taken again without a word', false],
    ['and taken by somebody else meanwhile, the next change is refused once', true],
  ])('given free by the run itself, %s', async (_, isTaken) => {
    const world = open();
    const run = await world.changed();
    await run.deployLock.release();
    run.tells([{ type: 'lock.released', frame: 0, data: { scope: 'checkout', reason: 'only due phases remain' } }]);
    if (isTaken) await world.bobDeploys();
    expect(await run.runsIt()).toBe(!isTaken);
    expect(run.state.lock).toMatchObject({ kind: 'held' });
    expect(isTaken ? await run.runsIt() : true).toBe(true);
  });
});

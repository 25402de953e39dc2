import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createDeployLock } from '../../../src/cluster/lock/deploy-lock.ts';
import { type HolderProcess, hostLockStore } from '../../../src/cluster/lock/host-lock.ts';
import { claim, lockContract } from './support/contract.ts';
import { ManualClock } from './support/manual-clock.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const folder = (): string => {
  const dir = join(mkdtempSync(join(tmpdir(), 'gonogo-lock-')), 'locks');
  folders.push(join(dir, '..'));
  return dir;
};

const processOf = (pid: number): HolderProcess => ({ pid, startTime: `${pid}00`, boot: 'b' });

describe('a lock in a file of this host', () => {
  lockContract(async () => {
    const dir = folder();
    return {
      store: (user) => hostLockStore({ dir, scope: 'deploy-md', process: processOf(user.length), isAlive: () => true }),
    };
  });

  const lockIn = (dir: string, user: string, pid: number, isAlive: (holder: HolderProcess) => boolean) =>
    createDeployLock({
      store: hostLockStore({ dir, scope: 'deploy-md', process: processOf(pid), isAlive }),
      scope: 'deploy-md',
      person: { holder: `${user}@h/run-${user}`, who: user },
      clock: new ManualClock(),
    });

  test('is stale at once when the process of its holder is gone, and can be taken over', async () => {
    const dir = folder();
    const alice = lockIn(dir, 'alice', 10, () => true);
    expect(await alice.acquire(claim())).toMatchObject({ kind: 'held', epoch: 0, where: 'host' });
    await alice.close();
    const bob = lockIn(dir, 'bob', 11, ({ pid }) => pid !== 10);
    expect(await bob.look()).toMatchObject({ kind: 'other', stale: true });
    expect(await bob.takeOver(claim(), 'its terminal is gone')).toMatchObject({
      kind: 'held',
      epoch: 1,
      where: 'host',
    });
    await bob.close();
  });

  test('is not stale while the process lives, however long it says nothing', async () => {
    const dir = folder();
    const alice = lockIn(dir, 'alice', 10, () => true);
    await alice.acquire(claim());
    const clock = new ManualClock();
    const bob = createDeployLock({
      store: hostLockStore({ dir, scope: 'deploy-md', process: processOf(11), isAlive: () => true }),
      scope: 'deploy-md',
      person: { holder: 'bob@h/run-bob', who: 'bob' },
      clock,
    });
    await bob.look();
    await clock.advance(3_600_000, () => bob.look());
    expect(bob.state()).toMatchObject({ kind: 'other', stale: false });
    await alice.close();
    await bob.close();
  });

  test('belongs to its user alone', async () => {
    const dir = folder();
    const alice = lockIn(dir, 'alice', 10, () => true);
    await alice.acquire(claim());
    await alice.close();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, 'deploy-md.db')).mode & 0o777).toBe(0o600);
  });

  test('a file that cannot be used is said, and nobody is kept out by it', async () => {
    const file = join(folder(), '..', 'taken');
    writeFileSync(file, '');
    const alice = lockIn(join(file, 'locks'), 'alice', 10, () => true);
    expect(await alice.look()).toMatchObject({ kind: 'unlocked', because: expect.stringContaining('cannot be used') });
    await alice.close();
  });
});

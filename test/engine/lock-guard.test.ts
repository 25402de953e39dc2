import { describe, expect, test } from 'vitest';
import type { LockState } from '../../src/ports/deploy-lock.ts';
import type { LockBefore } from '../../src/session/lock-tenure.ts';
import { bob, held, overdue } from './lock-double.ts';
import { LockedOperator, runbook } from './lock-run.ts';

const operator = (
  change: { readonly windows?: string; readonly production?: boolean; readonly required?: boolean } = {},
) => {
  const one = new LockedOperator(runbook(change.windows), { production: change.production ?? false });
  if (change.required === true && one.state.run !== null)
    one.state = { ...one.state, run: { ...one.state.run, settings: { lock: 'required' } } };
  return one;
};

const other: LockState = { kind: 'other', info: bob, stale: false };
const stale: LockState = { kind: 'other', info: bob, stale: true };
const denied: LockState = { kind: 'unlocked', because: 'no permission (get leases)' };
const lost: LockState = { kind: 'lost', because: 'it was deleted', by: null };

describe('taking the lock', () => {
  test('reading needs none; the first change takes it, every other one reads its epoch again', async () => {
    const run = operator();
    expect(await run.runsIt()).toBe(true);
    expect(run.lock.asked).toEqual([]);
    run.ended();
    expect(await run.runsIt()).toBe(true);
    expect(run.lock.asked).toEqual(['acquire Deploy']);
    expect(run.state.lock).toMatchObject({ kind: 'held', scope: 'checkout', epoch: 4, where: 'cluster' });
    expect(run.events.findIndex(({ type }) => type === 'lock.acquired')).toBeLessThan(
      run.events.findLastIndex(({ type }) => type === 'command.confirmed'),
    );
    run.ended();
    expect(await run.runsIt()).toBe(true);
    expect(run.lock.asked).toEqual(['acquire Deploy', 'verify']);
  });

  test('the window is asked about again at the first change', async () => {
    const run = operator({ windows: 'windows:\n  - allow: "2026-01-01/2026-01-02"\n' }).looked();
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal).toMatchObject({
      message: expect.stringContaining('2026-01-01'),
      override: { what: 'windows' },
    });
    expect(run.lock.asked).toEqual([]);
    expect(await run.goesPast('agreed with the release manager')).toBe(true);
    expect(await run.runsIt()).toBe(true);
    run.ended();
    expect(await run.runsIt()).toBe(true);
  });
});

describe('somebody else has it', () => {
  test('advisory: it goes on with a reason, recorded and shown as UNLOCKED', async () => {
    const run = operator().looked();
    run.lock.whenTaken = other;
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal?.message).toBe(
      'Bob (bob@desk/0199) has the deploy lock "checkout" since 2025-10-09 08:53:20 UTC: Deploy checkout v2.4.0 (CHG-9), at step 3.1 Wait',
    );
    expect(run.lastGuardRefusal?.nextStep).toContain('gonogo resume 0199 observes it');
    expect(run.lockEvents).toEqual([]);
    expect(await run.goesPast('Bob is on the phone with me')).toBe(true);
    expect(await run.runsIt()).toBe(true);
    expect(run.state.lock).toMatchObject({ kind: 'unlocked', holder: 'bob@desk/0199' });
    run.ended();
    expect(await run.runsIt()).toBe(true);
    expect(run.lockEvents).toEqual(['lock.unlocked']);
  });

  test('it is asked for again at every change, and taken once it is free', async () => {
    const run = operator().looked();
    run.lock.whenTaken = other;
    await run.runsIt();
    await run.goesPast('Bob is on the phone with me');
    await run.runsIt();
    run.ended();
    run.lock.whenTaken = held;
    expect(await run.runsIt()).toBe(true);
    expect(run.state.lock).toMatchObject({ kind: 'held' });
  });

  test('a reason given for one holder is none for the next', async () => {
    const run = operator().looked();
    run.lock.whenTaken = other;
    await run.runsIt();
    await run.goesPast('Bob is on the phone with me');
    run.lock.whenTaken = { kind: 'other', stale: false, info: { ...bob, holder: 'carol@desk/0200' } };
    expect(await run.runsIt()).toBe(false);
  });

  test('required: it never goes on beside a holder', async () => {
    const run = operator({ required: true }).looked();
    run.lock.whenTaken = other;
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal?.override).toBeUndefined();
  });

  test('parked: gonogo unlock is named', async () => {
    const run = operator().looked();
    run.lock.whenTaken = {
      kind: 'other',
      stale: false,
      info: { ...bob, note: 'parked by Bob at step 2.3, resumable' },
    };
    await run.runsIt();
    expect(run.lastGuardRefusal?.message).toContain('parked by Bob at step 2.3, resumable');
    expect(run.lastGuardRefusal?.nextStep).toContain('gonogo unlock checkout');
  });
});

describe('taking over', () => {
  const { holder, who, why, ticket, epoch, since } = bob;
  const before: LockBefore = { isOurs: false, holder, who, why, ticket, epoch, since, how: null };
  const taken = { kind: 'held', epoch: 4, where: 'cluster', since: 1_000 } as const;

  test.each([false, true])(
    'a stale one wants a reason and the user part of its holder (required: %s)',
    async (required) => {
      const run = operator({ required }).looked();
      run.lock.whenTaken = stale;
      run.lock.whenTakenOver = { ...taken, before };
      expect(await run.runsIt()).toBe(false);
      expect(run.lastGuardRefusal).toMatchObject({ override: { typed: { word: 'bob', of: 'holder' } } });
      expect(run.lastGuardRefusal?.message).toContain('STALE');
      expect(run.lastGuardRefusal?.nextStep).toContain('Take it over: say why and type bob');
      expect(run.lastGuardRefusal?.nextStep).toContain('gonogo unlock checkout');
      expect(run.lastGuardRefusal?.nextStep).not.toContain('Wait');
      const { what } = run.lastGuardRefusal?.override ?? { what: '' };
      expect(await run.goesPast('his laptop is closed', 'Bob')).toBe(false);
      expect(run.lockEvents).toEqual([]);
      expect(await run.asks({ type: 'override', what, reason: 'his laptop is closed', typed: 'bob' })).toBe(true);
      expect(run.lockEvents).toEqual(['lock.taken-over', 'lock.acquired']);
      expect(run.events.find(({ type }) => type === 'lock.taken-over')?.data).toEqual({
        scope: 'checkout',
        from: 'bob@desk/0199',
        epoch: 4,
        reason: 'his laptop is closed',
        typed: 'bob',
      });
      expect(await run.runsIt()).toBe(true);
    },
  );

  test('one that was given free meanwhile is taken from nobody', async () => {
    const run = operator().looked();
    run.lock.whenTaken = stale;
    await run.runsIt();
    run.lock.whenTakenOver = { ...taken, before: { ...before, holder: null, how: 'given free by bob' } };
    expect(await run.goesPast('his laptop is closed', 'bob')).toBe(true);
    expect(run.lockEvents).toEqual(['lock.acquired']);
    expect(run.events.find(({ type }) => type === 'lock.acquired')?.data).toMatchObject({ from: 'given free by bob' });
  });

  test('one that came back to life meanwhile is not taken', async () => {
    const run = operator().looked();
    run.lock.whenTaken = stale;
    await run.runsIt();
    run.lock.whenTakenOver = other;
    expect(await run.goesPast('his laptop is closed', 'bob')).toBe(false);
    expect(run.lockEvents).toEqual([]);
    expect(run.state.overrides).toEqual([]);
  });
});

describe('a lock that was lost', () => {
  test('the next change is refused, by whom it was taken is recorded', async () => {
    const run = operator().looked();
    await run.runsIt();
    run.ended();
    run.lock.whenVerified = {
      kind: 'lost',
      because: 'bob@desk/0199 has it, taken over from alice@h/run-1: gone',
      by: bob,
    };
    run.lock.whenTaken = other;
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal?.message).toContain('the deploy lock was lost. Bob (bob@desk/0199) has');
    expect(run.lockEvents).toEqual(['lock.acquired', 'lock.lost']);
    expect(run.events.find(({ type }) => type === 'lock.lost')?.data).toMatchObject({
      because: expect.stringContaining('bob@desk/0199'),
    });
  });

  test('overdue, and nobody touched it: the change goes on once it is renewed, and both are recorded', async () => {
    const run = operator().looked();
    await run.runsIt();
    run.ended();
    run.lock.becomes(overdue);
    await Promise.resolve();
    expect(run.state.lock).toMatchObject({ kind: 'lost' });
    run.lock.whenVerified = held;
    expect(await run.runsIt()).toBe(true);
    expect(run.lockEvents).toEqual(['lock.acquired', 'lock.lost', 'lock.acquired']);
    expect(run.state.lock).toMatchObject({ kind: 'held', epoch: 4 });
    expect(run.lock.asked).toEqual(['acquire Deploy', 'verify']);
  });

  test('overdue, and renewed by itself between two changes: nothing is refused', async () => {
    const run = operator().looked();
    await run.runsIt();
    run.ended();
    run.lock.becomes(overdue);
    run.lock.becomes(held);
    await Promise.resolve();
    expect(run.state.lock).toMatchObject({ kind: 'held', epoch: 4 });
    expect(await run.runsIt()).toBe(true);
    expect(run.lockEvents).toEqual(['lock.acquired', 'lock.lost', 'lock.acquired']);
  });

  test('overdue, and the server is still away: a reason is needed, and it is held again when it answers', async () => {
    const run = operator().looked();
    await run.runsIt();
    run.ended();
    run.lock.becomes(overdue);
    run.lock.acquire = async () => ({ kind: 'unlocked', because: 'connection refused' });
    expect(await run.runsIt()).toBe(false);
    expect(await run.goesPast('the API server restarts')).toBe(true);
    expect(await run.runsIt()).toBe(true);
    expect(run.state.lock).toMatchObject({ kind: 'unlocked', because: 'connection refused' });
    run.lock.becomes(held);
    await Promise.resolve();
    expect(run.state.lock).toMatchObject({ kind: 'held', epoch: 4 });
  });

  test('deleted or given free by somebody: it is taken again, and the change still has to be confirmed anew', async () => {
    const run = operator().looked();
    await run.runsIt();
    run.ended();
    run.lock.whenVerified = lost;
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal?.message).toContain('lost (it was deleted) and is held again from now on');
    expect(run.lockEvents).toEqual(['lock.acquired', 'lock.lost', 'lock.acquired']);
    run.lock.whenVerified = null;
    expect(await run.runsIt()).toBe(true);
  });

  test('a loss that was noticed before the change refuses it just the same', async () => {
    const run = operator().looked();
    await run.runsIt();
    run.ended();
    run.lock.becomes(lost);
    await Promise.resolve();
    expect(run.state.lock).toMatchObject({ kind: 'lost' });
    expect(await run.runsIt()).toBe(false);
    expect(await run.runsIt()).toBe(true);
  });

  test('one that cannot be read needs a reason for each change, and none helps when it is required', async () => {
    const run = operator().looked();
    await run.runsIt();
    run.ended();
    run.lock.whenVerified = { kind: 'unlocked', because: 'connection refused' };
    expect(await run.runsIt()).toBe(false);
    expect(await run.goesPast('the API server restarts')).toBe(true);
    expect(await run.runsIt()).toBe(true);
    const strict = operator({ required: true }).looked();
    await strict.runsIt();
    strict.ended();
    strict.lock.whenVerified = { kind: 'unlocked', because: 'connection refused' };
    await strict.runsIt();
    expect(strict.lastGuardRefusal?.override).toBeUndefined();
  });
});

describe('no permission', () => {
  test('outside production it goes on and says UNLOCKED, once', async () => {
    const run = operator().looked();
    run.lock.whenTaken = denied;
    expect(await run.runsIt()).toBe(true);
    run.ended();
    expect(await run.runsIt()).toBe(true);
    expect(run.lockEvents).toEqual(['lock.unlocked']);
  });

  test('in production it needs an override', async () => {
    const run = operator({ production: true }).looked();
    run.lock.whenTaken = denied;
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal?.override?.what).toBe('lock');
    await run.goesPast('only I deploy today');
    expect(await run.runsIt()).toBe(true);
  });

  test('when it is required nothing is changed', async () => {
    const run = operator({ required: true }).looked();
    run.lock.whenTaken = denied;
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal?.override).toBeUndefined();
  });
});

describe('a rollback', () => {
  test.each([
    ['somebody else has it', other],
    ['nothing is permitted', denied],
  ])('is not blocked: %s', async (_, state) => {
    const run = operator({ production: true, required: true }).looked();
    await run.runsIt();
    run.ended();
    run.lock.becomes(lost);
    await Promise.resolve();
    run.lock.whenTaken = state;
    expect(await run.asks({ type: 'rollback' })).toBe(true);
    expect(run.state.lock).toMatchObject({ kind: 'unlocked', because: expect.stringContaining('rollback, not asked') });
  });

  test('does not wait for an answer that never comes', async () => {
    const run = operator().looked();
    await run.runsIt();
    run.ended();
    run.lock.verify = () => new Promise(() => undefined);
    const rollback = run.asks({ type: 'rollback' });
    await Promise.resolve();
    for (const call of run.late) call();
    expect(await rollback).toBe(true);
    expect(run.state.lock).toMatchObject({ kind: 'unlocked' });
  });

  describe('an answer that comes later is recorded when it comes', () => {
    const twice = runbook().replace(
      'y.yaml\n  ```',
      'y.yaml\n  ```\n\n  ```sh {undo}\n  kubectl delete -f y.yaml\n  ```',
    );
    const waiting = async (changes = 1) => {
      const run = new LockedOperator(changes === 1 ? runbook() : twice).looked();
      for (let i = 0; i < changes; i += 1) {
        await run.runsIt();
        run.ended();
      }
      run.lock.becomes({ kind: 'lost', because: 'it was deleted', by: null });
      await Promise.resolve();
      const asked = Promise.withResolvers<LockState>();
      run.lock.acquire = () => {
        run.lock.asked.push('acquire');
        return asked.promise;
      };
      const rollback = run.asks({ type: 'rollback' });
      await Promise.resolve();
      for (const call of run.late.splice(0)) call();
      expect(await rollback).toBe(true);
      expect(run.state.lock).toMatchObject({ kind: 'unlocked', because: expect.stringContaining('in time') });
      const answers = async (state: LockState): Promise<void> => {
        run.lock.becomes(state);
        asked.resolve(state);
        await new Promise(setImmediate);
      };
      return { run, answers };
    };

    test('held', async () => {
      const { run, answers } = await waiting();
      await answers({ kind: 'held', epoch: 5, where: 'cluster', since: 2_000 });
      expect(run.state.lock).toMatchObject({ kind: 'held', epoch: 5 });
      expect(run.lockEvents).toEqual(['lock.acquired', 'lock.lost', 'lock.unlocked', 'lock.acquired']);
    });

    test('somebody else has it', async () => {
      const { run, answers } = await waiting();
      await answers(other);
      expect(run.state.lock).toMatchObject({ kind: 'unlocked', holder: 'bob@desk/0199' });
    });

    test('ours all along: the epoch is told again', async () => {
      const run = operator().looked();
      await run.runsIt();
      run.ended();
      const asked = Promise.withResolvers<LockState>();
      run.lock.verify = () => asked.promise;
      const rollback = run.asks({ type: 'rollback' });
      await Promise.resolve();
      for (const call of run.late.splice(0)) call();
      expect(await rollback).toBe(true);
      asked.resolve(held);
      await new Promise(setImmediate);
      expect(run.lockEvents).toEqual(['lock.acquired', 'lock.unlocked', 'lock.acquired']);
    });

    test('it is not asked for a second time meanwhile', async () => {
      const { run, answers } = await waiting(2);
      run.ended();
      const next = run.runsIt();
      await Promise.resolve();
      await answers({ kind: 'held', epoch: 5, where: 'cluster', since: 2_000 });
      expect(await next).toBe(true);
      await new Promise(setImmediate);
      expect(run.lock.asked.filter((what) => what === 'acquire')).toHaveLength(1);
      expect(run.lockEvents.slice(-2)).toEqual(['lock.unlocked', 'lock.acquired']);
    });

    test('not once the run is over', async () => {
      const { run, answers } = await waiting();
      run.ended();
      await run.asks({ type: 'finish' });
      const { length } = run.events;
      await answers({ kind: 'held', epoch: 5, where: 'cluster', since: 2_000 });
      expect(run.events).toHaveLength(length);
    });
  });
});

test('how a lock came to this run is recorded once', async () => {
  const run = operator().looked();
  const before: LockBefore = {
    isOurs: false,
    holder: null,
    epoch: 3,
    since: null,
    who: 'Carol',
    why: 'Deploy checkout v2.2.0',
    ticket: null,
    how: 'given free by Bob: Carol is on holiday',
  };
  run.lock.whenTaken = { kind: 'held', epoch: 4, where: 'cluster', since: 1_000, before };
  await run.runsIt();
  run.ended();
  await run.asks({ type: 'leave', why: 'quit' });
  run.tells([{ type: 'run.resumed', frame: 0, data: { pid: 1, terminal: null, mode: 'screen' } }]);
  run.lock.whenResumed = {
    kind: 'held',
    epoch: 5,
    where: 'cluster',
    since: 1_000,
    before: { ...before, isOurs: true },
  };
  await run.keeper.takeUp();
  expect(run.events.filter(({ type }) => type === 'lock.acquired').map(({ data }) => data)).toEqual([
    { scope: 'checkout', epoch: 4, where: 'cluster', since: 1_000, from: 'given free by Bob: Carol is on holiday' },
    { scope: 'checkout', epoch: 6, where: 'cluster', since: 1_000 },
  ]);
});

test('a run before that was over and gave it free is nothing to tell', async () => {
  const run = operator().looked();
  const [holder, who, why] = [null, 'Carol', 'Deploy checkout v2.2.0'];
  const before = { isOurs: false, holder, epoch: 3, since: null, who, why, ticket: null, how: 'given free by carol' };
  run.lock.whenTaken = { kind: 'held', epoch: 4, where: 'host', since: 1_000, before: { ...before, isUsual: true } };
  await run.runsIt();
  expect(run.events.find(({ type }) => type === 'lock.acquired')?.data).not.toHaveProperty('from');
});

test('what others are told holds no secret', async () => {
  const run = new LockedOperator(runbook().replace('title: Deploy', 'title: Deploy hunter2')).looked();
  await run.runsIt();
  expect(run.lock.asked).toEqual(['acquire Deploy [secret x]']);
});

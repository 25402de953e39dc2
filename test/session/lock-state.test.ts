import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/session/events.ts';
import { lockWarning } from '../../src/session/lock-state.ts';
import { holderHost, holderNextStep, holderRun, holderUser, holderWords } from '../../src/session/lock-words.ts';
import { Operator } from './support.ts';

const scope = 'checkout';

const lockOf = (...events: readonly RunEvent[]) => {
  const operator = new Operator('# Deploy\n\n- [ ] Look\n');
  operator.record(events);
  return operator.state.lock;
};

const warningOf = (...events: readonly RunEvent[]) => {
  const operator = new Operator('# Deploy\n\n- [ ] Look\n');
  operator.record(events);
  return lockWarning(operator.state);
};

describe('what a run knows of its lock', () => {
  test('follows the events', () => {
    const acquired: RunEvent = { type: 'lock.acquired', frame: 0, data: { scope, epoch: 2, where: 'cluster' } };
    expect(lockOf()).toEqual({ kind: 'none' });
    expect(lockOf(acquired)).toMatchObject({ kind: 'held', epoch: 2, where: 'cluster', since: 1_760_000_000_000 });
    expect(lockOf(acquired, { type: 'lock.parked', frame: 0, data: { scope, note: 'parked' } })).toMatchObject({
      kind: 'parked',
    });
    expect(lockOf(acquired, { type: 'lock.lost', frame: 0, data: { scope, because: 'deleted' } })).toMatchObject({
      kind: 'lost',
    });
    expect(lockOf(acquired, { type: 'lock.released', frame: 0, data: { scope, reason: null } })).toMatchObject({
      kind: 'released',
    });
  });

  test('a lost one and none are said, a held one is not', () => {
    expect(warningOf()).toBeNull();
    expect(warningOf({ type: 'lock.acquired', frame: 0, data: { scope, epoch: 0, where: 'host' } })).toBeNull();
    expect(warningOf({ type: 'lock.lost', frame: 0, data: { scope, because: 'it was deleted' } })).toEqual({
      kind: 'lost',
      text: 'deploy lock "checkout" lost: it was deleted. The next change asks for it again',
      isForOthers: false,
    });
    const data = { scope, because: 'no permission (get leases)', holder: null };
    expect(warningOf({ type: 'lock.unlocked', frame: 0, data })?.text).toMatch(/^UNLOCKED: /);
  });

  test('one that could not be given free is for others: no change of this run comes after it', () => {
    const because = 'it could not be given free: connection refused';
    const state = {
      ...new Operator('# Deploy\n\n- [ ] Look\n').state,
      lock: { kind: 'lost', scope, because, isNotFreed: true },
    } as const;
    expect(lockWarning(state)).toEqual({
      kind: 'lost',
      text: 'deploy lock "checkout": it could not be given free: connection refused. Others find it stale; gonogo unlock checkout gives it free',
      isForOthers: true,
    });
    const { run } = state;
    if (run === null) throw new Error('there is no run');
    const target = { ...run.target, context: 'prod-eu', namespace: 'shop', pinned: true };
    expect(lockWarning({ ...state, run: { ...run, target } })?.text).toMatch(
      /gonogo unlock checkout --context prod-eu --namespace shop gives it free$/,
    );
  });

  test('keeps under which epoch and since when it had it, whatever became of it', () => {
    const operator = new Operator('# Deploy\n\n- [ ] Look\n');
    expect(operator.state.lockTenure).toBeNull();
    operator.record([
      { type: 'lock.acquired', frame: 0, data: { scope, epoch: 2, where: 'cluster', since: 17 } },
      { type: 'lock.lost', frame: 0, data: { scope, because: 'it was deleted' } },
    ]);
    expect(operator.state.lockTenure).toEqual({ epoch: 2, since: 17 });
  });
});

describe('a holder', () => {
  const bob = {
    holder: 'bob@desk/0199',
    who: 'Bob',
    why: 'Fix',
    ticket: null,
    step: '2.1 Wait',
    since: null,
    note: null,
  };
  const pinned = { context: 'prod-eu', namespace: 'shop', pinned: true };

  test('has a user, a host and a run', () => {
    expect([holderUser(bob.holder), holderHost(bob.holder), holderRun(bob.holder)]).toEqual(['bob', 'desk', '0199']);
    expect([holderUser('carol'), holderHost('carol'), holderRun('carol')]).toEqual(['carol', null, null]);
  });

  test('is told with what is known of it', () => {
    expect(holderWords(scope, bob, false)).toBe(
      'Bob (bob@desk/0199) has the deploy lock "checkout": Fix, at step 2.1 Wait',
    );
    expect(holderWords(scope, bob, true)).toMatch(/STALE: it is no longer renewed$/);
    const bare = { ...bob, holder: 'carol', who: 'carol', why: '', step: null };
    expect(holderWords(scope, bare, false)).toBe('carol has the deploy lock "checkout"');
  });

  test('what can be done depends on where its run is and whether it is parked', () => {
    const away = { stale: false, observable: false };
    const here = { stale: false, observable: true };
    expect(holderNextStep(scope, bob, away, pinned)).toBe('Wait until it is free');
    expect(holderNextStep(scope, bob, here, pinned)).toBe(
      'gonogo resume 0199 observes it from here. Wait until it is free',
    );
    const parked = { ...bob, note: 'parked by Bob at step 2.1, resumable' };
    expect(holderNextStep(scope, parked, away, pinned)).toBe(
      'gonogo unlock checkout --context prod-eu --namespace shop gives it free, with a reason',
    );
    const sticky = { ...bob, note: 'after a rollback of "Deploy" by Bob' };
    expect(holderNextStep(scope, sticky, here, pinned)).not.toContain('resume');
  });

  test('a stale one can be taken over, or given free: nobody has to wait for it', () => {
    const stale = { stale: true, observable: false };
    expect(holderNextStep(scope, bob, stale, pinned)).toBe(
      'Take it over: say why and type bob. Or gonogo unlock checkout --context prod-eu --namespace shop gives it free, with a reason',
    );
    expect(holderNextStep(scope, bob, { ...stale, observable: true }, pinned)).toMatch(/^gonogo resume 0199 observes/);
  });
});

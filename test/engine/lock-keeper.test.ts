import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandRunner, StartRequest } from '../../src/ports/commands.ts';
import { bob, held, overdue } from './lock-double.ts';
import { LockedOperator, runbook } from './lock-run.ts';

const changed = async (): Promise<LockedOperator> => {
  const run = new LockedOperator(runbook()).looked();
  await run.runsIt();
  run.ended();
  return run;
};

describe('the end of a lock', () => {
  test('leaving half-way parks it, with the step', async () => {
    const run = await changed();
    expect(await run.asks({ type: 'leave', why: 'quit' })).toBe(true);
    expect(run.lock.asked.at(-1)).toBe('park: parked by alice at step 1.3, resumable');
    expect(run.lockEvents).toEqual(['lock.acquired', 'lock.parked']);
    expect(run.events.at(-1)?.type).toBe('run.left');
  });

  test('leaving before anything was changed leaves nothing behind', async () => {
    const run = new LockedOperator(runbook());
    await run.asks({ type: 'leave', why: 'quit' });
    expect(run.lock.asked).toEqual([]);
    expect(run.lockEvents).toEqual([]);
  });

  test('nobody is kept from leaving by a lock that does not answer', async () => {
    const run = await changed();
    run.lock.park = () => new Promise(() => undefined);
    const left = run.asks({ type: 'leave', why: 'signal' });
    await Promise.resolve();
    for (const call of run.late) call();
    expect(await left).toBe(true);
    expect(run.lockEvents).toEqual(['lock.acquired']);
  });

  test('ending the run gives it free, with the reason', async () => {
    const run = await changed();
    await run.asks({ type: 'end', reason: 'postponed' });
    expect(run.state.lock).toEqual({ kind: 'released', scope: 'checkout', reason: 'postponed' });
  });

  test('what could not be given free is recorded as lost', async () => {
    const run = await changed();
    run.lock.failure = 'connection refused';
    await run.asks({ type: 'end', reason: 'postponed' });
    expect(run.state.lock).toMatchObject({ kind: 'lost', because: 'it could not be given free: connection refused' });
  });

  describe('that is overdue', () => {
    const isOverdue = async () => {
      const run = await changed();
      run.lock.becomes(overdue);
      await Promise.resolve();
      return run;
    };
    const end = { type: 'end', reason: 'postponed' } as const;
    const leave = { type: 'leave', why: 'quit' } as const;

    test.each([
      ['given free', end, 'lock.released'],
      ['parked', leave, 'lock.parked'],
    ] as const)('is renewed and %s when its server answers again', async (_, intent, last) => {
      const run = await isOverdue();
      run.lock.whenVerified = held;
      expect(await run.asks(intent)).toBe(true);
      expect(run.lockEvents).toEqual(['lock.acquired', 'lock.lost', 'lock.acquired', last]);
    });

    test.each([
      ['given free', end],
      ['parked', leave],
    ] as const)('is told when it could not be %s', async (what, intent) => {
      const run = await isOverdue();
      run.lock.failure = 'connection refused';
      expect(await run.asks(intent)).toBe(true);
      const because = `it could not be ${what}: connection refused`;
      expect(run.state.lock).toMatchObject({ kind: 'lost', because, isNotFreed: true });
      expect(run.lock.now).toEqual({ kind: 'none' });
    });

    test.each([
      ['given free', end],
      ['parked', leave],
    ] as const)('keeps nobody waiting for an answer that never comes: not %s', async (what, intent) => {
      const run = await isOverdue();
      run.lock.verify = () => new Promise(() => undefined);
      run.lock.release = () => new Promise(() => undefined);
      run.lock.park = () => new Promise(() => undefined);
      const asked = run.asks(intent);
      await Promise.resolve();
      for (const call of run.late.splice(0)) call();
      expect(await asked).toBe(true);
      run.lock.becomes(held);
      await new Promise(setImmediate);
      expect(run.state.lock).toMatchObject({ because: `it could not be ${what}: no answer`, isNotFreed: true });
    });

    test.each([end, leave])('is left alone when somebody took it meanwhile ($type)', async (intent) => {
      const run = await isOverdue();
      const because = 'bob@desk/0199 has it';
      run.lock.whenVerified = { kind: 'lost', because, by: bob };
      expect(await run.asks(intent)).toBe(true);
      expect(run.lock.asked.at(-1)).toBe('verify');
      expect(run.state.lock).toEqual({ kind: 'lost', scope: 'checkout', because });
    });
  });

  test('after a rollback it stays, with the reason', async () => {
    const run = await changed();
    expect(await run.asks({ type: 'rollback' })).toBe(true);
    run.ended();
    expect(run.main.kind).toBe('finish');
    await run.asks({ type: 'finish' });
    expect(run.lock.asked.at(-1)).toBe('park: after a rollback of "Deploy" by alice');
    expect(run.state.lock).toMatchObject({ kind: 'parked' });
    expect(run.state.finished).toMatchObject({ outcome: 'rolled-back' });
  });

  test('it is given free when only due phases without changes remain', async () => {
    const run = await changed();
    await run.runsIt();
    expect(run.lock.asked).not.toContain('release');
    run.ended();
    await new Promise(setImmediate);
    expect(run.lock.asked.at(-1)).toBe('release');
    expect(run.state.lock).toMatchObject({ kind: 'released', reason: 'only due phases without changes remain' });
  });

  test('others are told at which step it is', async () => {
    const run = await changed();
    expect(run.lock.step).toBe('1.3 Change it more');
  });
});

describe('a run that goes on', () => {
  test('takes its parked lock up again', async () => {
    const run = await changed();
    await run.asks({ type: 'leave', why: 'quit' });
    run.tells([{ type: 'run.resumed', frame: 0, data: { pid: 1, terminal: null, mode: 'screen' } }]);
    expect(await run.keeper.takeUp()).toBeNull();
    expect(run.lockEvents).toEqual(['lock.acquired', 'lock.parked', 'lock.acquired']);
  });

  test('is told when somebody else has it now', async () => {
    const run = await changed();
    await run.asks({ type: 'leave', why: 'quit' });
    run.lock.whenResumed = { kind: 'other', info: bob, stale: false };
    expect(await run.keeper.takeUp()).toBe('the deploy lock "checkout" was lost: bob@desk/0199 has it');
    expect(run.state.lock).toMatchObject({ kind: 'lost' });
  });

  test('asks for none that it never had', async () => {
    const run = new LockedOperator(runbook());
    expect(await run.keeper.takeUp()).toBeNull();
    expect(run.lock.asked).toEqual([]);
  });
});

describe('a process that stood still after a change was confirmed', () => {
  const started: number[] = [];
  beforeEach(() => {
    started.length = 0;
  });
  const runner = { start: async ({ attempt }: StartRequest) => void started.push(attempt) } as unknown as CommandRunner;

  const confirmed = async (run: Awaited<ReturnType<typeof changed>>) => {
    await run.runsIt();
    const { spec, hash } = Object.values(run.state.attempts).at(-1) ?? {};
    if (spec === undefined || hash === undefined) throw new Error('nothing was confirmed');
    return { attempt: 3, spec, hash, values: {}, secretNames: [], stdin: null };
  };
  test('does not start it', async () => {
    const run = await changed();
    const request = await confirmed(run);
    const guarded = run.keeper.guardStarts(runner);
    run.lock.fresh = false;
    expect(await (await guarded.start(request)).ended).toMatchObject({ kind: 'not-started' });
    expect(started).toEqual([]);
    await guarded.start({ ...request, spec: { ...request.spec, risk: 'read' } });
    run.lock.fresh = true;
    await guarded.start(request);
    expect(started).toEqual([3, 3]);
  });

  test('does not start it when the lock was found lost meanwhile', async () => {
    const run = await changed();
    const request = await confirmed(run);
    run.lock.now = { kind: 'lost', because: 'bob@desk/0199 has it', by: bob };
    const attempt = await run.keeper.guardStarts(runner).start(request);
    expect(await attempt.ended).toMatchObject({
      kind: 'not-started',
      because: 'the deploy lock was lost after it was confirmed: bob@desk/0199 has it',
    });
    expect(started).toEqual([]);
  });

  /** Its server is away for too long, and the operator says why it goes on all the same. */
  const goesOnUnlocked = async () => {
    const run = await changed();
    run.lock.becomes(overdue);
    await Promise.resolve();
    run.lock.acquire = async () => ({ kind: 'unlocked', because: 'connection refused' });
    expect(await run.runsIt()).toBe(false);
    expect(run.lastGuardRefusal?.override?.what).toBe('going on after the deploy lock was lost');
    expect(await run.goesPast('the API server restarts')).toBe(true);
    return { run, request: await confirmed(run) };
  };

  test('starts it when the operator gave a reason for going on while the lock is overdue', async () => {
    const { run, request } = await goesOnUnlocked();
    await run.keeper.guardStarts(runner).start(request);
    expect(started).toEqual([3]);
  });

  test('does not start it when somebody is found to have taken the overdue lock after that', async () => {
    const { run, request } = await goesOnUnlocked();
    run.lock.now = { kind: 'lost', because: 'bob@desk/0199 has it', by: bob };
    const attempt = await run.keeper.guardStarts(runner).start(request);
    expect(await attempt.ended).toMatchObject({ kind: 'not-started' });
    expect(started).toEqual([]);
  });
});

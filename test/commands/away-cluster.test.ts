import { describe, expect, test } from 'vitest';
import { clusterLines, lockLines } from '../../src/commands/away-cluster.ts';
import type { RunLock } from '../../src/session/lock-state.ts';
import { facts, live, now, pod, pods, rollout, workload } from '../gates/support/facts.ts';

const away = { from: now - 600_000, to: now };
const texts = (found: ReturnType<typeof lockLines>): readonly string[] =>
  found.map(({ level, text }) => `${level} ${text}`);

describe('the deploy lock while nobody was there', () => {
  const scope = 'checkout';
  const held: RunLock = { kind: 'held', scope, epoch: 3, where: 'cluster', since: 0 };
  const parked: RunLock = { kind: 'parked', scope, note: 'parked by alice, resumable' };
  const released = (reason: string): RunLock => ({ kind: 'released', scope, reason });

  test.each<[string, RunLock, RunLock, readonly string[]]>([
    ['never asked for', { kind: 'none' }, { kind: 'none' }, []],
    ['parked and taken up again', parked, held, ['info the deploy lock "checkout" is held again']],
    ['renewed', held, held, ['info the deploy lock "checkout" was renewed and is still held']],
    [
      'given free by somebody',
      released('by bob: his turn'),
      released('by bob: his turn'),
      ['attention the deploy lock "checkout" was given free: by bob: his turn'],
    ],
    [
      'given free by the run itself',
      released('only due phases without changes remain'),
      released('only due phases without changes remain'),
      [],
    ],
    [
      'nobody is kept out',
      held,
      { kind: 'unlocked', scope, because: 'no permission (get leases)', holder: null },
      ['attention UNLOCKED: nobody is kept out of "checkout": no permission (get leases)'],
    ],
    // Whoever asked for it has told who has it now.
    ['taken over', held, { kind: 'lost', scope, because: 'bob@desk/0199 has it' }, []],
  ])('%s', (_, before, after, lines) => {
    expect(texts(lockLines(before, after))).toEqual(lines);
  });
});

describe('the cluster while nobody was there', () => {
  test('all is well: nothing is said', () => {
    expect(clusterLines(facts(), [], away)).toEqual([]);
    expect(clusterLines(null, [], away)).toEqual([]);
  });

  test('a login that has expired and a missing right are said, with what to do', () => {
    const source = live({ state: 'login-expired', because: 'LOGIN EXPIRED', nextStep: 'run aws sso login' });
    expect(texts(clusterLines(facts({ source, workloads: [] }), [], away))).toEqual([
      'attention LOGIN EXPIRED; run aws sso login',
    ]);
    const denied = live({ state: 'denied', because: 'no permission (list pods)', nextStep: null });
    expect(texts(clusterLines(facts({ source: denied, workloads: [] }), [], away))).toEqual([
      'attention no permission (list pods)',
    ]);
  });

  test('restarts meanwhile, pods that fail now, and changes by others are said', () => {
    const failing = workload({
      restartTimes: [now - 900_000, now - 60_000, now - 1_000],
      newPods: pods({ OK: 5, FAILING: 1 }),
      troubled: [pod({ class: 'FAILING', reason: 'CrashLoopBackOff' })],
      rollout: rollout(),
    });
    const change = { at: now - 60_000, workload: 'deployment/checkout', by: 'kubectl-set', what: 'its spec' };
    expect(texts(clusterLines(facts({ workloads: [failing] }), [change], away))).toEqual([
      'attention deployment/checkout changed outside this run, 08:52:20, by kubectl-set: its spec',
      'attention deployment/checkout: 2 restarts of pods with an error',
      'attention FAIL checkout: 1 pod: CrashLoopBackOff',
    ]);
  });
});

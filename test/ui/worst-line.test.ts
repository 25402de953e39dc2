import { expect, test } from 'vitest';
import { titleWords } from '../../src/ui/run/terminal.ts';
import * as facts from './support/cluster-facts.ts';
import { drawn } from './support/gate-frames.ts';
import type { gateRuns } from './support/gate-runs.ts';

const header = (run: keyof typeof gateRuns, state = facts.rolledOut, columns = 160): readonly string[] =>
  drawn(run, state).lines(columns, 48).slice(0, 4);

test('a wrong target goes before everything else', () => {
  const [, , worst, back] = header('mismatch', facts.pullFailure);
  expect(worst).toContain('FAIL   E602 STOP: cluster is 7c1e, run started on 41ab');
  expect(back).toContain('nothing can be rolled back at another target');
});

test('a breached criterion goes before a failing workload, and says what acknowledges it', () => {
  const [, , worst, back] = header('breached', facts.pullFailure);
  expect(worst).toMatch(/^ FAIL {3}rollback criterion BREACHED: http shop\.example\.com\/health: HTTP 503/);
  expect(worst).toContain('A acknowledges it');
  expect(back).toContain('rollback criteria: 1 of 4 reached, all 4 visible');
});

test('a failed gate goes before the workload it judges', () => {
  expect(header('failed', facts.pullFailure)[2]).toMatch(/^ FAIL {3}rollout: checkout-7d9f/);
  expect(header('rolling', facts.pullFailure)[2]).toMatch(/^ FAIL {3}checkout: 2 pods: ImagePullBackOff/);
});

test('a failing workload goes before a gate that cannot tell', () => {
  expect(header('blind', facts.crashing)[2]).toMatch(/^ FAIL {3}checkout: 1 pod: CrashLoopBackOff/);
  const [, , blind] = header('blind');
  expect(blind).toMatch(/^ BLIND {2}http shop\.example\.com\/health: connect ECONNREFUSED/);
  expect(blind).toContain('1 of 3 checks cannot tell');
});

test('a gate that lost sight says since when, and beside it how long that is now', () => {
  for (const columns of [160, 100]) {
    const [, , worst] = header('stale', facts.stale, columns);
    expect(worst).toMatch(/^ BLIND {2}pods of the target: no news since 14:45:03 \(connection refused\) +STALE 1:12 $/);
  }
});

test('a lost lock and UNLOCKED are said at every size', () => {
  expect(header('lost')[2]).toContain('FAIL   deploy lock "deployment-checkout" lost');
  for (const columns of [160, 100, 80, 60]) {
    const [target, , worst] = header('unlocked', facts.rolledOut, columns);
    expect(target).toContain('UNLOCKED');
    expect(worst).toMatch(/^ wait {3}UNLOCKED: nobody is kept out/);
  }
});

test('a lock that could not be given free is said when the run is over, with what gives it free', () => {
  const [, , worst] = header('notFreed', facts.rolledOut, 260);
  expect(worst).toContain('deploy lock "deployment-checkout": it could not be given free: connection refused');
  expect(worst).toContain(
    'Others find it stale; gonogo unlock deployment-checkout --context prod-eu --namespace production gives it free',
  );
});

test('a gate in the background is the worst thing when all is well, with its clock', () => {
  expect(header('soak', facts.rolledOut, 80)[2]).toContain('wait   held 4:02 of 10:00, ');
  expect(header('soak')[2]).toContain('wait   held 4:02 of 10:00, Soak: pods, health, logs');
});

test('ok says what was watched, and that nothing is where nothing is', () => {
  const none = drawn('breached', null);
  expect(none.lines(160, 48)[2]).not.toContain(' ok ');
  const calm = drawn('before', facts.rolledOut).lines(160, 48);
  expect(calm[2]).toMatch(/^ ok {5}no step failed; 1 workload and 4 rollback criteria watched, all ok +live 2 s $/);
  const alone = drawn('before', null).lines(160, 48);
  expect(alone[2]).toContain('no step failed; 4 rollback criteria watched, all ok');
});

test('a change by others is said for ten minutes, whatever the size', () => {
  const changed = (ago: number) => (now: number) => ({
    ...facts.rolledOut(now),
    foreignChanges: [{ at: now - ago, workload: 'deployment/checkout', by: 'kubectl-set', what: 'replicas 6 -> 9' }],
  });
  expect(header('before', changed(30_000), 100)[2]).toMatch(
    /^ wait {3}checkout changed outside this run, .*, by kubectl-set: replicas 6 -> 9/,
  );
  expect(header('before', changed(601_000))[2]).toMatch(/^ ok /);
});

test('as whom stands in line 1 beside the pinned target', () => {
  expect(header('rolling')[0]).toContain('PROD  prod-eu / production as alice@example.com');
});

test("the terminal's title calls by the check that failed, and follows a soak", () => {
  const title = (run: keyof typeof gateRuns) => titleWords(drawn(run, facts.rolledOut).engine.view());
  expect(title('failed')).toBe('NEEDS YOU: rollout FAIL');
  expect(title('breached')).toBe('NEEDS YOU: rollback criterion http shop.example.com/health BREACHED');
  expect(title('soak')).toBe('PROD checkout Soak: pods, health, logs held 4:02 of 10:00');
});

test('a criterion that has not answered yet is neither ok nor visible', () => {
  const live = (value: string, at: number | null) => ({ value, because: null, at, notYet: false, isBad: false });
  const silent = [live('0 failing', 1), live('0 restarts', 1), live('', null), live('HTTP 200', 1)];
  const [, , worst, back] = drawn('before', facts.rolledOut, { criteria: silent }).lines(160, 48);
  expect(worst).toMatch(/^ wait {3}no step failed; 1 of 4 rollback criteria without an answer yet/);
  expect(back).toContain('rollback criteria: 0 of 4 reached, 3 of 4 visible');
  const refused = { value: '', because: 'connection refused', at: 1, notYet: false, isBad: false };
  const text = drawn('before', facts.rolledOut, { criteria: [...silent.slice(0, 2), refused, refused] }).lines(160, 48);
  expect(text.join('\n')).toMatch(/rollout deadline +no answer/);
});

test('a criterion that is bad now is not ok, before a look has counted it', () => {
  const live = (value: string, isBad: boolean) => ({ value, because: null, at: 1, notYet: false, isBad });
  const unasked = { ...live('', false), at: null };
  const answers = [live('3 failing', true), live('3 restarts', false), unasked, live('HTTP 200', false)];
  const lines = drawn('before', facts.rolledOut, { criteria: answers }).lines(160, 48);
  expect(lines.join('\n')).toMatch(/pods failing +3 failing +SUSPECT/);
  // It has an answer, which is not waited for.
  expect(lines[2]).toMatch(/^ wait {3}no step failed; 1 of 4 rollback criteria without an answer yet/);
  const all = answers.map((each) => ({ ...each, at: 1 }));
  expect(drawn('before', facts.rolledOut, { criteria: all }).lines(160, 48)[2]).toMatch(
    /^ wait {3}no step failed; 1 of 4 rollback criteria SUSPECT: pods failing 3 failing /,
  );
});

import { expect, test } from 'vitest';
import { criteriaNow } from '../../src/ui/criteria-now.ts';
import { rowWidth } from '../../src/ui/rows.ts';
import * as facts from './support/cluster-facts.ts';
import { drawn, sizes } from './support/gate-frames.ts';
import { gateRuns } from './support/gate-runs.ts';

const states = {
  cluster: facts.cluster,
  pullFailure: facts.pullFailure,
  crashing: facts.crashing,
  rolledOut: facts.rolledOut,
  stale: facts.stale,
  loginExpired: facts.loginExpired,
  pausedCanary: facts.pausedCanary,
  many: facts.many,
};

for (const [columns, rows] of sizes) {
  test(`every state of gates and cluster is exactly ${columns}x${rows}`, () => {
    for (const run of Object.keys(gateRuns) as (keyof typeof gateRuns)[]) {
      for (const [name, state] of Object.entries(states)) {
        const { frame } = drawn(run, state);
        const { top, above, bottom } = frame(columns, rows);
        expect(top.length + above.length + bottom.length, `${run} ${name}`).toBe(rows);
        for (const line of [...top, ...above, ...bottom]) expect(rowWidth(line), `${run} ${name}`).toBe(columns);
      }
    }
  });
}

test('a rollout that moves has a bar, new and old, restarts, foreign changes and events beside the step', () => {
  const text = drawn('rolling', facts.cluster).lines(160, 48).join('\n');
  expect(text).toContain('┌ Pods · live 2 s ─');
  expect(text).toMatch(/checkout {2}UPDATING 4\/6 +wait │/);
  expect(text).toMatch(/new v2\.3\.1 +4 of 6 ready +█+░+ │/);
  expect(text).toMatch(/old v2\.3\.0 +2 left/);
  expect(text).toContain('changed by others since start: no');
  expect(text).toContain('hpa/checkout  6 of 6-12, cpu 61 %/80 %');
  expect(text).toContain('├ Events ─');
});

test.each(sizes)('at %ix%i a lost connection says why at once, and nothing over it is ok', (columns, rows) => {
  const source = { state: 'reconnecting', tries: 1, because: 'connection refused', nextStep: null } as const;
  const lost = (now: number) => {
    const before = facts.rolledOut(now);
    const own = { ...source, freshAt: now - 4_000, provenAt: now - 4_000 };
    return { ...before, source: own, workloads: before.workloads.map((each) => ({ ...each, source: own })) };
  };
  const own = drawn('rolling', lost);
  if (rows >= 24) expect(own.lines(columns, rows).slice(3).join('\n')).toContain('connection refused');
  const criteria = criteriaNow(own.engine.view()).map(({ row, word, state }) => `${row.title}: ${word} ${state}`);
  expect(criteria.slice(0, 3).join('; ')).toMatch(/^(.*: wait reconnecting(; )?){3}$/);
  expect(criteria[3]).toMatch(/: ok /);
});

test('what others changed before this process began is told of from the record', () => {
  const changed = drawn('changed', facts.rolledOut);
  const text = changed
    .lines(160, 48)
    .join('\n')
    .replaceAll(/ +│ *\n│.*?│ /g, ' ');
  expect(text).toMatch(/changed outside this run, \d\d:\d\d, by/);
  expect(text).not.toContain('changed by others since start: no');
  changed.controller.press({ name: 'char', char: 'c', ctrl: false, burst: false });
  const page = changed.lines(160, 48).join('\n');
  expect(page).toContain('deployment/checkout by kubectl-set: image checkout v2.3.1 -> v9');
});

test.each(sizes)('at %ix%i a failing rollout is told of in line 3 and at the workload', (columns, rows) => {
  const lines = drawn('failed', facts.pullFailure).lines(columns, rows);
  expect(lines[2]).toMatch(/^ FAIL {3}rollout: checkout-7d9f8c6b54-x2/);
  expect(lines.slice(4).join('\n')).toMatch(/checkout {2}UPDATING 2\/6|FAIL {2}checkout/);
});

test('pods with the same trouble are told of once, with its reason in full and their names', () => {
  const text = drawn('rolling', facts.pullFailure).lines(100, 30).join('\n');
  expect(text).toContain('2 pods: ImagePullBackOff: manifest for registry.example.com/shop/checkout:v2.3.1 not found');
  expect(text).toContain('x2x1v, k8mnp');
  expect(text.match(/ImagePullBackOff/g)).toHaveLength(2);
});

test('stale facts are dimmed, their age counts, and nothing of them is called ok', () => {
  const shown = drawn('rolling', facts.stale);
  const lines = shown.lines(160, 48);
  expect(lines[2]).toMatch(/^ BLIND {2}deployment\/checkout: STALE 1:12/);
  expect(lines[4]).toContain('Pods · STALE 1:12');
  const pods = shown.frame(160, 48).above.flat();
  expect(pods.find(({ text }) => text.includes('4 of 6 ready'))?.dim).toBe(true);
  expect(pods.find(({ text }) => text.includes('restarts 0'))?.dim).toBe(true);
  const { now } = shown.engine.view();
  shown.engine.put({ now: now + 10_000 });
  expect(shown.lines(160, 48)[4]).toContain('STALE 1:22');
  expect(shown.lines(160, 48)[2]).not.toMatch(/\bok\b/);
});

test.each(sizes)('at %ix%i an expired login names the command to run', (columns, rows) => {
  const lines = drawn('rolling', facts.loginExpired).lines(columns, rows);
  expect(lines[2]).toMatch(/^ BLIND {2}deployment\/checkout: LOGIN EXPIRED/);
  if (rows >= 24) expect(lines.slice(4).join('\n')).toContain('aws sso login --profile prod');
});

test('of several workloads the one that may not be read says so, the others go on', () => {
  const wide = drawn('rolling', facts.many).lines(160, 48).join('\n');
  expect(wide).toMatch(/checkout {2}COMPLETE +ok/);
  expect(wide).toMatch(/checkout-payment-reconciliation-\S+ wait/);
  expect(wide).toContain('no permission (list pods)');
  expect(wide).toContain('1 of 3 workloads');
  expect(wide).toContain('changed outside this run');
  const narrow = drawn('rolling', facts.many).lines(80, 24).join('\n');
  expect(narrow).toMatch(/BLIND checkout-cache {3}and 2 more, c +no permission \(list pods\)/);
});

test('a canary that waits says at which step and how much traffic it has', () => {
  const text = drawn('rolling', facts.pausedCanary).lines(100, 30).join('\n');
  expect(text).toContain('PAUSED step 2/4, 20 %');
  expect(text).toMatch(/new v2\.3\.1 +1 of 6 ready/);
});

test('command panels stand below the cluster, and without a cluster the column is theirs', () => {
  const panel = { title: 'Queue', state: 'live', lines: ['412 waiting'], at: 0, because: null } as never;
  const both = drawn('rolling', facts.cluster, { panels: [panel] }).lines(160, 48);
  const rowOf = (part: string): number => both.findIndex((line) => line.includes(part));
  expect(rowOf('Pods · live')).toBeLessThan(rowOf('Queue'));
  const alone = drawn('rolling', null, { panels: [panel] })
    .lines(160, 48)
    .join('\n');
  expect(alone).toContain('┌ Queue');
  expect(drawn('rolling', null).lines(160, 48).join('\n')).not.toContain('Pods');
});

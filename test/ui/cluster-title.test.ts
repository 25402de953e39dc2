import { expect, test } from 'vitest';
import type { ClusterFacts, SourceHealth } from '../../src/gates/workload.ts';
import { criteriaNow } from '../../src/ui/criteria-now.ts';
import * as facts from './support/cluster-facts.ts';
import { drawn } from './support/gate-frames.ts';

const withSource =
  (source: Partial<SourceHealth> & { readonly state: SourceHealth['state'] }, skewMs = 0) =>
  (now: number): ClusterFacts => {
    const own = { freshAt: now - 48_000, provenAt: now - 48_000, tries: 0, because: null, nextStep: null, ...source };
    const before = facts.rolledOut(now);
    return {
      ...before,
      clockSkewMs: skewMs,
      source: own,
      workloads: before.workloads.map((each) => ({ ...each, source: own })),
    };
  };

const unwatched = (now: number): ClusterFacts =>
  facts.cluster(now, {
    source: { state: 'loading', freshAt: null, provenAt: null, tries: 0, because: null, nextStep: null },
    clockSkewMs: null,
    workloads: [],
    events: [],
    scalers: [],
  });

const panelAt = (columns: number, state: (now: number) => ClusterFacts): readonly string[] =>
  drawn('rolling', state)
    .lines(columns, 30)
    .slice(4)
    .map((line) => line.slice(line.lastIndexOf('│', line.length - 2), line.length) || line);

const titleAt = (columns: number, state: (now: number) => ClusterFacts): string =>
  /┌ ([^┌]*?) ─*┐$/.exec(drawn('rolling', state).lines(columns, 30)[4] ?? '')?.[1] ?? '';

test.each([120, 140, 160])('at %i columns how live the panel is stands whole in its title', (columns) => {
  expect(titleAt(columns, facts.rolledOut)).toBe('Pods · live 2 s');
  expect(titleAt(columns, withSource({ state: 'stale' }, 42_000))).toMatch(
    /^Pods · STALE 48 s( · clock skew \+42 s)?$/,
  );
  expect(titleAt(columns, withSource({ state: 'reconnecting', tries: 3 }))).toMatch(
    /^(Pods · )?reconnecting \(3\), 48 s old$/,
  );
  expect(titleAt(columns, withSource({ state: 'reconnecting', tries: 12, freshAt: 0 }))).toContain('reconnecting (12)');
  expect(titleAt(columns, withSource({ state: 'login-expired' }, -90_000))).toMatch(/^Pods · LOGIN EXPIRED/);
});

test('what has no room in the title stands below it', () => {
  const skewed = panelAt(120, withSource({ state: 'stale' }, 42_000));
  expect(skewed[1]).toContain('clock skew +42 s');
  const because = 'certificate of "prod-eu.example.com" expired 2026-01-02';
  const expired = withSource({ state: 'error', because });
  expect(titleAt(120, expired)).toBe('Pods · BLIND');
  expect(panelAt(120, expired).join('').replaceAll(/[│ ]+/g, ' ')).toContain(because);
});

test('the name of a workload is never cut, its word stands beside it', () => {
  const name = 'checkout-payment-reconciliation-worker-eu-central-1-secondary';
  for (const columns of [120, 160]) {
    const text = panelAt(columns, facts.many).join('').replaceAll(/[│ ]/g, '').replace('wait', '');
    expect(text).toContain(name);
  }
});

test('of more workloads than there is room for the worst stands first, and what others changed stays', () => {
  const panel = panelAt(120, facts.many);
  expect(panel[1]).toMatch(/checkout-cache +BLIND/);
  expect(panel.join('\n')).toMatch(/more lines, c shows all[\s\S]*by argocd-controller:/);
});

test('a run that names no workload is told so, and how to name one; nothing is asked for', () => {
  const own = drawn('before', unwatched);
  const text = own.lines(160, 48).join('\n');
  expect(text).toContain('┌ Pods · none watched ─');
  expect(text).toContain('target.workloads is empty');
  expect(text).toContain('workloads: [deployment/NAME]');
  expect(text).not.toContain('asking');
  expect(text).not.toContain('changed by others');
  expect(own.lines(80, 24).join('\n')).not.toContain('asking');
  own.controller.press({ name: 'char', char: 'c', ctrl: false, burst: false });
  expect(own.lines(80, 24).join('\n')).toMatch(/Cluster · none watched[\s\S]*target\.workloads is empty/);
});

test('pods that a gate asks for are shown where no workload is named', () => {
  const selected = (now: number): ClusterFacts => ({
    ...unwatched(now),
    source: facts.liveSource(now),
    selections: {
      'app=checkout': {
        source: facts.liveSource(now),
        counts: facts.counts({ OK: 5, FAILING: 1 }),
        troubled: [],
        owners: [],
      },
    },
  });
  const text = drawn('rolling', selected).lines(120, 30).join('\n');
  expect(text).toContain('Pods · live 2 s');
  expect(text).toContain('app=checkout  1 failing, 5 ok');
});

test('no criterion over the cluster is ok, or visible, while the cluster does not answer', () => {
  for (const state of [facts.stale, facts.loginExpired]) {
    const own = drawn('rolling', state);
    const rows = criteriaNow(own.engine.view()).map(({ word, state: is }) => `${word} ${is}`);
    expect(rows).toEqual(['wait no answer', 'wait no answer', 'wait no answer', 'ok ok']);
    expect(own.lines(160, 48)[3]).toContain('0 of 4 reached, 1 of 4 visible');
  }
});

test('what runs alone is neither new nor old, and tags of any length stand in one column', () => {
  expect(panelAt(120, facts.rolledOut).join('\n')).toMatch(/now v2\.3\.1 +6 of 6 ready/);
  const long = (now: number): ClusterFacts => {
    const state = facts.cluster(now);
    const [first] = state.workloads;
    if (first === undefined) throw new Error('no workload');
    const revisions = first.revisions.map((each) => ({
      ...each,
      images: [each.isNew ? 'shop:v2.3.0-slow-4s' : 'shop:v2.2.5'],
    }));
    return { ...state, workloads: [{ ...first, revisions }] };
  };
  const lines = panelAt(160, long);
  const column = (name: string, count: string): number =>
    (lines.find((line) => line.includes(name)) ?? '').indexOf(count);
  expect(column('new v2.3.0-slow-4s', '4 of 6')).toBeGreaterThan(0);
  expect(column('old v2.2.5', '2 left')).toBe(column('new v2.3.0-slow-4s', '4 of 6'));
});

test("at another target nothing of the cluster there is shown as this run's, and no criterion counts", () => {
  for (const [columns, rows] of [
    [160, 48],
    [80, 24],
  ] as const) {
    const text = drawn('mismatch', facts.rolledOut).lines(columns, rows).join('\n');
    expect(text).not.toContain('COMPLETE');
    expect(text).not.toContain('Pods');
    expect(text).not.toMatch(/criteria|\bok\b/);
  }
});

test('at 80 columns line 4 keeps the worst of the rollback criteria, in short', () => {
  const lineOf = (run: 'before' | 'breached', state = facts.rolledOut): string =>
    drawn(run, state).lines(80, 24)[3] ?? '';
  expect(lineOf('before')).toMatch(/nothing to roll back +0 of 4 criteria reached $/);
  expect(lineOf('breached')).toMatch(/1 of 4 criteria reached $/);
  expect(lineOf('before', facts.stale)).toMatch(/1 of 4 criteria visible $/);
});

test.each([80, 60])(
  'on the cluster page at %i columns no workload is cut, and pods keep what tells them apart',
  (columns) => {
    const own = drawn('rolling', facts.many);
    own.controller.press({ name: 'char', char: 'c', ctrl: false, burst: false });
    own.frame(columns, 60);
    const page = own.lines(columns, 60);
    const squeezed = page.join('').replaceAll(/ |wait|live 2 s/g, '');
    expect(squeezed).toContain('deployment/checkout-payment-reconciliation-worker-eu-central-1-secondary');
    for (const end of ['x2x1v', 'k8mnp', 'q7rst', 'w4zzc'])
      expect(page.some((line) => line.includes(`${end}  new  ok`) && line.trimEnd().endsWith('1:01'))).toBe(true);
  },
);

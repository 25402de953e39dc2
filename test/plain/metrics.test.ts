import { describe, expect, test } from 'vitest';
import { gateLines } from '../../src/plain/gates.ts';
import type { Lines } from '../../src/plain/lines.ts';
import { metricsLines, tellMetrics } from '../../src/plain/metrics.ts';
import { parseLine } from '../../src/plain/parse-line.ts';
import { mainAction } from '../../src/session/select.ts';
import { memoryEngine } from '../ui/support/engine.ts';
import { metricView } from '../ui/support/metric-frames.ts';
import { canaryLibrary, metricRuns, metricViews, silentViews } from '../ui/support/metric-runs.ts';

const printed = (): { readonly lines: Lines; readonly out: string[] } => {
  const out: string[] = [];
  const lines: Lines = {
    print: (line) => void out.push(line ?? ''),
    ask: async () => null,
    askSecret: async () => null,
    onInterrupt: () => () => undefined,
    release: () => undefined,
    close: () => undefined,
  };
  return { lines, out };
};

const engineOf = (run: keyof typeof metricRuns) => memoryEngine(canaryLibrary, metricRuns[run](), metricView(run));

describe('metrics as lines', () => {
  test('m and metrics ask for them', () => {
    expect([parseLine('m'), parseLine('metrics')]).toEqual([{ kind: 'metrics' }, { kind: 'metrics' }]);
  });

  test('tell value, control, limit with its rule, and the age of the data', () => {
    const lines = metricsLines(engineOf('failed').view());
    expect(lines).toContain('  ok    p95  187 ms, stable 181 ms, limit 199 ms (110 % of stable), data 9 s old');
    expect(lines).toContain('  wait  p99  548 ms, stable 398 ms, limit 458 ms (115 % of stable), data 9 s old');
    expect(lines).toContain('  ok    db pool  78 %, data 9 s old');
  });

  test('never tell a value as if it were one of now when it is not', () => {
    const [first] = metricsLines(engineOf('blind').view());
    expect(first).toMatch(/^ {2}BLIND error rate {2}no answer 6:40: connection refused, last 0\.34 %, /);
    expect(first).not.toContain('old');
  });

  test('say so where there are none', () => {
    expect(metricsLines({ ...engineOf('failed').view(), metrics: [] })).toEqual(['  this runbook asks for no metrics']);
  });
});

describe('what becomes of metrics', () => {
  test('is said once when the server falls silent, and once when it is back', () => {
    const engine = engineOf('soaking');
    const { lines, out } = printed();
    const stop = tellMetrics(engine, lines);
    expect(out).toEqual([]);
    const { now } = engine.view();
    engine.put({ now: now + 70_000, metrics: silentViews(now + 70_000, 70_000) });
    engine.put({ now: now + 75_000, metrics: silentViews(now + 75_000, 75_000) });
    expect(out).toEqual(['   BLIND metrics: connection refused, for 1:10']);
    engine.put({ metrics: metricViews(now + 80_000, false) });
    expect(out.slice(1)).toEqual(['   ok    metrics are answered']);
    stop();
    engine.put({ metrics: silentViews(now, 0) });
    expect(out).toHaveLength(2);
  });

  test('is said of a single one that has no data', () => {
    const engine = engineOf('soaking');
    const { lines, out } = printed();
    tellMetrics(engine, lines);
    const { now } = engine.view();
    const metrics = metricViews(now, false).map((each) =>
      each.name === 'pool' ? { ...each, state: 'no-data' as const, because: 'no series' } : each,
    );
    engine.put({ metrics });
    expect(out).toEqual(['   BLIND db pool  no data 0 s: no series, last 78 %']);
  });
});

test('a gate tells the numbers of its metrics, and why it failed', () => {
  const { session, now } = engineOf('failed').view();
  const action = mainAction(session, now);
  if (action.kind !== 'gate') throw new Error(action.kind);
  const lines = gateLines(session, action, now);
  expect(lines).toContain(
    '     ok    p95  187 ms, stable 181 ms, limit 199 ms (110 % of stable), 4 of 4, 2,914 requests, enough for p95',
  );
  expect(lines.find((line) => line.includes('FAIL  p99'))).toMatch(
    /548 ms, stable 398 ms, limit 458 ms \(115 % of stable\), 3 of 3, 2,914 requests, enough for p99: 548 ms, limit 458 ms: 3 looks in a row/,
  );
});

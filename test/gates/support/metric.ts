import { parseExpression } from '../../../src/gates/expression.ts';
import type { Baseline, DataAge, MetricCheck, MetricReading, ScalarAnswer } from '../../../src/gates/metric.ts';

type Facts = Partial<Omit<MetricCheck, 'expression'>>;

/** A check of p99 in seconds over 2 min, with a control and its requests counted. */
export const checkOf = (expression: string, facts: Facts = {}): MetricCheck => {
  const meaning = facts.meaning ?? { unit: 'seconds', worse: 'higher' };
  const parsed = parseExpression(expression, meaning);
  if (!('expression' in parsed)) throw new Error(parsed.message);
  return {
    kind: 'metric',
    name: 'p99',
    title: 'p99',
    query: 'histogram_quantile(0.99, rate(duration_bucket{track="canary"}[2m]))',
    stable: 'histogram_quantile(0.99, rate(duration_bucket{track="stable"}[2m]))',
    traffic: 'sum(rate(duration_count{track="canary"}[2m]))',
    freshness: null,
    scrapeMs: null,
    counts: parsed.expression.bound.kind === 'not-worse',
    rangeMs: 120_000,
    quantile: 0.99,
    floor: null,
    shiftMs: null,
    hash: 'a'.repeat(64),
    ...facts,
    meaning,
    expression: parsed.expression,
  };
};

/** The same for a ratio of errors. */
export const errorCheck = (expression: string, facts: Facts = {}): MetricCheck =>
  checkOf(expression, {
    name: 'error-rate',
    title: 'Error rate',
    quantile: null,
    meaning: { unit: 'ratio', worse: 'higher' },
    ...facts,
  });

export const value = (number: number): ScalarAnswer =>
  Number.isNaN(number) ? { kind: 'missing', missing: 'nan' } : { kind: 'value', value: number };
export const empty: ScalarAnswer = { kind: 'missing', missing: 'empty' };
export const refused: ScalarAnswer = { kind: 'fault', because: 'connection refused' };
export const old = (ms: number): DataAge => ({ kind: 'known', ms });

/** A canary of 548 ms beside a control of 398 ms, 50 requests a second, 9 s old. */
export const readingOf = (answers: Partial<MetricReading> = {}): MetricReading => ({
  at: 1_000_000,
  value: value(0.548),
  stable: value(0.398),
  traffic: value(50),
  age: old(9_000),
  stableAge: old(8_000),
  counts: null,
  warnings: [],
  infos: [],
  ...answers,
});

export const baselineWith = (median: number, facts: Partial<Baseline> = {}): Baseline => ({
  metric: 'p99',
  title: 'p99',
  query: 'q',
  hash: 'a'.repeat(64),
  from: 0,
  to: 1_800_000,
  stepMs: 60_000,
  values: Array.from({ length: 31 }, () => median),
  median,
  mad: 0,
  p95: median,
  count: 31,
  coverage: 1,
  counts: null,
  problem: null,
  ...facts,
});

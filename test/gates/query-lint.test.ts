import { describe, expect, it } from 'vitest';
import type { Unit } from '../../src/gates/amount.ts';
import { isSameQuery, lintQueries, lintTestStep } from '../../src/gates/query-lint.ts';

const codes = (query: string, unit: Unit = 'ratio', stable: string | null = null) =>
  lintQueries({ query, unit, stable }).map((problem) => problem.code);

const errors = 'sum(rate(http_requests_total{code=~"5.."}[1m]))';
const all = 'sum(rate(http_requests_total[1m]))';

describe('E321: a division declared as percent', () => {
  it('needs a factor of 100', () => {
    expect(codes(`${all} / ${all}`, 'percent')).toEqual(['E321']);
    expect(codes(`(${all} / ${all})`, 'percent')).toEqual(['E321']);
  });
  it.each([
    `100 * ${all} / ${all}`,
    `${all} / ${all} * 100`,
    `(${all} / ${all}) * 100`,
    `${all} / (${all} * 0.01)`,
    `round(100 * ${all} / ${all})`,
    `avg(cpu_percent)`,
  ])('%s is fine', (query) => {
    expect(codes(query, 'percent')).toEqual([]);
  });
  it('is about percent only', () => {
    expect(codes(`${all} / ${all}`, 'ratio')).toEqual([]);
  });
});

describe('E323: a constant instead of missing data', () => {
  it.each([`${all} or vector(0)`, `(${all} or on() vector(0))`, `${errors} / ${all} or vector(0)`, `up or vector(1)`])(
    '%s',
    (query) => {
      expect(codes(query, 'count')).toEqual(['E323']);
    },
  );
  it('is right inside a numerator', () => {
    expect(codes(`(${errors} or vector(0)) / ${all}`)).toEqual([]);
  });
});

describe('W324: a numerator that may be absent', () => {
  it('is one that selects less than the denominator', () => {
    expect(codes(`${errors} / ${all}`)).toEqual(['W324']);
    expect(codes(`1 - ${errors} / ${all}`)).toEqual(['W324']);
    expect(codes('sum(rate(errors_total[1m])) / sum(rate(requests_total[1m]))')).toEqual(['W324']);
  });
  it('is not one that selects the same, or that has a stand-in, or another unit', () => {
    expect(codes(`${all} / ${all}`)).toEqual([]);
    expect(codes(`(${errors} or vector(0)) / ${all}`)).toEqual([]);
    expect(codes('rate(duration_seconds_sum[1m]) / rate(duration_seconds_count[1m])', 'seconds')).toEqual([]);
  });
});

describe('E325: canary and stable', () => {
  it('may not be the same text', () => {
    expect(codes('up', 'count', ' up ')).toEqual(['E325']);
    expect(codes('up{track="canary"}', 'count', 'up{track="stable"}')).toEqual([]);
    expect(isSameQuery('sum( a )', 'sum(\n a )')).toBe(true);
  });
  it('both get the other checks, and the problem says which it is', () => {
    const found = lintQueries({ query: 'up or vector(0)', stable: 'up{a="b"} or vector(0)', unit: 'count' });
    expect(found.map((problem) => `${problem.code} ${problem.query}`)).toEqual(['E323 query', 'E323 stable']);
    expect(found.every((problem) => problem.hint !== '')).toBe(true);
  });
});

describe('queries with references', () => {
  it('are read as if the values stood there', () => {
    expect(
      codes('sum(rate(x{service="${service}",code="500"}[${window}])) / sum(rate(x{service="${service}"}[${window}]))'),
    ).toEqual(['W324']);
    expect(codes('${metric-name}_total or vector(0)', 'count')).toEqual(['E323']);
  });
  it('and what does not parse is left to the server', () => {
    expect(codes('sum(', 'percent')).toEqual([]);
    expect(codes('…the same for the stable track…')).toEqual([]);
    expect(codes('')).toEqual([]);
  });
});

describe('E326: looks of a test share no requests', () => {
  const ratio = (range: string) => `rate(a[${range}]) / rate(b[${range}])`;
  it.each([
    [ratio('5m'), null, 15_000, 'query'],
    [ratio('5m'), null, 300_000, null],
    [ratio('1m'), ratio('5m'), 60_000, 'stable'],
    [ratio('5m'), null, null, null],
    [ratio('${window}'), null, 15_000, null],
    ['a / b', null, 15_000, null],
  ])('%s with %s each %s ms', (query, stable, every, which) => {
    expect(lintTestStep({ query, stable }, every)?.query ?? null).toBe(which);
  });
});

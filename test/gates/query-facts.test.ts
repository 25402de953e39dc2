import { describe, expect, test } from 'vitest';
import { queryFacts } from '../../src/gates/query-facts.ts';

const errors =
  '(sum(rate(http_requests_total{track="canary",code=~"5.."}[2m])) or vector(0)) / sum(rate(http_requests_total{track="canary"}[2m]))';
const latency = 'histogram_quantile(0.99, sum by (le) (rate(duration_seconds_bucket{track="canary"}[5m])))';

describe('how far back a query looks', () => {
  test.each([
    [errors, 120_000],
    [latency, 300_000],
    ['sum(rate(a[1m])) / sum(rate(b[1h30m]))', 5_400_000],
    ['max_over_time(rate(x[1m])[10m:15s])', 660_000],
    ['max_over_time(x[10m:])', 600_000],
    ['rate(x[300])', 300_000],
    ['rate(x[5m+1m])', 360_000],
    ['rate(x{a="}[9h]"}[250ms]) # [1d]', 250],
    ['up', 0],
    ['rate(x[5m', 0],
  ])('%s', (query, ms) => expect(queryFacts(query).rangeMs).toBe(ms));
});

describe('the quantile', () => {
  test.each([
    [latency, 0.99],
    ['1000 * histogram_quantile((0.95), rate(a_bucket[1m]))', 0.95],
    ['histogram_quantile(99/100, a) - histogram_quantile(0.5, a)', 0.99],
    ['histogram_quantiles(a, "q", 0.5, 0.9)', 0.9],
    ['histogram_quantile(scalar(q), a)', null],
    ['quantile_over_time(0.9, a[5m])', null],
    [errors, null],
  ])('%s', (query, quantile) => expect(queryFacts(query).quantile).toBe(quantile));
});

describe('what tells the age of the data', () => {
  test.each([
    [errors, ['http_requests_total{track="canary"}']],
    ['sum(rate(a[1m] offset 5m)) + a @ end() + b{c="d"}', ['a', 'b{c="d"}']],
    ['max_over_time(rate(x[1m])[10m:15s])', ['x']],
    ['((sum(a) or (vector(0)))) / sum(b)', ['b']],
    ['sum(a) or on() vector(0)', []],
    ['{"http.requests", a="b"} or c', ['{"http.requests", a="b"}', 'c']],
    ['time() - vector(5)', []],
    ['a[', []],
  ])('%s', (query, selectors) => expect(queryFacts(query).selectors).toEqual(selectors));
});

describe('the sides of an outermost division', () => {
  const both = { numerator: 'sum(a)', denominator: 'sum(b)' };
  test.each([
    ['sum(a) / sum(b)', both],
    ['100 * (sum(a) / sum(b))', both],
    ['sum(a) * 100 / sum(b)', both],
    ['(sum(a) / (sum(b) / 100))', both],
    ['(sum(a) or vector(0)) / sum(b)', { numerator: '(sum(a) or vector(0))', denominator: 'sum(b)' }],
    ['1 - sum(a) / sum(b)', null],
    ['sum(a) / sum(b) / sum(c)', null],
    ['sum(a / b)', null],
    ['sum(a) / 100', null],
  ])('%s', (query, ratio) => expect(queryFacts(query).ratio).toEqual(ratio));

  test('takes a whole query of errors apart', () => {
    expect(queryFacts(errors).ratio).toEqual({
      numerator: '(sum(rate(http_requests_total{track="canary",code=~"5.."}[2m])) or vector(0))',
      denominator: 'sum(rate(http_requests_total{track="canary"}[2m]))',
    });
  });
});

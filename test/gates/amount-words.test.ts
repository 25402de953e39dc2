import { describe, expect, test } from 'vitest';
import type { Unit } from '../../src/gates/amount.ts';
import { amountsApart, amountWords, differenceWords } from '../../src/gates/amount-words.ts';
import { parseExpression } from '../../src/gates/expression.ts';
import { limitWords, ruleWords } from '../../src/gates/limits.ts';
import { metricNow } from '../../src/gates/metric-now.ts';
import { errorMinimum, quantileMinimum, rangeForRequests, rangeWords } from '../../src/gates/minimums.ts';
import { baselineWith, checkOf, errorCheck, readingOf, refused, value } from './support/metric.ts';

test.each<[number, Unit, string]>([
  [0.548, 'seconds', '548 ms'],
  [0.9996, 'seconds', '1 s'],
  [1.2345, 'seconds', '1.23 s'],
  [0, 'seconds', '0 ms'],
  [300, 'seconds', '5 min'],
  [548.2, 'milliseconds', '548 ms'],
  [0.00344, 'ratio', '0.34 %'],
  [0.000341, 'ratio', '0.034 %'],
  [0.0131, 'ratio', '1.31 %'],
  [99.954, 'percent', '99.95 %'],
  [0, 'ratio', '0 %'],
  [2914, 'count', '2,914'],
  [59_123, 'count', '59.1 k'],
  [98.333, 'per-second', '98.3 /s'],
  [5_900, 'per-second', '5,900 /s'],
  [12_345_678, 'per-second', '12.3 M/s'],
  [123_456_789, 'bytes', '123 MB'],
  [-0.2, 'ratio', '-20 %'],
  [-0, 'count', '0'],
  [Number.POSITIVE_INFINITY, 'ratio', '+Inf'],
])('%f of %s reads %s', (amount, unit, words) => expect(amountWords(amount, unit)).toBe(words));

test('values that differ read differently', () => {
  expect(amountsApart(0.4582, 0.4584, 'seconds')).toEqual(['458.2 ms', '458.4 ms']);
  expect(amountsApart(0.010001, 0.01, 'ratio')).toEqual(['1.0001 %', '1 %']);
  expect(amountsApart(0.01, 0.01, 'ratio')).toEqual(['1 %', '1 %']);
});

test('a difference of shares is in points', () => {
  expect(differenceWords(0.01, 'ratio')).toBe('1 pp');
  expect(differenceWords(0.5, 'percent')).toBe('0.5 pp');
  expect(differenceWords(0.02, 'seconds')).toBe('20 ms');
});

describe('rules and limits in words', () => {
  const meaning = { unit: 'seconds', worse: 'higher' } as const;
  const ofRatio = { unit: 'ratio', worse: 'higher' } as const;
  test.each([
    ['115% of stable', meaning, '115 % of stable'],
    ['110.5% of baseline', meaning, '110.5 % of baseline'],
    ['stable + 1pp', ofRatio, 'stable + 1 pp'],
    ['baseline - 20ms', meaning, 'baseline - 20 ms'],
    ['within 10% of baseline', meaning, 'within 10 % of baseline'],
    ['<= 500ms', meaning, ''],
    ['not worse than stable (fisher)', ofRatio, 'not worse than stable (Fisher)'],
    ['not worse than baseline (mann-whitney, effect 20ms)', meaning, 'not worse than baseline (Mann-Whitney, 20 ms)'],
  ])('%s', (text, of, words) => {
    const parsed = parseExpression(text, of);
    expect('expression' in parsed && ruleWords(parsed.expression, of.unit)).toBe(words);
  });

  test('limits are absolute', () => {
    expect(limitWords([0.4577], 'seconds')).toBe('458 ms');
    expect(limitWords([90, 110], 'per-second')).toBe('90 /s to 110 /s');
    expect(limitWords([], 'ratio')).toBe('');
  });

  test('a metric before anything is judged: its value now and its limit', () => {
    const now = (check: Parameters<typeof metricNow>[0], answers = {}, baseline = baselineWith(0.4)) =>
      metricNow(check, readingOf({ value: value(0.398), ...answers }), { baseline });
    expect(now(checkOf('115% of stable')).text).toBe('398 ms now, limit 458 ms (115 % of stable)');
    expect(now(checkOf('<= 500ms'))).toMatchObject({ text: '398 ms now, limit 500 ms', kind: 'GOOD', because: null });
    expect(now(checkOf('within 10% of baseline')).text).toBe(
      '398 ms now, limits 360 ms to 440 ms (within 10 % of baseline)',
    );
    expect(now(checkOf('115% of stable'), { value: refused })).toMatchObject({
      text: 'connection refused, limit 458 ms (115 % of stable)',
      kind: 'ERROR',
    });
    expect(now(errorCheck('stable + 1pp'), { value: value(0.0034), stable: value(0.0031) }).text).toBe(
      '0.34 % now, limit 1.31 % (stable + 1 pp)',
    );
  });
});

describe('minimums', () => {
  test('of a quantile and of a rate are those of the table', () => {
    expect(quantileMinimum(0.95)).toBe(200);
    expect(quantileMinimum(0.99)).toBe(1000);
    expect(quantileMinimum(0.999)).toBe(10_000);
    expect(errorMinimum(0.01)).toBe(299);
    expect(errorMinimum(0.001)).toBe(2995);
    expect(errorMinimum(1)).toBe(1);
    expect(errorMinimum(0)).toBeNull();
    expect(errorMinimum(Number.NaN)).toBeNull();
  });

  test('name a range that holds enough, with some to spare', () => {
    expect(rangeForRequests(1000, 5)).toBe(240_000);
    expect(rangeForRequests(200, 0.05)).toBe(7_200_000);
    expect(rangeWords(240_000)).toBe('4m');
    expect(rangeWords(90_000)).toBe('1m30s');
    expect(rangeWords(5_400_000)).toBe('1h30m');
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselineOf, baselineWindow, type PastValues, shiftedWindow } from '../../src/gates/baseline.ts';
import { checkOf } from './support/metric.ts';

const past = (values: readonly (number | null)[], warnings: readonly string[] = []): PastValues => ({
  from: 1_000_000,
  stepMs: 60_000,
  values,
  warnings,
});
const check = checkOf('115% of baseline');
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a baseline', () => {
  test('keeps samples, median, MAD, p95 and count', () => {
    expect(baselineOf(check, past(upTo(21)))).toMatchObject({
      metric: 'p99',
      query: check.query,
      hash: check.hash,
      from: 1_000_000,
      to: 1_000_000 + 20 * 60_000,
      stepMs: 60_000,
      median: 11,
      mad: 5,
      p95: 20,
      count: 21,
      coverage: 1,
      counts: null,
      problem: null,
    });
    expect(baselineOf(check, past([...upTo(20), 100])).median).toBe(11);
  });

  test('of fewer than 20 values, of a window with holes or of part of the data is not compared with', () => {
    expect(baselineOf(check, past(upTo(19))).problem).toBe('19 of 20 values');
    expect(baselineOf(check, past([...upTo(20), ...Array.from({ length: 8 }, () => null)])).problem).toBe(
      'values for 71 % of its window, at least 80 %',
    );
    expect(baselineOf(check, past([...upTo(20), ...Array.from({ length: 5 }, () => null)])).problem).toBeNull();
    expect(baselineOf(check, past([null, null]))).toMatchObject({
      problem: 'it had no values',
      median: null,
      mad: null,
      p95: null,
    });
    expect(baselineOf(check, past([])).problem).toBe('it had no values');
    expect(baselineOf(check, past(upTo(30), ['store 2 is away'])).problem).toBe('a partial answer: store 2 is away');
    expect(baselineOf(check, past([...upTo(19), Number.POSITIVE_INFINITY])).count).toBe(19);
  });

  test('counts the requests of its window', () => {
    const rates = { numerator: past([0.1, 0.2, null]), denominator: past([10, 10, 10]) };
    expect(baselineOf(check, past(upTo(20)), rates).counts).toEqual({ bad: 18, all: 1200 });
    const lower = checkOf('>= 99%', { meaning: { unit: 'ratio', worse: 'lower' } });
    expect(baselineOf(lower, past(upTo(20)), rates).counts).toEqual({ bad: 1182, all: 1200 });
    expect(baselineOf(check, past(upTo(20)), { numerator: past([null]), denominator: past([0]) }).counts).toBeNull();
  });

  test('is taken over at least 20 looks', () => {
    expect(baselineWindow(30 * 60_000, 60_000)).toEqual({ windowMs: 30 * 60_000, isLengthened: false });
    expect(baselineWindow(30 * 60_000, 120_000)).toEqual({ windowMs: 40 * 60_000, isLengthened: true });
    expect(baselineWindow(40 * 60_000, 120_000)).toEqual({ windowMs: 40 * 60_000, isLengthened: false });
  });

  test('of a day before is of the same hours', () => {
    const day = 86_400_000;
    expect(shiftedWindow({ from: 2 * day, to: 2 * day + 1_800_000 }, day, 60_000)).toEqual({
      from: day,
      to: day + 1_800_000,
    });
    expect(shiftedWindow({ from: 2 * day, to: 2 * day + 600_000 }, day, 60_000)).toEqual({
      from: day - 600_000,
      to: day + 600_000,
    });
  });

  test('does not depend on the order of its values', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 60 }), (values) => {
        const { from: _, values: __, ...facts } = baselineOf(check, past(values));
        const { from: ___, values: ____, ...turned } = baselineOf(check, past(values.toReversed()));
        expect(turned).toEqual(facts);
        if (facts.median !== null)
          expect(facts.median).toBeLessThanOrEqual(Math.max(...values.map((value) => value ?? -1e9)));
      }),
    );
  });
});

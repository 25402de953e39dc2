import { describe, expect, test } from 'vitest';
import { aligned, bridged, bucketed, levelOf, rangeOf } from '../../src/text/sparkline.ts';

const points = [1, 2, 9, 3, 4, 5].map((value, i) => ({ at: i * 10, value }));

describe('values as even pieces of time', () => {
  test('keep the worst of what falls into one piece, so that a peak is never lost', () => {
    const half = { from: 0, to: 60, columns: 2 };
    expect(bucketed(points, { ...half, worse: 'higher' })).toEqual([9, 5]);
    expect(bucketed(points, { ...half, worse: 'lower' })).toEqual([1, 3]);
  });

  test('leave out what lies outside of the time or is no number', () => {
    const odd = [...points, { at: 61, value: 100 }, { at: -1, value: 100 }, { at: 5, value: Number.POSITIVE_INFINITY }];
    expect(bucketed(odd, { from: 0, to: 60, columns: 3, worse: 'higher' })).toEqual([2, 9, 5]);
  });

  test('stay in their piece while the time goes on: what is drawn moves by whole columns', () => {
    const at = (to: number) => aligned({ from: to - 60, to }, 6);
    expect(at(101)).toEqual(at(109));
    expect(at(111).to - at(109).to).toBe(10);
    const values = (to: number) => bucketed(points, { ...at(to), columns: 6, worse: 'higher' });
    expect(values(62)).toEqual(values(69));
  });

  test('go on over short pieces, and end where the source fell silent', () => {
    expect(bridged([1, null, 2, null, null, null, 3], 2)).toEqual([1, 1, 2, 2, 2, null, 3]);
    expect(bridged([null, 1, null, null, null], 1)).toEqual([null, 1, 1, null, null]);
  });
});

describe('heights', () => {
  const levels = ['1', '2', '3', '4'];

  test('noise around a value does not look like a change', () => {
    const range = rangeOf([100, 101, 100, 99], 0.5);
    const drawn = [100, 101, 100, 99].map((value) => levelOf(value, range ?? { low: 0, high: 1 }, levels));
    expect(new Set(drawn).size).toBe(1);
  });

  test('a real change reaches from the lowest to the highest', () => {
    const range = rangeOf([10, 100], 0.5) ?? { low: 0, high: 1 };
    expect([levelOf(10, range, levels), levelOf(100, range, levels), levelOf(null, range, levels)]).toEqual([
      '1',
      '4',
      ' ',
    ]);
  });

  test('of nothing there are none, and zero does not go below zero', () => {
    expect(rangeOf([null, Number.NaN], 0.5)).toBeNull();
    expect(rangeOf([0, 0], 0.5)).toEqual({ low: 0, high: 0 });
    expect(rangeOf([1, 1], 0.5)?.low).toBeGreaterThanOrEqual(0);
  });
});

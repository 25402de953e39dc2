import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fisherGreater, mannWhitney, normalTails } from '../../src/gates/statistics.ts';

interface Vectors {
  readonly mann_whitney: readonly {
    readonly name: string;
    readonly canary: readonly number[];
    readonly baseline: readonly number[];
    readonly U: number;
    readonly A12: number;
    readonly HL: number;
    readonly p_greater_exact: number | null;
    readonly p_less_exact: number | null;
    readonly p_greater_asym_cc: number | null;
    readonly p_less_asym_cc: number | null;
  }[];
  readonly fisher: readonly {
    readonly canary_bad: number;
    readonly canary_total: number;
    readonly baseline_bad: number;
    readonly baseline_total: number;
    readonly p_greater: number;
  }[];
}

const vectors = JSON.parse(readFileSync(`${import.meta.dirname}/mann-whitney-fisher.json`, 'utf8')) as Vectors;
const close = (found: number, exact: number | null): void => {
  if (exact !== null) expect(Math.abs(found - exact)).toBeLessThanOrEqual(1e-9);
};

describe('exact values', () => {
  test.each(vectors.mann_whitney)('Mann-Whitney, $name', (vector) => {
    const { canary, baseline } = vector;
    const found = mannWhitney(canary, baseline);
    close(found.u, vector.U);
    close(found.a12, vector.A12);
    close(found.shift, vector.HL);
    const isExact = canary.length + baseline.length <= 100;
    close(found.pGreater, isExact ? vector.p_greater_exact : vector.p_greater_asym_cc);
    close(found.pLess, isExact ? vector.p_less_exact : vector.p_less_asym_cc);
    const counts = new Map<number, number>();
    for (const value of [...canary, ...baseline]) counts.set(value, (counts.get(value) ?? 0) + 1);
    const normal = normalTails(found.u, canary.length, baseline.length, [...counts.values()]);
    close(normal.pGreater, vector.p_greater_asym_cc);
    close(normal.pLess, vector.p_less_asym_cc);
  });

  test.each(vectors.fisher)(
    'Fisher, $canary_bad of $canary_total against $baseline_bad of $baseline_total',
    (vector) => {
      const found = fisherGreater(
        { bad: vector.canary_bad, all: vector.canary_total },
        { bad: vector.baseline_bad, all: vector.baseline_total },
      );
      close(found, vector.p_greater);
      expect(Math.abs(found / vector.p_greater - 1)).toBeLessThan(1e-9);
    },
  );
});

describe('properties', () => {
  const side = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 14 });

  test('exchanging the sides exchanges the tails', () => {
    fc.assert(
      fc.property(side, side, (a, b) => {
        const [there, back] = [mannWhitney(a, b), mannWhitney(b, a)];
        expect(there.pGreater).toBeCloseTo(back.pLess, 12);
        expect(there.a12).toBeCloseTo(1 - back.a12, 12);
        expect(there.shift).toBeCloseTo(-back.shift, 12);
      }),
    );
  });

  test('the order of the values does not matter', () => {
    fc.assert(
      fc.property(side, side, (a, b) => {
        expect(mannWhitney(a.toReversed(), b.toSorted())).toEqual(mannWhitney(a, b));
      }),
    );
  });

  test('the two tails overlap in what was seen only', () => {
    fc.assert(
      fc.property(side, side, (a, b) => {
        const { pGreater, pLess } = mannWhitney(a, b);
        expect(pGreater + pLess).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(Math.max(pGreater, pLess)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  test('Fisher falls with every bad event more, and does so with millions of requests', () => {
    const p = (bad: number): number => fisherGreater({ bad, all: 2_000_000 }, { bad: 4000, all: 2_000_000 });
    expect(p(4000)).toBeCloseTo(0.5, 1);
    expect(p(4200)).toBeLessThan(p(4100));
    expect(p(6000)).toBeLessThan(1e-80);
    expect(p(0)).toBe(1);
  });
});

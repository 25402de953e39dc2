/** What a metric's query returns. */
export type Unit = 'ratio' | 'percent' | 'seconds' | 'milliseconds' | 'bytes' | 'count' | 'per-second';

const seconds = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 };
const bytes = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** Factors from a written unit to the query's own. */
const factors: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  ratio: { '%': 0.01 },
  percent: { '%': 1 },
  seconds,
  milliseconds: Object.fromEntries(Object.entries(seconds).map(([unit, factor]) => [unit, factor * 1000])),
  bytes,
  count: {},
  'per-second': { '/s': 1 },
};

const points: Readonly<Partial<Record<Unit, number>>> = { ratio: 0.01, percent: 1 };

/** A unit that was written but does not fit, and those that would. */
export interface Misfit {
  readonly unit: string;
  readonly allowed: readonly string[];
}

/**
 * `1%`, `250ms`, `0.5` in the unit of a metric. `mode: points` is for differences: `pp` instead of `%`.
 * A bare number is in the metric's own unit.
 */
export const amountIn = (
  text: string,
  unit: Unit,
  mode: 'value' | 'points' = 'value',
): number | Misfit | 'not-an-amount' => {
  const match = /^([-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)\s*(\/s|%|[A-Za-z]+)?$/.exec(text.trim());
  if (match === null) return 'not-an-amount';
  const value = Number(match[1]);
  if (!Number.isFinite(value)) return 'not-an-amount';
  const written = match[2];
  if (written === undefined) return value;
  const known: Record<string, number> = { ...factors[unit] };
  if (mode === 'points') {
    delete known['%'];
    const point = points[unit];
    if (point !== undefined) known.pp = point;
  }
  const factor = Object.hasOwn(known, written) ? known[written] : undefined;
  if (factor === undefined) return { unit: written, allowed: Object.keys(known) };
  return scaled(value, factor);
};

/** 1 % is 0.01 and 0.3 % is 0.003, not 0.0030000000000000001. */
const scaled = (value: number, factor: number): number => Number((value * factor).toPrecision(15));

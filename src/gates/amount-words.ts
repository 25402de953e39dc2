import type { Unit } from './amount.ts';

interface Scaled {
  readonly amount: number;
  readonly suffix: string;
}

/** From the largest on; the last stands for everything below it. */
type Scale = readonly { readonly from: number; readonly suffix: string; readonly by: number }[];

const time: Scale = [
  { from: 172_800, suffix: ' d', by: 86_400 },
  { from: 7200, suffix: ' h', by: 3600 },
  { from: 120, suffix: ' min', by: 60 },
  { from: 1, suffix: ' s', by: 1 },
  { from: 0, suffix: ' ms', by: 0.001 },
];
const size: Scale = [
  { from: 1e12, suffix: ' TB', by: 1e12 },
  { from: 1e9, suffix: ' GB', by: 1e9 },
  { from: 1e6, suffix: ' MB', by: 1e6 },
  { from: 1e3, suffix: ' kB', by: 1e3 },
  { from: 0, suffix: ' B', by: 1 },
];
const thousands: Scale = [
  { from: 1e9, suffix: ' G', by: 1e9 },
  { from: 1e6, suffix: ' M', by: 1e6 },
  { from: 1e4, suffix: ' k', by: 1e3 },
  { from: 0, suffix: '', by: 1 },
];

const usualDigits = 3;
const mostDigits = 8;

const scaled = (value: number, scale: Scale): Scaled => {
  // 0.9996 s is 1 s, not 1,000 ms.
  const size = Math.abs(Number(value.toPrecision(usualDigits)));
  const step = scale.find(({ from }) => size >= from);
  return { amount: value / (step?.by ?? 1), suffix: step?.suffix ?? '' };
};

const inUnit = (value: number, unit: Unit): Scaled => {
  switch (unit) {
    case 'ratio':
      return { amount: value * 100, suffix: ' %' };
    case 'percent':
      return { amount: value, suffix: ' %' };
    case 'seconds':
      return scaled(value, value === 0 ? [{ from: 0, suffix: ' ms', by: 1 }] : time);
    case 'milliseconds':
      return inUnit(value / 1000, 'seconds');
    case 'bytes':
      return scaled(value, size);
    case 'count':
      return scaled(value, thousands);
    case 'per-second': {
      const { amount, suffix } = scaled(value, thousands);
      return { amount, suffix: suffix === '' ? ' /s' : `${suffix}/s` };
    }
  }
};

/**
 * A value of a metric as people read it: `548 ms`, `0.34 %`, `12.3 k`, `2,914`. Whole numbers below 10,000 and two
 * places of a percentage are never rounded away.
 */
export const amountWords = (value: number, unit: Unit, digits = usualDigits): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : `${value > 0 ? '+' : '-'}Inf`;
  const { amount, suffix } = inUnit(value, unit);
  return `${suffix === ' %' ? roundedShare(amount, digits) : rounded(amount, 0, digits)}${suffix}`;
};

/** 0.34 and 1.31, not 0.344 and 1.3. */
const roundedShare = (percent: number, digits: number): string => rounded(percent, 2, digits - 1);

const rounded = (amount: number, leastPlaces: number, digits: number): string => {
  const size = amount === 0 ? 0 : Math.floor(Math.log10(Math.abs(amount)));
  const places = Math.min(12, Math.max(leastPlaces, digits - 1 - size, 0));
  const text = formatOf(places).format(amount);
  return text === '-0' ? '0' : text;
};

/** Making one takes longer than everything else that is done with a sample. */
const formats = new Map<number, Intl.NumberFormat>();

const formatOf = (places: number): Intl.NumberFormat => {
  const known = formats.get(places);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat('en', { maximumFractionDigits: places });
  formats.set(places, made);
  return made;
};

/** Two values that differ, in words that differ: `458.2 ms` and `458.4 ms`. */
export const amountsApart = (first: number, second: number, unit: Unit): readonly [string, string] => {
  for (let digits = usualDigits; ; digits++) {
    const words = [amountWords(first, unit, digits), amountWords(second, unit, digits)] as const;
    if (words[0] !== words[1] || first === second || digits === mostDigits) return words;
  }
};

const points: Readonly<Partial<Record<Unit, number>>> = { ratio: 100, percent: 1 };

/** A difference of two values: percentage points of a share. */
export const differenceWords = (amount: number, unit: Unit): string => {
  const factor = points[unit];
  return factor === undefined ? amountWords(amount, unit) : `${roundedShare(amount * factor, usualDigits)} pp`;
};

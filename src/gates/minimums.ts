import { spoken } from '../text/duration.ts';
import type { Unit } from './amount.ts';
import type { MetricCheck } from './metric.ts';

const doubt = 0.05;
/** Traffic varies: a range that holds just enough would not do half of the time. */
const headroom = 1.1;
const minuteMs = 60_000;

/** Requests in a look's own window under which a quantile says nothing: 200 for p95, 1,000 for p99. */
export const quantileMinimum = (quantile: number): number => Math.ceil(10 / (1 - quantile) - 1e-6);

/** Requests without an error after which a true rate of `rate` is excluded at 95 %; null when no number of them would do. */
export const errorMinimum = (rate: number): number | null => {
  if (!(rate > 0)) return null;
  return rate >= 1 ? 1 : Math.ceil(Math.log(doubt) / Math.log1p(-rate) - 1e-9);
};

/** Excludes one bad request in a hundred. */
export const usualMinimum = 299;

/** The range at which a window would hold that many requests, ms: whole minutes, longer ones coarser. */
export const rangeForRequests = (requests: number, perSecond: number): number => {
  const ms = (requests / perSecond) * headroom * 1000;
  const step = ms <= 10 * minuteMs ? minuteMs : ms <= 60 * minuteMs ? 5 * minuteMs : 60 * minuteMs;
  return Math.ceil(ms / step) * step;
};

const shares: Readonly<Partial<Record<Unit, number>>> = { ratio: 1, percent: 0.01 };

/** How a limit of a metric says what share of the requests may be bad. */
export interface MinimumRules {
  /** From the unit of the query to a share. */
  readonly factor: number;
  /** Whether the limit bounds the bad ones (error rate) or the good ones (availability). */
  readonly limits: 'bad' | 'good';
  /** What one look looks back over. */
  readonly rangeMs: number;
}

/** Null when nobody counts the requests, or the limit is not one of a share. */
export const minimumRules = ({ traffic, meaning, rangeMs, expression: { op } }: MetricCheck): MinimumRules | null => {
  const factor = shares[meaning.unit];
  if (traffic === null || factor === undefined || op === null || op === '==') return null;
  return { factor, limits: op === '<' || op === '<=' ? 'bad' : 'good', rangeMs };
};

/**
 * Requests it takes to say that a metric keeps to its limit. No number of them shows that there is no error at all: for
 * a limit of 0 what is usual has to do.
 */
export const requestsNeeded = ({ factor, limits }: MinimumRules, limit: number): number =>
  errorMinimum(limits === 'bad' ? limit * factor : 1 - limit * factor) ?? usualMinimum;

/** p99 of a check that takes the quantile 0.99. */
export const quantileName = (quantile: number): string => `p${Number((quantile * 100).toFixed(4))}`;

/** Made once: it takes longer than what it formats. */
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `600`, `1,000`. */
export const countWords = (count: number): string => whole.format(Math.round(count));

/** Why a look at a quantile says too little, with a range that would do; null when it says enough or nobody knows. */
export const tooFewInWindow = (check: MetricCheck, perSecond: number | null): string | null => {
  const { quantile, rangeMs } = check;
  if (quantile === null || rangeMs === 0 || perSecond === null) return null;
  const needed = quantileMinimum(quantile);
  const there = Math.max(0, perSecond) * (rangeMs / 1000);
  if (there >= needed) return null;
  const name = quantileName(quantile);
  if (there < 1) return `no requests in ${rangeWords(rangeMs)}, ${name} needs ${countWords(needed)}`;
  const range = rangeWords(rangeForRequests(needed, perSecond));
  return `${countWords(there)} requests in ${rangeWords(rangeMs)}, ${name} needs ${countWords(needed)}: a range of ${range} would do`;
};

/** As it is written in a query: `2m`, `90s`, `1h30m`. */
export const rangeWords = (ms: number): string => {
  if (ms % 1000 !== 0) return spoken(ms);
  const seconds = ms / 1000;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${rest > 0 || seconds === 0 ? `${rest}s` : ''}`;
};

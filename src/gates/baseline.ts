import type { Baseline, MetricCheck } from './metric.ts';
import { medianOf } from './statistics.ts';

/** Values of one query at even steps, as a metrics server gave them. */
export interface PastValues {
  /** UTC ms of the first. */
  readonly from: number;
  readonly stepMs: number;
  /** Null where there was none. */
  readonly values: readonly (number | null)[];
  readonly warnings: readonly string[];
}

/** Both sides of a ratio's division, events a second, at the same steps. */
export interface PastRates {
  readonly numerator: PastValues;
  readonly denominator: PastValues;
}

const leastSteps = 20;
const leastSamples = 20;
const leastCoverage = 0.8;

export interface BaselineWindow {
  readonly windowMs: number;
  /** The window that was asked for holds too few steps. */
  readonly isLengthened: boolean;
}

/** The window that a baseline is taken over: at least 20 steps of its metric's look interval. */
export const baselineWindow = (windowMs: number, stepMs: number): BaselineWindow => {
  const least = leastSteps * stepMs;
  return { windowMs: Math.max(windowMs, least), isLengthened: windowMs < least };
};

/** The same hours a day or a week before: what is compared with under `shift`. */
export const shiftedWindow = (
  { from, to }: { readonly from: number; readonly to: number },
  shiftMs: number,
  stepMs: number,
): { readonly from: number; readonly to: number } => {
  const end = to - shiftMs;
  return { from: end - baselineWindow(to - from, stepMs).windowMs, to: end };
};

/** What a metric was over a window; comparisons use the median. `rates`: both sides of its division, for Fisher's test. */
export const baselineOf = (
  metric: Pick<MetricCheck, 'name' | 'title' | 'query' | 'hash' | 'meaning'>,
  past: PastValues,
  rates: PastRates | null = null,
): Baseline => {
  const { from, stepMs } = past;
  const values = past.values.map((value) => (value !== null && Number.isFinite(value) ? value : null));
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const median = sorted.length === 0 ? null : medianOf(sorted);
  const coverage = values.length === 0 ? 0 : sorted.length / values.length;
  return {
    metric: metric.name,
    title: metric.title,
    query: metric.query,
    hash: metric.hash,
    from,
    to: from + Math.max(0, values.length - 1) * stepMs,
    stepMs,
    values,
    median,
    mad: median === null ? null : medianOf(sorted.map((value) => Math.abs(value - median)).sort((a, b) => a - b)),
    p95: sorted.length === 0 ? null : quantileOf(sorted, 0.95),
    count: sorted.length,
    coverage,
    counts: rates === null ? null : countsOf(rates, metric.meaning.worse === 'lower'),
    problem: problemOf(sorted.length, coverage, past.warnings[0]),
  };
};

const problemOf = (count: number, coverage: number, warning: string | undefined): string | null => {
  if (count === 0) return 'it had no values';
  if (count < leastSamples) return `${count} of ${leastSamples} values`;
  if (coverage < leastCoverage)
    return `values for ${Math.floor(coverage * 100)} % of its window, at least ${leastCoverage * 100} %`;
  return warning === undefined ? null : `a partial answer: ${warning}`;
};

/** Of ascending values, at least one; between two of them in proportion. */
const quantileOf = (sorted: readonly number[], quantile: number): number => {
  const place = (sorted.length - 1) * quantile;
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
};

const countsOf = ({ numerator, denominator }: PastRates, areGood: boolean): Baseline['counts'] => {
  const seconds = denominator.stepMs / 1000;
  let [part, whole] = [0, 0];
  for (const [index, rate] of denominator.values.entries()) {
    const some = numerator.values[index] ?? null;
    if (rate === null || some === null) continue;
    whole += rate * seconds;
    part += Math.min(some, rate) * seconds;
  }
  if (whole === 0) return null;
  return { bad: Math.round(areGood ? whole - part : part), all: Math.round(whole) };
};

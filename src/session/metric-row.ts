import type { Unit } from '../gates/amount.ts';
import { amountWords } from '../gates/amount-words.ts';
import type { CheckRules } from '../gates/gate-rules.ts';
import { limitWords, referenceOf } from '../gates/limits.ts';
import type { Figures, MetricCheck } from '../gates/metric.ts';
import { countWords, quantileMinimum, quantileName } from '../gates/minimums.ts';
import type { CheckProgress } from '../gates/progress.ts';
import { neededRequests } from '../gates/tally.ts';

/** What the row of a metric tells besides, in numbers (in the unit of its query) and in words (empty = not known). */
export interface MetricRow {
  /** What is typed to go past it. */
  readonly name: string;
  readonly unit: Unit;
  readonly worse: 'higher' | 'lower' | 'either';
  readonly query: string;
  readonly stableQuery: string | null;
  /** Largest range of its queries, ms: what one look looks back over. */
  readonly rangeMs: number;
  /** What its rule compares with: only that column has something to say. */
  readonly comparesWith: 'stable' | 'baseline' | null;
  /** Of the last answer; null before the first, and when it gave no numbers. */
  readonly figures: Figures | null;
  readonly words: {
    readonly canary: string;
    readonly stable: string;
    readonly baseline: string;
    /** Absolute; both ends for `within`. */
    readonly limit: string;
    /** `115 % of stable`, `<= 1 %`: the column "because". */
    readonly rule: string;
    /** `3 of 3`: of a failed check its BAD looks and those that count, else GOOD looks of all. */
    readonly tally: string;
  };
  /** Requests since the gate began, of those that its limit needs at the end; null = "traffic unknown". */
  readonly requests: RequestCount | null;
  /** Requests in the window of one look, of those its quantile needs; null = it has none, or nobody counts. */
  readonly window: RequestCount | null;
}

export interface RequestCount {
  readonly seen: number;
  /** Null = no minimum applies, or none is known yet. */
  readonly needed: number | null;
  /** `812 of 1,000 requests`, `2,914 requests, enough for p99`. */
  readonly words: string;
}

/** `rule` as the check has it, `tally` as its looks have it. */
export const metricRow = (
  check: MetricCheck,
  progress: CheckProgress | null,
  rules: CheckRules | undefined,
  { rule, tally }: Pick<MetricRow['words'], 'rule' | 'tally'>,
): MetricRow => {
  const figures = progress?.last?.figures ?? null;
  const { unit, worse } = check.meaning;
  const amount = (value: number | null | undefined): string =>
    value === null || value === undefined ? '' : amountWords(value, unit);
  const comparesWith = referenceOf(check.expression.bound);
  return {
    name: check.name,
    unit,
    worse,
    query: check.query,
    stableQuery: check.stable,
    rangeMs: check.rangeMs,
    comparesWith,
    figures,
    words: {
      canary: amount(figures?.value),
      stable: amount(figures?.stable),
      baseline: comparesWith === 'baseline' ? amount(figures?.baseline) : '',
      limit: limitWords(figures?.limits ?? [], unit),
      rule,
      tally,
    },
    requests: requestsOf(check, progress, rules),
    window: windowOf(check, figures),
  };
};

const requestsOf = (
  { traffic }: MetricCheck,
  progress: CheckProgress | null,
  rules: CheckRules | undefined,
): RequestCount | null => {
  const tally = progress?.tally ?? null;
  if (traffic === null || tally === null || tally.requests === null) return null;
  const seen = Math.floor(tally.requests);
  const needed = neededRequests(tally, rules);
  const words =
    needed === null ? `${countWords(seen)} requests` : `${countWords(seen)} of ${countWords(needed)} requests`;
  return { seen, needed, words };
};

const windowOf = ({ quantile, rangeMs }: MetricCheck, figures: Figures | null): RequestCount | null => {
  const traffic = figures?.traffic ?? null;
  if (quantile === null || rangeMs === 0 || traffic === null) return null;
  const seen = Math.floor(Math.max(0, traffic) * (rangeMs / 1000));
  const needed = quantileMinimum(quantile);
  const name = quantileName(quantile);
  const enough = seen >= needed ? `enough for ${name}` : `${name} needs ${countWords(needed)}`;
  return { seen, needed, words: `${countWords(seen)} requests, ${enough}` };
};

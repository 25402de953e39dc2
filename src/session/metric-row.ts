import type { Unit } from '../gates/amount.ts';
import type { Figures, MetricCheck } from '../gates/metric.ts';
import { referenceOf } from './metric-check.ts';

/** What the row of a metric tells besides, in numbers (in the unit of its query) and in words (empty = not known). */
export interface MetricRow {
  /** What is typed to go past it. */
  readonly name: string;
  readonly unit: Unit;
  readonly worse: 'higher' | 'lower' | 'either';
  readonly query: string;
  readonly stableQuery: string | null;
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
    /** `115 % of stable`: the column "because". */
    readonly rule: string;
    /** `3 of 3`: of a failed check its BAD looks and those that count, else GOOD looks of all. */
    readonly tally: string;
  };
  /** Requests since the gate began; null = no `traffic` query, or no minimum: "traffic unknown". */
  readonly requests: { readonly seen: number; readonly needed: number } | null;
}

export const metricRow = (check: MetricCheck, figures: Figures | null, tally: string, rule: string): MetricRow => ({
  name: check.name,
  unit: check.meaning.unit,
  worse: check.meaning.worse,
  query: check.query,
  stableQuery: check.stable,
  comparesWith: referenceOf(check.expression.bound),
  figures,
  words: { canary: '', stable: '', baseline: '', limit: '', rule, tally },
  requests: null,
});

import type { Expression, MetricMeaning } from './expression.ts';

/** What is asked of the metrics server for one metric, its `${name}`s filled in. Source: 10-runbook-format, 30-gates. */
export interface MetricQuestion {
  readonly query: string;
  /** The control, asked at the same evaluation time. */
  readonly stable: string | null;
  /** Requests a second. */
  readonly traffic: string | null;
  /** Gives the age of the data in seconds; null = it is asked of the query's own selectors. */
  readonly freshness: string | null;
  readonly scrapeMs: number | null;
  /** The numerators and denominators of both queries are asked too, for Fisher's test. */
  readonly counts: boolean;
}

/** One query's answer: one finite or infinite number, nothing, or why there is none. */
export type ScalarAnswer =
  | { readonly kind: 'value'; readonly value: number }
  /** An empty vector, or NaN. */
  | { readonly kind: 'missing'; readonly missing: 'empty' | 'nan' }
  /** In the words of the network table; not yet safe text. `late`: no answer within its time limit. */
  | { readonly kind: 'fault'; readonly because: string; readonly late?: true };

/** How old the newest sample behind an answer is. */
export type DataAge =
  | { readonly kind: 'known'; readonly ms: number }
  /** The query has no selector that could tell and no `freshness` was given. */
  | { readonly kind: 'unknown' }
  /** It could be asked, and nothing answered: the source has been silent for 10 minutes. */
  | { readonly kind: 'none' }
  | { readonly kind: 'fault'; readonly because: string };

/** Events a second, for Fisher's test: bad ones and all of them. */
export interface RatePair {
  readonly bad: ScalarAnswer;
  readonly all: ScalarAnswer;
}

/** All answers to one question, of one evaluation time. */
export interface MetricReading {
  /** Evaluation time, UTC ms. */
  readonly at: number;
  readonly value: ScalarAnswer;
  readonly stable: ScalarAnswer | null;
  readonly traffic: ScalarAnswer | null;
  /** The oldest of the query's own selectors, or what `freshness` says. */
  readonly age: DataAge;
  /** The oldest of the control's selectors, which says nothing about checks without it; null = no control. */
  readonly stableAge: DataAge | null;
  readonly counts: { readonly canary: RatePair; readonly stable: RatePair } | null;
  /** Partial answers, in the server's words; GREY instead of GOOD. */
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** What a metric was over a past window, from before the change. Source: 30-gates, "Baseline and control". */
export interface Baseline {
  readonly metric: string;
  readonly title: string;
  /** Rendered, and its SHA-256: a check with another query has another baseline. */
  readonly query: string;
  readonly hash: string;
  /** UTC ms. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** In the unit of the query, oldest first; null where there was no value. */
  readonly values: readonly (number | null)[];
  readonly median: number | null;
  readonly mad: number | null;
  readonly p95: number | null;
  readonly count: number;
  /** Values there are, of those there should be: 0 to 1. */
  readonly coverage: number;
  /** Of all requests in the window, for Fisher's test; null = not asked for, or not answered. */
  readonly counts: { readonly bad: number; readonly all: number } | null;
  /** Why it cannot be compared with; null = it can. */
  readonly problem: string | null;
}

/** A metric's check as it is judged, everything filled in. */
export interface MetricCheck extends MetricQuestion {
  readonly kind: 'metric';
  /** As the runbook names it. */
  readonly name: string;
  readonly title: string;
  readonly meaning: MetricMeaning;
  readonly expression: Expression;
  /** Largest range selector of query and control, ms; 0 = none. */
  readonly rangeMs: number;
  /** A quantile the query takes (0.99); null = none. */
  readonly quantile: number | null;
  /** Below it a value counts as it; in the unit of the query. */
  readonly floor: number | null;
  /** The baseline is the same window that long ago: `shift: 1d`. Null = what was captured in the run. */
  readonly shiftMs: number | null;
  /** SHA-256 of the rendered query: finds its baseline. */
  readonly hash: string;
}

/** The numbers of a metric's sample, kept so that its verdict can be reached again from the record. */
export interface Figures {
  /** All in the unit of the query. */
  readonly value: number | null;
  readonly stable: number | null;
  readonly baseline: number | null;
  /** The limit as an absolute number; two of them for `within`. Empty when it could not be told. */
  readonly limits: readonly number[];
  /** Null = unknown. */
  readonly ageMs: number | null;
  /** Requests a second now; null = no `traffic` query, or no answer to it. */
  readonly traffic: number | null;
  /** Events in the look's own window (a rate times the range), for Fisher's test. */
  readonly counts: {
    readonly bad: number;
    readonly all: number;
    readonly stableBad: number;
    readonly stableAll: number;
  } | null;
}

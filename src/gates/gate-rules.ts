import type { GateCheck } from './check.ts';
import type { Baseline, MetricCheck } from './metric.ts';
import { type MinimumRules, minimumRules } from './minimums.ts';
import { type TestRules, testRules } from './test-rules.ts';

/** The options of a gate, as the runbook has them. */
export interface GateOptions {
  readonly forMs: number | null;
  readonly withinMs: number | null;
  readonly settleMs: number | null;
  readonly everyMs: number | null;
  readonly breach: { readonly bad: number; readonly of: number } | null;
  readonly minLooks: number | null;
  readonly holdTimeoutMs: number | null;
}

/** The same with the defaults of 30-gates filled in; all times in ms. */
export interface GateRules {
  readonly settleMs: number;
  /** From when on it settles: what is told by the metrics' ranges is over once the last change has left them. */
  readonly settlesFrom: 'start' | 'change';
  /** Null: decided at the first full answer. */
  readonly withinMs: number | null;
  /** Null: no soak. */
  readonly forMs: number | null;
  /** Questions are asked no less often. */
  readonly everyMs: number;
  readonly breach: { readonly bad: number; readonly of: number };
  readonly minLooks: number;
  /** Counts from the end of `for`, or bounds the wait for a first full answer. */
  readonly holdTimeoutMs: number;
  /** In the order of the gate's checks. */
  readonly checks: readonly CheckRules[];
}

/** All that is needed of a check to judge its samples: plain data, kept in the record with them. */
export interface CheckRules {
  /** A look is at least this long after the look before: looks at one range share no request. */
  readonly lookMs: number;
  /** An answer counts as one of now for this long. */
  readonly liveMs: number;
  /** Requests that it takes to exclude what its limit forbids; null when no minimum applies, or nobody counts. */
  readonly minimum: MinimumRules | null;
  /** Decided by one test at the end instead of by its looks; null = by its looks. */
  readonly test: TestRules | null;
}

export const defaultEveryMs = 15_000;
/** Metrics are asked this often whatever `every` says. */
const metricEveryMs = 15_000;
const leastHoldTimeoutMs = 10 * 60_000;
const leastLiveMs = 45_000;
const afterRangeMs = 30_000;

/** The rules of a gate with these checks, of which null are those that cannot be asked. */
export const gateRules = (
  options: GateOptions,
  checks: readonly (GateCheck | null)[],
  baselineFor: (check: MetricCheck) => Baseline | null = () => null,
): GateRules => {
  const everyMs = options.everyMs ?? defaultEveryMs;
  const metrics = checks.filter((check) => check?.kind === 'metric');
  const settles = Math.max(0, ...metrics.map(({ rangeMs }) => rangeMs + afterRangeMs));
  return {
    settleMs: options.settleMs ?? settles,
    settlesFrom: options.settleMs === null ? 'change' : 'start',
    withinMs: options.withinMs,
    forMs: options.forMs,
    everyMs,
    breach: options.breach ?? { bad: 3, of: 3 },
    minLooks: options.minLooks ?? 3,
    holdTimeoutMs: options.holdTimeoutMs ?? Math.max(options.forMs ?? 0, leastHoldTimeoutMs),
    checks: checks.map((check) => checkRules(check, everyMs, baselineFor)),
  };
};

const checkRules = (
  check: GateCheck | null,
  everyMs: number,
  baselineFor: (check: MetricCheck) => Baseline | null,
): CheckRules => {
  if (check?.kind !== 'metric')
    return { lookMs: everyMs, liveMs: Math.max(3 * everyMs, leastLiveMs), minimum: null, test: null };
  return {
    lookMs: lookMs(everyMs, check.rangeMs),
    liveMs: Math.max(3 * metricEveryMs, leastLiveMs),
    minimum: minimumRules(check),
    test: testRules(check, baselineFor),
  };
};

/** The least distance of two looks at a metric, for criteria too; `everyMs` null = the default. */
export const lookMs = (everyMs: number | null, rangeMs: number): number => Math.max(everyMs ?? defaultEveryMs, rangeMs);

const mostSlackMs = 5_000;

/** Timers are not exact, so a look may come a little early: a tenth, and not so much that two ranges overlap. */
export const isLookDue = (sinceMs: number, lookEveryMs: number): boolean =>
  sinceMs >= lookEveryMs - Math.min(lookEveryMs / 10, mostSlackMs);

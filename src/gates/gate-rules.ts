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
  /** Null: decided at the first full answer. */
  readonly withinMs: number | null;
  /** Null: no soak. */
  readonly forMs: number | null;
  /** A look is at least this long after the look before; questions are asked no less often. */
  readonly everyMs: number;
  readonly breach: { readonly bad: number; readonly of: number };
  readonly minLooks: number;
  /** Counts from the end of `for`, or bounds the wait for a first full answer. */
  readonly holdTimeoutMs: number;
}

export const defaultEveryMs = 15_000;
const leastHoldTimeoutMs = 10 * 60_000;

/** Rules of a gate without metrics. */
export const gateRules = (options: GateOptions): GateRules => ({
  settleMs: options.settleMs ?? 0,
  withinMs: options.withinMs,
  forMs: options.forMs,
  everyMs: options.everyMs ?? defaultEveryMs,
  breach: options.breach ?? { bad: 3, of: 3 },
  minLooks: options.minLooks ?? 3,
  holdTimeoutMs: options.holdTimeoutMs ?? Math.max(options.forMs ?? 0, leastHoldTimeoutMs),
});

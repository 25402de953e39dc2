import type { Figures } from './metric.ts';

/**
 * One answer of one check, judged. GOOD, BAD and GREY samples can become looks; ERROR and NO-DATA never do.
 * Source: 30-gates, "Samples".
 */
export interface Sample {
  /** When it was asked, UTC ms. */
  readonly at: number;
  readonly kind: 'GOOD' | 'BAD' | 'GREY' | 'ERROR' | 'NO-DATA';
  /** NO-DATA only: `stale` makes the verdict NO-DATA at once. Null otherwise. */
  readonly missing: 'empty' | 'nan' | 'stale' | null;
  /** The value as people read it: `548 ms`, `4 of 6 ready`, `HTTP 503`. Not yet safe text. */
  readonly value: string;
  /** Reason of anything but GOOD: `CrashLoopBackOff: checkout-7d9f, 3 restarts`. Not yet safe text. */
  readonly because: string | null;
  /**
   * `underway`, BAD only: no full answer yet (a rollout that goes on), so a gate without `within` waits on.
   * `terminal`: waiting cannot make it better. A BAD one (an image that does not exist) fails the gate at once; a GREY
   * one (no baseline to compare with) leaves it INCONCLUSIVE for as long as it comes. Null otherwise.
   */
  readonly pace: 'underway' | 'terminal' | null;
  /** A metric's only. */
  readonly figures?: Figures;
}

const plain = { missing: null, because: null, pace: null } as const;

export const good = (at: number, value: string): Sample => ({ ...plain, at, kind: 'GOOD', value });

export const grey = (at: number, value: string, because: string): Sample => ({
  ...plain,
  at,
  kind: 'GREY',
  value,
  because,
});

export const bad = (at: number, value: string, because: string, pace: Sample['pace'] = null): Sample => ({
  ...plain,
  at,
  kind: 'BAD',
  value,
  because,
  pace,
});

export const failedToAsk = (at: number, because: string): Sample => ({
  ...plain,
  at,
  kind: 'ERROR',
  value: '',
  because,
});

export const noData = (at: number, missing: NonNullable<Sample['missing']>, because: string): Sample => ({
  ...plain,
  at,
  kind: 'NO-DATA',
  missing,
  value: '',
  because,
});

/** What a gate says. The worst of its checks wins, in this order. Source: 30-gates, "Verdict". */
export const verdicts = ['FAIL', 'ERROR', 'NO-DATA', 'INCONCLUSIVE', 'RUNNING', 'PENDING', 'PASS'] as const;

export type Verdict = (typeof verdicts)[number];

/** The four words on screen. */
export type VerdictWord = 'ok' | 'wait' | 'FAIL' | 'BLIND';

export const verdictWord = (verdict: Verdict): VerdictWord => {
  switch (verdict) {
    case 'PASS':
      return 'ok';
    case 'FAIL':
      return 'FAIL';
    case 'RUNNING':
    case 'PENDING':
      return 'wait';
    case 'ERROR':
    case 'NO-DATA':
    case 'INCONCLUSIVE':
      return 'BLIND';
  }
};

/** The worst of several verdicts; PASS when there are none. */
export const worstVerdict = (all: readonly Verdict[]): Verdict =>
  verdicts.find((verdict) => all.includes(verdict)) ?? 'PASS';

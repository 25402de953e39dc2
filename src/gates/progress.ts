import type { GateRules } from './gate-rules.ts';
import type { Sample } from './sample.ts';

export type LookKind = 'GOOD' | 'BAD' | 'GREY';

/**
 * How far a gate has come: a fold of its samples, of bounded size. Times are watched time: UTC ms less the time that
 * nobody watched since the gate began (`awayMs`). Source: 30-gates, "Verdict".
 */
export interface GateProgress {
  readonly startedAt: number;
  readonly awayMs: number;
  /** When every check had its first GOOD (or, without `within`, its first full look); null while waiting. */
  readonly holdingSince: number | null;
  readonly checks: readonly CheckProgress[];
}

export interface CheckProgress {
  /** The last answer of any kind; null before the first and after a gap. */
  readonly last: Sample | null;
  /** While waiting every answer is a look, while holding they are spaced by `every`. */
  readonly lastLook: {
    readonly at: number;
    readonly kind: LookKind;
    readonly because: string | null;
    /** No full answer: what it asks for goes on. */
    readonly underway: boolean;
  } | null;
  /** Looks since holding began. */
  readonly looks: number;
  readonly good: number;
  readonly bad: number;
  /** The last looks since holding began, as many as the breach pattern is wide. */
  readonly recent: readonly LookKind[];
  /** Looks and BAD ones among them up to the end of `for`; null before. */
  readonly atEnd: { readonly looks: number; readonly bad: number } | null;
  /** ERROR and NO-DATA in a row since the last answer. */
  readonly errors: number;
  readonly missing: number;
  readonly missingSince: number | null;
  /** Set for good once it has failed. */
  readonly failed: string | null;
}

const untouched: CheckProgress = {
  last: null,
  lastLook: null,
  looks: 0,
  good: 0,
  bad: 0,
  recent: [],
  atEnd: null,
  errors: 0,
  missing: 0,
  missingSince: null,
  failed: null,
};

/** A gate whose try begins; `startedAt` is UTC ms. */
export const gateProgress = (startedAt: number, checks: number): GateProgress => ({
  startedAt,
  awayMs: 0,
  holdingSince: null,
  checks: Array.from({ length: checks }, () => untouched),
});

/**
 * A gap in which nobody watched: the clocks stand still over it, and what was last seen is no longer live. While waiting,
 * the look that decides is one from after it.
 */
export const afterGap = (progress: GateProgress, from: number, to: number): GateProgress => ({
  ...progress,
  awayMs: progress.awayMs + Math.max(0, to - Math.max(from, progress.startedAt)),
  checks: progress.checks.map((check) => ({
    ...check,
    last: null,
    lastLook: progress.holdingSince === null ? null : check.lastLook,
  })),
});

/** Looks may come a little early: timers are not exact. */
const slack = 0.9;

export const isLook = (kind: Sample['kind']): kind is LookKind => kind === 'GOOD' || kind === 'BAD' || kind === 'GREY';

/** One answer of one check, at `time` (watched). Whether it is a look depends on where the gate stands. */
export const withSample = (
  check: CheckProgress,
  sample: Sample,
  time: number,
  gate: { readonly rules: GateRules; readonly settled: boolean; readonly holdingSince: number | null },
): CheckProgress => {
  const { kind } = sample;
  const seen: CheckProgress = {
    ...check,
    last: sample,
    errors: kind === 'ERROR' ? check.errors + 1 : 0,
    missing: kind === 'NO-DATA' ? check.missing + 1 : 0,
    missingSince: kind === 'NO-DATA' ? (check.missingSince ?? time) : null,
  };
  if (!isLook(kind) || !gate.settled) return seen;
  const look = { at: time, kind, because: sample.because, underway: sample.pace === 'underway' };
  if (gate.holdingSince === null) return { ...seen, lastLook: look };
  const early = check.lastLook !== null && time - check.lastLook.at < gate.rules.everyMs * slack;
  if (early) return seen;
  return counted({ ...seen, lastLook: look }, kind, gate.rules);
};

const counted = (check: CheckProgress, kind: LookKind, { breach }: GateRules): CheckProgress => ({
  ...check,
  looks: check.looks + 1,
  good: check.good + (kind === 'GOOD' ? 1 : 0),
  bad: check.bad + (kind === 'BAD' ? 1 : 0),
  recent: [...check.recent, kind].slice(-breach.of),
});

/** Holding begins: the look that ended the waiting is its first. */
export const asFirstLook = (check: CheckProgress, rules: GateRules): CheckProgress =>
  check.lastLook === null ? check : counted(check, check.lastLook.kind, rules);

import { type CheckRules, type GateRules, isLookDue } from './gate-rules.ts';
import type { Figures } from './metric.ts';
import type { Sample } from './sample.ts';
import { type Tally, withLook, withTraffic } from './tally.ts';

export type LookKind = 'GOOD' | 'BAD' | 'GREY';

/**
 * How far a gate has come: a fold of its samples, of bounded size. Times are watched time: UTC ms less the time that
 * nobody watched since the gate began (`awayMs`). Source: 30-gates, "Verdict".
 */
export interface GateProgress {
  readonly startedAt: number;
  /** When the last change before it ended, UTC ms; null = none that this run knows of. */
  readonly changedAt: number | null;
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
    /** A metric's only. */
    readonly figures?: Figures;
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
  /** What a metric's samples add up to; null for other checks and before the first. */
  readonly tally: Tally | null;
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
  tally: null,
};

/** A gate whose try begins; `startedAt` and `changedAt` are UTC ms. */
export const gateProgress = (startedAt: number, checks: number, changedAt: number | null): GateProgress => ({
  startedAt,
  changedAt,
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

/** When a gate has settled, as its own watched time. */
export const settledAt = ({ startedAt, changedAt }: GateProgress, { settleMs, settlesFrom }: GateRules): number => {
  if (settlesFrom === 'start') return startedAt + settleMs;
  return changedAt === null ? startedAt : Math.max(startedAt, changedAt + settleMs);
};

export const isLook = (kind: Sample['kind']): kind is LookKind => kind === 'GOOD' || kind === 'BAD' || kind === 'GREY';

interface GateMoment {
  readonly startedAt: number;
  readonly rules: GateRules;
  readonly own: CheckRules | undefined;
  readonly settled: boolean;
  readonly holdingSince: number | null;
}

/** One answer of one check, at `time` (watched). Whether it is a look depends on where the gate stands. */
export const withSample = (check: CheckProgress, sample: Sample, time: number, gate: GateMoment): CheckProgress => {
  const { kind, figures } = sample;
  const seen: CheckProgress = {
    ...check,
    last: sample,
    errors: kind === 'ERROR' ? check.errors + 1 : 0,
    missing: kind === 'NO-DATA' ? check.missing + 1 : 0,
    missingSince: kind === 'NO-DATA' ? (check.missingSince ?? time) : null,
  };
  if (!isLook(kind)) return seen;
  const counting = { ...seen, tally: withTraffic(check.tally, figures, time, gate.startedAt) };
  if (!gate.settled) return counting;
  const underway = sample.pace === 'underway';
  const look = { at: time, kind, because: sample.because, underway, ...(figures === undefined ? {} : { figures }) };
  if (gate.holdingSince === null) return { ...counting, lastLook: look };
  const lookMs = gate.own?.lookMs ?? gate.rules.everyMs;
  if (check.lastLook !== null && !isLookDue(time - check.lastLook.at, lookMs)) return counting;
  return counted({ ...counting, lastLook: look }, look, gate.rules, gate.own);
};

const counted = (
  check: CheckProgress,
  { kind, figures }: NonNullable<CheckProgress['lastLook']>,
  { breach }: GateRules,
  own: CheckRules | undefined,
): CheckProgress => ({
  ...check,
  looks: check.looks + 1,
  good: check.good + (kind === 'GOOD' ? 1 : 0),
  bad: check.bad + (kind === 'BAD' ? 1 : 0),
  recent: [...check.recent, kind].slice(-breach.of),
  tally: withLook(check.tally, figures, own),
});

/** Holding begins: the look that ended the waiting is its first. */
export const asFirstLook = (check: CheckProgress, rules: GateRules, own: CheckRules | undefined): CheckProgress =>
  check.lastLook === null ? check : counted(check, check.lastLook, rules, own);

import { isLook } from './progress.ts';
import type { Sample } from './sample.ts';

/**
 * A check that is watched during the whole run: BAD = its breach. Folded in the process that watches; what changes
 * becomes an event. Source: 30-gates, "Rollback criteria".
 */
export interface CriterionWatch {
  readonly status: 'ok' | 'suspect' | 'breached' | 'recovered';
  /** BAD looks in a row since the last other look. */
  readonly bad: number;
  readonly lastLookAt: number | null;
  readonly last: Sample | null;
  readonly errors: number;
  readonly missing: number;
  readonly missingSince: number | null;
  /** Why it cannot tell; null = it can, or has not been silent for long enough. */
  readonly blind: string | null;
  /** A breach was acknowledged: it takes a look that is not BAD before it can be one again. */
  readonly acknowledged: boolean;
}

/** An answer, and how bad it is on the check's own scale: failing pods, restarts, 1 or 0. */
export interface CriterionSample {
  readonly sample: Sample;
  readonly amount: number;
  /** What it watches does not exist yet: neither ok nor BLIND. */
  readonly notYet: boolean;
}

export interface CriterionRules {
  /** A look is at least this long after the look before, ms. */
  readonly everyMs: number;
  /** BAD looks in a row that make a breach. */
  readonly row: number;
  /** Hotfix: what was as bad before the change is no breach; null = everything BAD counts. */
  readonly reference: number | null;
}

export const criterionWatch = (
  status: CriterionWatch['status'],
  blind: string | null,
  acknowledged: boolean,
): CriterionWatch => ({
  status,
  bad: 0,
  lastLookAt: null,
  last: null,
  errors: 0,
  missing: 0,
  missingSince: null,
  blind,
  acknowledged,
});

const inARow = 3;
const noDataMs = 60_000;
const slack = 0.9;

/** The watch with one more answer. */
export const watchSample = (watch: CriterionWatch, answer: CriterionSample, rules: CriterionRules): CriterionWatch => {
  const { sample, notYet } = answer;
  const { kind, at } = sample;
  const seen: CriterionWatch = {
    ...watch,
    last: sample,
    errors: kind === 'ERROR' ? watch.errors + 1 : 0,
    missing: kind === 'NO-DATA' ? watch.missing + 1 : 0,
    missingSince: kind === 'NO-DATA' ? (watch.missingSince ?? at) : null,
  };
  if (notYet) return { ...seen, bad: 0, blind: null };
  if (!isLook(kind)) return { ...seen, blind: watch.blind ?? blindness(seen, sample) };
  const able = { ...seen, blind: null };
  const spaced = watch.lastLookAt === null || at - watch.lastLookAt >= rules.everyMs * slack;
  const terminal = kind === 'BAD' && sample.pace === 'terminal';
  return spaced || terminal ? look({ ...able, lastLookAt: at }, answer, rules) : able;
};

const blindness = (watch: CriterionWatch, { kind, because, missing, at }: Sample): string | null => {
  const long =
    kind === 'ERROR'
      ? watch.errors >= inARow
      : missing === 'stale' || watch.missing >= inARow || at - (watch.missingSince ?? at) >= noDataMs;
  return long ? (because ?? kind) : null;
};

const look = (watch: CriterionWatch, { sample, amount }: CriterionSample, rules: CriterionRules): CriterionWatch => {
  const excused = rules.reference !== null && amount <= rules.reference;
  if (sample.kind !== 'BAD' || excused) {
    const calm = { ok: 'ok', suspect: 'ok', breached: 'recovered', recovered: 'recovered' } as const;
    return { ...watch, bad: 0, acknowledged: false, status: calm[watch.status] };
  }
  if (watch.acknowledged) return watch;
  const bad = watch.bad + 1;
  if (bad >= rules.row || sample.pace === 'terminal') return { ...watch, bad, status: 'breached' };
  return { ...watch, bad, status: watch.status === 'ok' ? 'suspect' : watch.status };
};

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
  /** Told as blind already. */
  readonly blind: boolean;
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

export type CriterionChange =
  | { readonly kind: 'suspect' | 'breached' | 'recovered'; readonly value: string }
  | { readonly kind: 'blind'; readonly because: string };

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
  blind: boolean,
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

/** The watch with one more answer, and what changed by it. */
export const watchSample = (
  watch: CriterionWatch,
  answer: CriterionSample,
  rules: CriterionRules,
): { readonly watch: CriterionWatch; readonly changes: readonly CriterionChange[] } => {
  const { sample } = answer;
  const { kind, at } = sample;
  const seen: CriterionWatch = {
    ...watch,
    last: sample,
    errors: kind === 'ERROR' ? watch.errors + 1 : 0,
    missing: kind === 'NO-DATA' ? watch.missing + 1 : 0,
    missingSince: kind === 'NO-DATA' ? (watch.missingSince ?? at) : null,
  };
  if (answer.notYet) return { watch: { ...seen, missing: 0, missingSince: null, bad: 0 }, changes: [] };
  if (!isLook(kind)) return silent(seen, sample);
  const sees: readonly CriterionChange[] =
    watch.blind && watch.status !== 'breached' ? [{ kind: 'recovered', value: sample.value }] : [];
  const able = { ...seen, blind: false };
  const spaced = watch.lastLookAt === null || at - watch.lastLookAt >= rules.everyMs * slack;
  const terminal = kind === 'BAD' && sample.pace === 'terminal';
  if (!spaced && !terminal) return { watch: able, changes: sees };
  const looked = look({ ...able, lastLookAt: at }, answer, rules);
  return { watch: looked.watch, changes: [...sees, ...looked.changes] };
};

const silent = (watch: CriterionWatch, { kind, because, missing, at }: Sample): ReturnType<typeof watchSample> => {
  const long =
    (kind === 'ERROR' && watch.errors >= inARow) ||
    (kind === 'NO-DATA' &&
      (missing === 'stale' || watch.missing >= inARow || at - (watch.missingSince ?? at) >= noDataMs));
  if (!long || watch.blind) return { watch, changes: [] };
  return { watch: { ...watch, blind: true }, changes: [{ kind: 'blind', because: because ?? kind }] };
};

const look = (
  watch: CriterionWatch,
  { sample, amount }: CriterionSample,
  rules: CriterionRules,
): ReturnType<typeof watchSample> => {
  const excused = rules.reference !== null && amount <= rules.reference;
  const isBad = sample.kind === 'BAD' && !excused;
  const value = sample.because ?? sample.value;
  if (!isBad) {
    const calm: CriterionWatch = { ...watch, bad: 0, acknowledged: false };
    switch (watch.status) {
      case 'suspect':
        return { watch: { ...calm, status: 'ok' }, changes: [{ kind: 'recovered', value: sample.value }] };
      case 'breached':
        return { watch: { ...calm, status: 'recovered' }, changes: [{ kind: 'recovered', value: sample.value }] };
      default:
        return { watch: calm, changes: [] };
    }
  }
  if (watch.acknowledged) return { watch, changes: [] };
  const bad = watch.bad + 1;
  if (watch.status === 'breached') return { watch: { ...watch, bad }, changes: [] };
  if (bad >= rules.row || sample.pace === 'terminal')
    return { watch: { ...watch, bad, status: 'breached' }, changes: [{ kind: 'breached', value }] };
  if (watch.status === 'ok')
    return { watch: { ...watch, bad, status: 'suspect' }, changes: [{ kind: 'suspect', value }] };
  return { watch: { ...watch, bad }, changes: [] };
};

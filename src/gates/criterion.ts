import { isLookDue } from './gate-rules.ts';
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
  /** GREY answers since the last one that told something, and when the first of them came. */
  readonly unsure: number;
  readonly unsureSince: number | null;
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
  unsure: 0,
  unsureSince: null,
  blind,
  acknowledged,
});

const inARow = 3;
const noDataMs = 60_000;

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
    unsure: kind === 'GREY' ? watch.unsure + 1 : tells(kind) ? 0 : watch.unsure,
    unsureSince: kind === 'GREY' ? (watch.unsureSince ?? at) : tells(kind) ? null : watch.unsureSince,
  };
  if (notYet) return { ...seen, bad: 0, blind: null };
  if (!tells(kind)) return unsure({ ...seen, blind: watch.blind ?? blindness(seen, sample) }, sample, rules);
  const able = { ...seen, blind: null };
  const spaced = isDue(watch, at, rules.everyMs);
  const terminal = kind === 'BAD' && sample.pace === 'terminal';
  return spaced || terminal ? look({ ...able, lastLookAt: at }, answer, rules) : able;
};

const tells = (kind: Sample['kind']): boolean => kind === 'GOOD' || kind === 'BAD';

/** A GREY look ends a row of BAD ones and is no recovery: whether a breach goes on it cannot tell. */
const unsure = (watch: CriterionWatch, { kind, at }: Sample, { everyMs }: CriterionRules): CriterionWatch => {
  if (kind !== 'GREY' || !isDue(watch, at, everyMs)) return watch;
  return { ...watch, lastLookAt: at, bad: 0, status: watch.status === 'suspect' ? 'ok' : watch.status };
};

/** A clock that was set back must not keep the looks away until it is where it was. */
const isDue = ({ lastLookAt }: CriterionWatch, at: number, everyMs: number): boolean =>
  lastLookAt === null || at < lastLookAt || isLookDue(at - lastLookAt, everyMs);

const blindness = (watch: CriterionWatch, { kind, because, missing, pace, at }: Sample): string | null => {
  const isLong = (count: number, since: number | null): boolean => count >= inARow || at - (since ?? at) >= noDataMs;
  const long =
    kind === 'ERROR'
      ? watch.errors >= inARow
      : kind === 'GREY'
        ? pace === 'terminal' || isLong(watch.unsure, watch.unsureSince)
        : missing === 'stale' || isLong(watch.missing, watch.missingSince);
  return long ? (because ?? kind) : null;
};

/**
 * A service that fails at 12 % fails at 11 to 13 % from minute to minute, and few of them are seen before the change:
 * what is no more than a fifth beyond the reference is not worse.
 */
const tolerance = 0.2;

const look = (watch: CriterionWatch, { sample, amount }: CriterionSample, rules: CriterionRules): CriterionWatch => {
  const excused = rules.reference !== null && amount <= rules.reference + tolerance * Math.abs(rules.reference);
  if (sample.kind !== 'BAD' || excused) {
    const calm = { ok: 'ok', suspect: 'ok', breached: 'recovered', recovered: 'recovered' } as const;
    return { ...watch, bad: 0, acknowledged: false, status: calm[watch.status] };
  }
  if (watch.acknowledged) return watch;
  const bad = watch.bad + 1;
  if (bad >= rules.row || sample.pace === 'terminal') return { ...watch, bad, status: 'breached' };
  return { ...watch, bad, status: watch.status === 'ok' ? 'suspect' : watch.status };
};

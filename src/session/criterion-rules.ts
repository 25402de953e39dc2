import type { CriterionRules } from '../gates/criterion.ts';
import { type CriterionOf, hotfixMs } from './criterion-state.ts';
import type { SessionState } from './state.ts';

const stateEveryMs = 5_000;
const askEveryMs = 15_000;
const row = 3;

/** How answers of a criterion are folded at `now` (UTC ms). Questions come at the same pace, those of metrics each 15 s. */
export const criterionRules = (state: SessionState, own: CriterionOf, now: number): CriterionRules => ({
  everyMs: lookEveryMs(own),
  row,
  reference: referenceOf(state, own, now),
});

/** A metric looks back over its range: a look before that has passed would be the same one again. */
const lookEveryMs = ({ check }: CriterionOf): number => {
  switch (check?.kind) {
    case 'deadline':
    case 'failing':
    case 'restarts':
      return stateEveryMs;
    case 'metric':
      return Math.max(askEveryMs, check.rangeMs);
    default:
      return askEveryMs;
  }
};

/** Only of a hotfix: what is bad before its change is what it is made for. */
export const hasReference = ({ frame }: Pick<CriterionOf, 'frame'>): boolean => frame.runbook.kind === 'hotfix';

/**
 * Whether everything that is bad is what a hotfix is made for: before its change, and after it until its reference is
 * known, as where it was made right after a resume. Ten minutes after the change nothing is excused.
 */
export const isExcused = (state: SessionState, own: CriterionOf, now: number): boolean => {
  if (!hasReference(own)) return false;
  if (state.firstChangeAt === null) return true;
  return now - state.firstChangeAt < hotfixMs && state.criteria[own.index]?.phase === 'BEFORE';
};

const referenceOf = (state: SessionState, own: CriterionOf, now: number): number | null => {
  if (!hasReference(own)) return null;
  if (isExcused(state, own, now) || state.firstChangeAt === null) return Number.POSITIVE_INFINITY;
  return now - state.firstChangeAt >= hotfixMs ? null : (state.criteria[own.index]?.reference ?? null);
};

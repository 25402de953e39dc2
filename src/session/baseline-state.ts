import type { Baseline } from '../gates/metric.ts';
import { clock, timeOfDay } from '../text/duration.ts';
import { withAction, withStep } from './change.ts';
import type { Recorded, RecordedOf } from './events.ts';
import type { SessionState } from './state.ts';

/** A baseline must not be older than this at the first changing command. Source: 30-gates, "Baseline and control". */
export const baselineValidMs = 2 * 3_600_000;

export const reduceBaseline = (state: SessionState, event: Recorded): SessionState => {
  switch (event.type) {
    case 'baseline.captured':
      return captured(state, event);
    case 'baseline.accepted':
      return accepted(state, event);
    default:
      return state;
  }
};

/**
 * Whether it takes the place of the one that is there: after the first change it would compare the change with itself,
 * and one that cannot be compared with is no gain.
 */
export const replaces = (state: SessionState, baseline: Baseline): boolean => {
  const known = state.baselines[baseline.hash];
  if (known === undefined) return true;
  return state.firstChangeAt === null && (baseline.problem === null || known.problem !== null);
};

/** Those of a capture that are compared with from now on although the run had changed something before they ended. */
export const lateBaselines = (state: SessionState, metrics: readonly Baseline[]): readonly Baseline[] => {
  const { firstChangeAt } = state;
  return firstChangeAt === null
    ? []
    : metrics.filter((baseline) => baseline.to > firstChangeAt && replaces(state, baseline));
};

const captured = (state: SessionState, event: RecordedOf<'baseline.captured'>): SessionState => {
  const { step, action, metrics } = event.data;
  const taken = metrics.filter((baseline) => replaces(state, baseline));
  const baselines = { ...state.baselines, ...Object.fromEntries(taken.map((baseline) => [baseline.hash, baseline])) };
  const because = incompleteWords(metrics);
  const next = withAction({ ...state, baselines }, event.frame, step, action, (own) => ({
    ...own,
    status: because === null ? 'done' : 'attention',
    judged: because === null,
    because,
    result: { kind: 'baseline', how: 'captured', reason: null },
  }));
  return withStep(next, event.frame, step, (own) => ({
    ...own,
    status: because === null ? (own.status === 'open' ? 'active' : own.status) : 'attention',
    startedAt: own.startedAt ?? event.at,
  }));
};

const accepted = (state: SessionState, event: RecordedOf<'baseline.accepted'>): SessionState => {
  const { step, action, reason } = event.data;
  const next = withAction(state, event.frame, step, action, (own) => ({
    ...own,
    status: 'done',
    judged: true,
    because: null,
    result: { kind: 'baseline', how: 'accepted', reason },
  }));
  return withStep(next, event.frame, step, (own) => (own.status === 'attention' ? { ...own, status: 'active' } : own));
};

/** `p99: 12 of 20 samples`; null when all of them can be compared with. */
export const incompleteWords = (metrics: readonly Baseline[]): string | null => {
  const [first, ...more] = metrics.filter(({ problem }) => problem !== null);
  if (first === undefined) return null;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  return `no full baseline of ${first.title}: ${first.problem}${others}`;
};

/**
 * What a check of this query is compared with, at `now` (UTC ms); null when none was captured. One that was too old at
 * the first change comes with that as its problem.
 */
export const baselineFor = (state: SessionState, hash: string, now: number): Baseline | null => {
  const known = state.baselines[hash];
  if (known === undefined) return null;
  const old = tooOldWords(known, state.firstChangeAt ?? now, state.firstChangeAt === null);
  return known.problem === null && old !== null ? { ...known, problem: old } : known;
};

const tooOldWords = ({ from, to }: Baseline, at: number, isBefore: boolean): string | null =>
  at - to <= baselineValidMs
    ? null
    : `the baseline of ${timeOfDay(from).slice(0, 5)}-${timeOfDay(to).slice(0, 5)} ${isBefore ? 'is' : 'was'} ${clock(at - to)} old${isBefore ? '' : ' at the first change'}, ${clock(baselineValidMs)} is the most`;

/** Why the first change would leave its gates without anything to compare with; null when it would not. */
export const agedBaseline = (state: SessionState, now: number): string | null => {
  if (state.firstChangeAt !== null) return null;
  for (const known of Object.values(state.baselines)) {
    const words = known.problem === null ? tooOldWords(known, now, true) : null;
    if (words !== null) return words;
  }
  return null;
};

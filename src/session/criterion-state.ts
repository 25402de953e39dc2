import type { Recorded } from './events.ts';
import { type CheckOf, checksOf, criteriaChecks } from './gate-checks.ts';
import type { CriterionPhase, CriterionState, FrameState, SessionState } from './state.ts';

/** A hotfix whose reference is still exceeded by then did not help. */
export const hotfixMs = 10 * 60_000;

export const newCriterion: CriterionState = {
  phase: 'BEFORE',
  status: 'ok',
  value: null,
  since: null,
  blind: null,
  acknowledged: null,
  reference: null,
};

/** A rollback criterion with the values of the frame that brought it. */
export interface CriterionOf extends CheckOf {
  readonly frame: FrameState;
}

/**
 * The criteria of the run: those of the first frame's runbook, then of every runbook that was handed over to, which stay
 * until the run's end. A rollback brings none: there is nothing to roll back to from it. Their order never changes; a
 * handoff that is done again goes on with its criteria and the new values.
 */
export const criteriaOf = (state: SessionState): readonly CriterionOf[] => {
  const bringing = new Map<string, FrameState>();
  for (const frame of state.frames)
    if (!comesFromRollback(state, frame))
      bringing.set(`${frame.parent?.frame ?? ''}/${frame.parent?.step ?? ''}/${frame.reference.sha256}`, frame);
  return [...bringing.values()]
    .flatMap((frame) => checksOf(frame, criteriaChecks(frame.runbook)).map((check) => ({ ...check, frame })))
    .map((criterion, index) => ({ ...criterion, index }));
};

const comesFromRollback = (state: SessionState, frame: FrameState): boolean => {
  if (frame.purpose === 'rollback') return true;
  const parent = frame.parent === null ? undefined : state.frames[frame.parent.frame];
  return parent !== undefined && comesFromRollback(state, parent);
};

/** Where the criteria stand by what this run has done. Source: 30-gates, "Rollback criteria". */
export const criterionPhase = (state: SessionState): CriterionPhase => {
  if (state.finished !== null) return 'OVER';
  const { rollback } = state;
  if (rollback !== null) {
    const began = Object.values(state.attempts).some(
      ({ frame, spec }) => state.frames[frame]?.purpose === 'rollback' && spec.risk !== 'read',
    );
    if (began) return 'RECOVERING';
  }
  return state.firstChangeAt === null ? 'BEFORE' : 'ARMED';
};

/** The first breach that nobody has acknowledged; null when going forward is free. */
export const openBreach = (
  state: SessionState,
): { readonly criterion: number; readonly title: string; readonly value: string } | null => {
  if (state.frames[state.frame]?.purpose === 'rollback' || state.rollback !== null) return null;
  const criterion = state.criteria.findIndex(
    ({ phase, status }) =>
      (phase === 'ARMED' || phase === 'BEFORE') && (status === 'breached' || status === 'recovered'),
  );
  const known = state.criteria[criterion];
  if (known === undefined) return null;
  return { criterion, title: criteriaOf(state)[criterion]?.title ?? 'a criterion', value: breachWords(state, known) };
};

/** Ten minutes after the change of a hotfix its reference excuses nothing any more: that it is still so is the breach. */
export const breachWords = ({ firstChangeAt }: SessionState, { value, reference, since }: CriterionState): string => {
  const late = reference !== null && firstChangeAt !== null && since !== null && since - firstChangeAt >= hotfixMs;
  return late ? `still so 10 min after the change: ${value ?? ''}` : (value ?? '');
};

const change = (state: SessionState, index: number, by: Partial<CriterionState>): SessionState => {
  const known = state.criteria[index];
  return known === undefined ? state : { ...state, criteria: state.criteria.with(index, { ...known, ...by }) };
};

export const reduceCriterion = (state: SessionState, event: Recorded): SessionState => {
  const next = changed(state, event);
  const isAnswer =
    event.type === 'criterion.suspect' || event.type === 'criterion.breached' || event.type === 'criterion.recovered';
  if (!isAnswer || state.acknowledged.length === 0) return next;
  const answers = criteriaOf(state)[event.data.criterion]?.source;
  return { ...next, acknowledged: next.acknowledged.filter(({ source }) => source !== answers) };
};

const changed = (state: SessionState, event: Recorded): SessionState => {
  switch (event.type) {
    case 'frame.opened':
      return { ...state, criteria: criteriaOf(state).map((_, index) => state.criteria[index] ?? newCriterion) };
    case 'criterion.armed':
      return change(state, event.data.criterion, { phase: 'ARMED', reference: event.data.reference });
    case 'criterion.phase':
      return change(state, event.data.criterion, {
        phase: event.data.phase,
        // What is over cannot be told wrongly any more.
        ...(event.data.phase === 'OVER' && state.finished === null ? { blind: null } : {}),
      });
    case 'criterion.suspect':
      return change(state, event.data.criterion, {
        status: 'suspect',
        value: event.data.value,
        since: event.at,
        blind: null,
      });
    case 'criterion.breached':
      return change(state, event.data.criterion, {
        status: 'breached',
        value: event.data.value,
        since: event.data.happenedAt ?? event.at,
        blind: null,
        acknowledged: null,
      });
    case 'criterion.recovered': {
      const known = state.criteria[event.data.criterion];
      const latched = known?.status === 'breached' || known?.status === 'recovered';
      return change(state, event.data.criterion, {
        status: latched ? 'recovered' : 'ok',
        value: event.data.value,
        since: event.at,
        blind: null,
      });
    }
    case 'criterion.acknowledged':
      return change(state, event.data.criterion, { status: 'ok', since: event.at, acknowledged: event.data.reason });
    case 'criterion.blind':
      return change(state, event.data.criterion, { blind: { because: event.data.because, since: event.at } });
    default:
      return state;
  }
};

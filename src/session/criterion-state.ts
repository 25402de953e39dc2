import type { Check } from '../runbook/model.ts';
import type { Recorded } from './events.ts';
import { type CheckOf, checksOf } from './gate-checks.ts';
import type { CriterionPhase, CriterionState, SessionState } from './state.ts';

export const newCriterion: CriterionState = {
  phase: 'BEFORE',
  status: 'ok',
  value: null,
  since: null,
  blind: null,
  acknowledged: null,
  reference: null,
};

const declared = (state: SessionState): readonly Check[] => state.frames[0]?.runbook.rollback?.when ?? [];

/** The criteria of the run: those of the first frame's runbook. */
export const criteriaOf = (state: SessionState): readonly CheckOf[] => {
  const frame = state.frames[0];
  return frame === undefined ? [] : checksOf(frame, declared(state));
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
  return { criterion, title: criteriaOf(state)[criterion]?.title ?? 'a criterion', value: known.value ?? '' };
};

const change = (state: SessionState, index: number, by: Partial<CriterionState>): SessionState => {
  const known = state.criteria[index];
  return known === undefined ? state : { ...state, criteria: state.criteria.with(index, { ...known, ...by }) };
};

export const reduceCriterion = (state: SessionState, event: Recorded): SessionState => {
  switch (event.type) {
    case 'frame.opened':
      return event.frame === 0 ? { ...state, criteria: declared(state).map(() => newCriterion) } : state;
    case 'criterion.armed':
      return change(state, event.data.criterion, { phase: 'ARMED', reference: event.data.reference });
    case 'criterion.phase':
      return change(state, event.data.criterion, { phase: event.data.phase });
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
        since: event.at,
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

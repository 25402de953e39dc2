import type { CriterionWatch } from '../gates/criterion.ts';
import { criterionPhase } from './criterion-state.ts';
import type { RunEvent } from './events.ts';
import type { Decision, Effect } from './intents.ts';
import { accept } from './refusal.ts';
import type { CriterionState, SessionState } from './state.ts';

/** What a process that watches a criterion sees of it. */
export interface CriterionSeen {
  readonly criterion: number;
  readonly watch: Pick<CriterionWatch, 'status' | 'blind'>;
  /** The last answer in words. */
  readonly value: string;
  /** What it watches was there and is gone, because this run has scaled it to 0. */
  readonly over?: boolean;
  /** Hotfix: how bad it is before the change; null = not bad, or not asked for. */
  readonly reference: number | null;
  /** Hotfix: there was no look before the change, so the first one after it is waited for. */
  readonly awaited?: boolean;
}

/** Events for the phases that the run has reached, and for what is seen and not recorded; a breach rings. */
export const decideCriteria = (state: SessionState, seen: readonly CriterionSeen[]): Decision => {
  const phase = criterionPhase(state);
  const events = state.criteria.flatMap((known, index): readonly RunEvent[] => {
    const own = seen.find(({ criterion }) => criterion === index);
    const its = own?.over === true && !isLatched(known) && phase === 'ARMED' ? 'OVER' : phase;
    const isAwaited = its === 'ARMED' && known.phase === 'BEFORE' && own?.awaited === true;
    const phases = isAwaited ? [] : phaseEvents(known, index, its, own?.reference ?? null);
    const change = own === undefined || its === 'OVER' ? null : changeEvent(known, own, its);
    return change === null ? phases : [...phases, change];
  });
  const ring: readonly Effect[] = events.some(({ type }) => type === 'criterion.breached')
    ? [{ type: 'ring', why: 'breach' }]
    : [];
  return accept(events, ring);
};

/** A breach that nobody has acknowledged outlives what it was seen in. */
const isLatched = ({ status }: CriterionState): boolean => status === 'breached' || status === 'recovered';

const phaseEvents = (
  known: CriterionState,
  criterion: number,
  phase: CriterionState['phase'],
  reference: number | null,
): readonly RunEvent[] => {
  if (known.phase === phase) return [];
  if (phase === 'ARMED') {
    const kept = known.phase === 'OVER' ? known.reference : reference;
    return [{ type: 'criterion.armed', frame: 0, data: { criterion, reference: kept } }];
  }
  return [{ type: 'criterion.phase', frame: 0, data: { criterion, phase } }];
};

/** On the way back nothing is a breach any more: it is "not back yet". */
const changeEvent = (
  known: CriterionState,
  { criterion, watch, value }: CriterionSeen,
  phase: CriterionState['phase'],
): RunEvent | null => {
  const { status, blind } = watch;
  if (blind !== null)
    return known.blind === null ? { type: 'criterion.blind', frame: 0, data: { criterion, because: blind } } : null;
  const sees = known.blind !== null;
  if (phase === 'RECOVERING' && (status === 'suspect' || status === 'breached')) return null;
  switch (status) {
    case 'breached':
      return known.status !== 'breached' || sees
        ? { type: 'criterion.breached', frame: 0, data: { criterion, value } }
        : null;
    case 'suspect':
      return known.status === 'ok' || sees ? { type: 'criterion.suspect', frame: 0, data: { criterion, value } } : null;
    case 'ok':
    case 'recovered':
      return known.status === 'breached' || known.status === 'suspect' || sees
        ? { type: 'criterion.recovered', frame: 0, data: { criterion, value } }
        : null;
  }
};

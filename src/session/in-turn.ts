import type { Action } from '../runbook/model.ts';
import { falseCondition } from './condition.ts';
import type { ActionState, FrameState, SessionState, StepState } from './state.ts';
import { isDue, isOpenPlace, nextAction, type Place, places, position, stepStateOf } from './walk.ts';

/** An action that begins by itself, and the step it belongs to. */
export interface InTurn {
  readonly frame: FrameState;
  readonly place: Place;
  readonly own: StepState;
  /** Of the action in its step. */
  readonly index: number;
  readonly action: Action;
  readonly known: ActionState | undefined;
}

/**
 * Actions of a kind that have their turn: in the phase the operator is in, once the commands, questions and decisions
 * before them are done; checks by hand go on beside them, and so do actions of the kinds in `beside`.
 * Source: 20-runs, "Steps and order".
 */
export const inTurn = (
  state: SessionState,
  kind: Action['kind'],
  beside: readonly Action['kind'][],
): readonly InTurn[] => {
  const frame = state.frames[state.frame];
  if (frame === undefined || frame.restricted || frame.closed !== null) return [];
  if (state.left || state.finished !== null || state.paused !== null) return [];
  const at = position(frame);
  if (at.kind !== 'step') return [];
  const found: InTurn[] = [];
  for (const place of places(frame.runbook)) {
    if (place.offPath || place.phase !== at.place.phase || !isOpenPlace(frame, place)) continue;
    const own = stepStateOf(frame, place.step);
    if (own.status === 'failed' || own.status === 'attention') break;
    const index = nextAction(frame, place.step);
    if (index === null) {
      // Its output was shown, and nobody has said yet that it is as expected.
      if (place.step.actions.some((due) => isDue(frame, due))) break;
      continue;
    }
    const action = place.step.actions[index];
    if (action !== undefined && beside.includes(action.kind)) continue;
    if (action?.kind !== kind) break;
    if (falseCondition(frame, place) === null)
      found.push({ frame, place, own, index, action, known: own.actions[index] });
  }
  return found;
};

import { conditionHolds } from './condition.ts';
import type { StepAt } from './main-action.ts';
import { shownText } from './message-text.ts';
import type { FrameState } from './state.ts';
import { placeOf } from './walk.ts';

/** A step's title with its values, by id. */
export const stepTitle = (frame: FrameState, id: string): string =>
  shownText(frame, placeOf(frame.runbook, id)?.step.title ?? id);

/** Number of the phase whose condition is false at this step: the whole of it can be said not to apply; null otherwise. */
export const phaseRuledOut = (frame: FrameState, at: StepAt): number | null =>
  at.phase.when !== null && !conditionHolds(frame, at.phase.when) ? at.phase.number : null;

import type { ActionState, FrameState, SessionState, StepState } from './state.ts';
import { placeOf, stepStateOf } from './walk.ts';

/** Copies of the state with one part changed; a part that does not exist leaves it as it was. */

export const withFrame = (
  state: SessionState,
  number: number,
  change: (frame: FrameState) => FrameState,
): SessionState => {
  const frame = state.frames[number];
  return frame === undefined ? state : { ...state, frames: state.frames.with(number, change(frame)) };
};

export const withStep = (
  state: SessionState,
  frame: number,
  id: string,
  change: (step: StepState, frame: FrameState) => StepState,
): SessionState =>
  withFrame(state, frame, (current) => {
    const place = placeOf(current.runbook, id);
    if (place === undefined) return current;
    return { ...current, steps: { ...current.steps, [id]: change(stepStateOf(current, place.step), current) } };
  });

export const withAction = (
  state: SessionState,
  frame: number,
  id: string,
  index: number,
  change: (action: ActionState) => ActionState,
): SessionState =>
  withStep(state, frame, id, (step) => {
    const action = step.actions[index];
    return action === undefined ? step : { ...step, actions: step.actions.with(index, change(action)) };
  });

import type { Command } from '../runbook/model.ts';
import { isInCard } from './card.ts';
import { frameChain, owedSteps } from './frames.ts';
import type { MainAction, PendingCommand, StepAt } from './main-action.ts';
import { pendingCommand, stepAt } from './pending.ts';
import type { AttemptState, FrameState, SessionState } from './state.ts';
import { actionAt } from './step-action.ts';
import { mismatchNextStep, mismatchWords } from './target.ts';
import { isJudging, isSettled, type Place, placeOf, places, position } from './walk.ts';

export const currentFrame = (state: SessionState): FrameState | null => state.frames[state.frame] ?? null;

/** Steps of the current frame on the path, in order. */
export const pathSteps = (state: SessionState): readonly StepAt[] => stepsWhere(state, (place) => !place.offPath);

/** Steps that Enter never reaches: rollback and reference phases. */
export const offPathSteps = (state: SessionState): readonly StepAt[] => stepsWhere(state, (place) => place.offPath);

const stepsWhere = (state: SessionState, wanted: (place: Place) => boolean): readonly StepAt[] => {
  const frame = currentFrame(state);
  return frame === null
    ? []
    : places(frame.runbook)
        .filter(wanted)
        .map((place) => stepAt(frame, place));
};

/** Where Enter goes on; null at the end, before a choice of phases, and before the first frame. */
export const currentStep = (state: SessionState): StepAt | null => {
  const frame = currentFrame(state);
  if (frame === null) return null;
  const at = position(frame);
  return at.kind === 'step' ? stepAt(frame, at.place) : null;
};

/** A command in the foreground that has not ended; null when none. */
export const foregroundAttempt = (state: SessionState): AttemptState | null =>
  Object.values(state.attempts).find(
    (attempt) => (attempt.status === 'running' || attempt.status === 'confirmed') && !attempt.spec.background,
  ) ?? null;

export const runningAttempts = (state: SessionState): readonly AttemptState[] =>
  Object.values(state.attempts).filter((attempt) => attempt.status === 'running' || attempt.status === 'confirmed');

/** What Enter does now at the operator's place. `now` is UTC ms. */
export const mainAction = (state: SessionState, now: number): MainAction => {
  if (state.finished !== null) return { kind: 'over' };
  const frame = currentFrame(state);
  if (frame === null) return { kind: 'nothing', at: null, because: 'the run has not started', nextStep: 'Wait' };
  const attempt = foregroundAttempt(state);
  if (attempt !== null) return waiting(state, attempt);
  const at = position(frame);
  if (state.mismatch !== null)
    return {
      kind: 'nothing',
      at: at.kind === 'step' ? stepAt(frame, at.place) : null,
      because: mismatchWords(state.mismatch),
      nextStep: mismatchNextStep,
    };
  if (at.kind === 'choose') return { kind: 'choose-phase', phases: at.phases };
  if (at.kind === 'end')
    return { kind: 'finish', owed: owedSteps(state).map(({ frame: f, step }) => stepAt(f, placeIn(f, step.id))) };
  if (state.paused !== null) {
    return {
      kind: 'nothing',
      at: stepAt(frame, at.place),
      because: `on hold: ${state.paused}`,
      nextStep: 'P lifts the hold',
    };
  }
  return actionAt(state, frame, at.place, now);
};

/** What Enter would do at a step that is looked at: owed and off-path steps can be worked on out of order. */
export const mainActionFor = (state: SessionState, step: string, now: number): MainAction => {
  const frame = currentFrame(state);
  const place = frame === null ? undefined : placeOf(frame.runbook, step);
  if (frame === null || place === undefined) return mainAction(state, now);
  const at = position(frame);
  if (at.kind === 'step' && at.place === place) return mainAction(state, now);
  const here = stepAt(frame, place);
  if (state.finished !== null) return { kind: 'over' };
  const attempt = foregroundAttempt(state);
  if (attempt !== null && attempt.step === step) return waiting(state, attempt);
  const { status } = here.state;
  if (isInCard(frame, place)) return mainAction(state, now);
  const free = place.offPath || status === 'owed' || isJudging(frame, place.step);
  if (!free)
    return {
      kind: 'nothing',
      at: here,
      because: isSettled(status) ? 'this step is done' : 'steps before it are open',
      nextStep: '. goes to the current step',
    };
  if (attempt !== null)
    return { kind: 'nothing', at: here, because: 'a command is running', nextStep: 'Wait for it, or Ctrl-C stops it' };
  if (state.paused !== null)
    return { kind: 'nothing', at: here, because: `on hold: ${state.paused}`, nextStep: 'P lifts the hold' };
  if (place.offPath && isSettled(status) && status !== 'owed')
    return { kind: 'nothing', at: here, because: 'this step is done', nextStep: 'b reopens it' };
  return actionAt(state, frame, place, now);
};

const placeIn = (frame: FrameState, step: string): Place => {
  const place = placeOf(frame.runbook, step);
  if (place === undefined) throw new Error(`no step ${step} in frame ${frame.number}`);
  return place;
};

const waiting = (state: SessionState, attempt: AttemptState): MainAction => {
  const frame = state.frames[attempt.frame] as FrameState;
  return { kind: 'wait', at: stepAt(frame, placeIn(frame, attempt.step)), attempt };
};

/** The command of a step as it would run with the operator's own text in it. */
export const editedPending = (
  state: SessionState,
  step: string,
  index: number,
  command: Command,
  now: number,
): PendingCommand | null => {
  const frame = currentFrame(state);
  const place = frame === null ? undefined : placeOf(frame.runbook, step);
  if (frame === null || place === undefined) return null;
  return pendingCommand(state, frame, {
    place,
    action: index,
    part: 'action',
    command,
    stdin: null,
    script: command.script,
    now,
  });
};

/** A rollback made of a runbook's own parts has that runbook's title. */
const ownRollback: Partial<Record<NonNullable<FrameState['source']>, string>> = {
  phases: 'its rollback section',
  undo: 'undo of what ran',
};

/** Titles from the outermost frame to the current one. */
export const frameTitles = (state: SessionState): readonly string[] =>
  frameChain(state)
    .map(({ reference, source }) => (source === null ? reference.title : (ownRollback[source] ?? reference.title)))
    .reverse();

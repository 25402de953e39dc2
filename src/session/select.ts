import type { Action, Command, Message } from '../runbook/model.ts';
import { challengeText } from './approval.ts';
import { falseCondition } from './condition.ts';
import { frameChain, owedSteps } from './frames.ts';
import type { MainAction, PendingCommand, StepAt } from './main-action.ts';
import { messageText, withAnchor } from './message-text.ts';
import { pendingCommand, stepAt } from './pending.ts';
import { missingInputs } from './spec.ts';
import type { AttemptState, FrameState, SessionState } from './state.ts';
import {
  hasOpenChildren,
  isOpenPlace,
  isSettled,
  nextAction,
  type Place,
  placeOf,
  places,
  position,
  stepStateOf,
} from './walk.ts';

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
  const free = place.offPath || status === 'owed';
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

const isManual = (frame: FrameState, place: Place): boolean =>
  place.step.actions.length === 0 &&
  place.step.steps.length === 0 &&
  stepStateOf(frame, place.step).status !== 'failed';

/** The manual items around the current one: neighbours in the same phase without a command between them. */
export const cardAt = (frame: FrameState, place: Place): readonly Place[] => {
  if (!isManual(frame, place)) return [];
  const all = places(frame.runbook).filter((p) => p.offPath === place.offPath);
  const index = all.indexOf(place);
  let from = index;
  let to = index;
  const joins = (other: Place | undefined): boolean =>
    other !== undefined && other.phase === place.phase && isManual(frame, other);
  while (joins(all[from - 1])) from -= 1;
  while (joins(all[to + 1])) to += 1;
  return all.slice(from, to + 1);
};

/** A manual item of the card that the run stands at. */
export const isInCard = (frame: FrameState, place: Place): boolean => {
  const at = position(frame);
  return at.kind === 'step' && cardAt(frame, at.place).includes(place) && cardAt(frame, at.place).length > 1;
};

const actionAt = (state: SessionState, frame: FrameState, place: Place, now: number): MainAction => {
  const at = stepAt(frame, place);
  const condition = falseCondition(frame, place);
  if (condition !== null && at.state.status === 'open') {
    const what = condition.phase === null ? 'this step' : 'this phase';
    const notApplicable = { phase: condition.phase };
    return {
      kind: 'nothing',
      at,
      because: `${what} is only for ${condition.rule}`,
      nextStep: 'x leaves it out as n/a',
      notApplicable,
    };
  }
  if (at.state.status === 'failed') {
    return {
      kind: 'nothing',
      at,
      because: 'this step failed',
      nextStep: 't tries again, b goes back, S skips with a reason, R rolls back',
    };
  }
  const running = at.state.actions.find((action) => action.status === 'running')?.attempts.at(-1);
  if (running !== undefined && state.attempts[running] !== undefined)
    return { kind: 'wait', at, attempt: state.attempts[running] };
  const unknown = at.state.actions.findIndex((action) => action.status === 'unknown');
  if (unknown !== -1) return resolving(state, at, unknown);
  const trouble = at.state.actions.find((action) => action.status === 'attention');
  if (trouble !== undefined) return { kind: 'accept', at, because: trouble.because ?? 'needs a look' };
  const index = nextAction(frame, place.step);
  if (index === null) return passing(frame, place, at);
  return stepAction(state, frame, place, index, now);
};

const passing = (frame: FrameState, place: Place, at: StepAt): MainAction => {
  if (place.step.steps.length > 0 && !hasOpenChildren(frame, place.step)) return { kind: 'pass', at, what: 'parent' };
  if (place.step.actions.some((_, i) => at.state.actions[i]?.attempts.length !== 0))
    return { kind: 'pass', at, what: 'as-expected' };
  const card = cardAt(frame, place).filter((item) => isOpenPlace(frame, item));
  return card.length > 1
    ? { kind: 'card', items: cardAt(frame, place).map((item) => stepAt(frame, item)) }
    : { kind: 'pass', at, what: 'tick' };
};

const resolving = (state: SessionState, at: StepAt, index: number): MainAction => {
  const attempt = state.attempts[at.state.actions[index]?.attempts.at(-1) ?? -1];
  return attempt === undefined
    ? { kind: 'accept', at, because: 'no result recorded' }
    : { kind: 'resolve', at, attempt };
};

const stepAction = (state: SessionState, frame: FrameState, place: Place, index: number, now: number): MainAction => {
  const action = place.step.actions[index] as Action;
  const at = stepAt(frame, place);
  switch (action.kind) {
    case 'command':
      return commandAction(state, frame, place, index, action.command, now);
    case 'decide':
      return { kind: 'decide', at, action: index, choices: action.choices };
    case 'ask':
      return { kind: 'ask', at, action: index, inputs: action.inputs };
    case 'approve':
      return {
        kind: 'approve',
        at,
        action: index,
        approve: action.approve,
        challenge: challengeText(state, frame, place.step.id, index),
      };
    case 'message':
      return messageAction(state, frame, place, index, action.message, now);
    case 'handoff':
      return { kind: 'handoff', at, action: index, title: handoffTitle(state, frame, action.handoff.runbook) };
    case 'gate':
    case 'baseline':
      return {
        kind: 'nothing',
        at,
        because: `a ${action.kind} cannot be judged by this version`,
        nextStep: 'S skips it with a reason',
      };
  }
};

const handoffTitle = (state: SessionState, frame: FrameState, reference: string): string =>
  state.reachable.find((r) => r.purpose === 'handoff' && r.from === frame.reference.sha256 && r.reference === reference)
    ?.runbook.title ?? reference;

const commandAction = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  index: number,
  command: Command,
  now: number,
): MainAction => {
  const missing = missingInputs(frame, command);
  if (missing.length > 0) return { kind: 'ask', at: stepAt(frame, place), action: null, inputs: missing };
  const pending = pendingCommand(state, frame, {
    place,
    action: index,
    part: 'action',
    command,
    stdin: null,
    script: null,
    now,
  });
  return pending.level.kind === 'enter' ? { kind: 'run', pending } : { kind: 'confirm', pending };
};

const messageAction = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  index: number,
  message: Message,
  now: number,
): MainAction => {
  const text = withAnchor(state, messageText(state, frame, message.text, now));
  // Of a runbook that is not trusted nothing is run: its text is copied and ticked by hand.
  const send = frame.restricted ? null : message.send;
  const missing = send === null ? [] : missingInputs(frame, send);
  if (missing.length > 0) return { kind: 'ask', at: stepAt(frame, place), action: null, inputs: missing };
  const pending: PendingCommand | null =
    send === null
      ? null
      : pendingCommand(state, frame, {
          place,
          action: index,
          part: 'send',
          command: send,
          stdin: text,
          script: null,
          now,
        });
  return { kind: 'message', at: stepAt(frame, place), action: index, message, text, pending };
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

/** Titles from the outermost frame to the current one. */
export const frameTitles = (state: SessionState): readonly string[] =>
  frameChain(state)
    .map((frame) => frame.reference.title)
    .reverse();

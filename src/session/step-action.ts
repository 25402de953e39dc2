import type { Action, Command, Message } from '../runbook/model.ts';
import { challengeText } from './approval.ts';
import { capturingWords } from './baseline-due.ts';
import { cardAt } from './card.ts';
import { falseCondition } from './condition.ts';
import { gateAction } from './gate-action.ts';
import type { MainAction, PendingCommand, StepAt } from './main-action.ts';
import { messageText, withAnchor } from './message-text.ts';
import { pendingCommand, stepAt } from './pending.ts';
import { inputIn, missingInputs } from './spec.ts';
import type { FrameState, SessionState } from './state.ts';
import { hasOpenChildren, isOpenPlace, nextAction, type Place } from './walk.ts';

/** What a step that may be worked on now wants next. `now` is UTC ms. */
export const actionAt = (state: SessionState, frame: FrameState, place: Place, now: number): MainAction => {
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
  const failed = at.state.actions.findIndex((action) => action.kind === 'gate' && action.status === 'attention');
  const gate = place.step.actions[failed];
  if (gate?.kind === 'gate') return gateAction(state, frame, place, failed, gate.gate);
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
      return { kind: 'ask', at, action: index, inputs: action.inputs.map((input) => inputIn(frame, input)) };
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
      return gateAction(state, frame, place, index, action.gate);
    case 'baseline':
      return {
        kind: 'nothing',
        at,
        because: capturingWords(frame, action.baseline),
        nextStep: 'It goes on by itself, S skips it with a reason',
        goesOn: true,
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

import type { Command, Message } from '../runbook/model.ts';
import type { RunEvent } from './events.ts';
import type { Effect } from './intents.ts';
import type { PendingCommand } from './main-action.ts';
import { messageText, withAnchor } from './message-text.ts';
import { exitWords, judgeOutcome } from './outcome-judgement.ts';
import { pendingCommand } from './pending.ts';
import { missingInputs } from './spec.ts';
import type { AttemptState, FrameState, SessionState } from './state.ts';
import { type Place, places } from './walk.ts';

/** The message of the main runbook that its status updates are made of. */
interface StatusMessage {
  readonly frame: FrameState;
  readonly place: Place;
  readonly action: number;
  readonly message: Message;
}

const statusMessage = (state: SessionState): StatusMessage | null => {
  const frame = state.frames[0];
  const name = frame?.runbook.statusUpdates?.message;
  if (frame === undefined || name === undefined) return null;
  for (const place of places(frame.runbook)) {
    for (const [index, action] of place.step.actions.entries())
      if (action.kind === 'message' && action.message.name === name)
        return { frame, place, action: index, message: action.message };
  }
  return null;
};

/** What a status update says unless the operator changes it; empty when the runbook has no words for it. */
export const statusText = (state: SessionState, now: number): string => {
  const found = statusMessage(state);
  return found === null ? '' : messageText(state, found.frame, found.message.text, now).trimEnd();
};

/** A status update that the runbook can send by itself. */
export interface StatusSend extends StatusMessage {
  readonly send: Command;
}

/** Null when updates are copied and pasted by hand: there is no `send`, or its runbook is not trusted. */
export const statusSend = (state: SessionState): StatusSend | null => {
  const found = statusMessage(state);
  const send = found?.message.send ?? null;
  return found === null || send === null || found.frame.restricted ? null : { ...found, send };
};

/** Values that it needs first, by name; they are asked for at the step of its message. */
export const missingForStatus = ({ frame, send }: StatusSend): readonly string[] =>
  missingInputs(frame, send).map(({ name }) => name);

/** The command that sends a text as a status update. An approval of changes does not concern it. */
export const pendingStatus = (state: SessionState, about: StatusSend, stdin: string, now: number): PendingCommand => {
  const { frame, place, action, send } = about;
  const request = { place, action, part: 'send' as const, command: send, stdin, script: null, now };
  const pending = pendingCommand(state, frame, request);
  return { ...pending, blocked: send.blocked === null ? null : pending.blocked, forStatus: true };
};

/** What is sent: the text, and by what it can be proved later. */
export const statusStdin = (state: SessionState, text: string): string => withAnchor(state, text);

/** What the end of a sent status update means: it was posted, or the operator is told why not. */
export const statusSent = (
  state: SessionState,
  attempt: AttemptState,
  outcome: NonNullable<AttemptState['outcome']>,
): { readonly events: readonly RunEvent[]; readonly effects: readonly Effect[] } => {
  const about = statusSend(state);
  const plain = state.frames[attempt.frame]?.runbook.plain ?? false;
  const done = about !== null && judgeOutcome(about.send, outcome, plain).status === 'done';
  if (!done) {
    const text = `the status update was not sent: ${exitWords(outcome, null)}`;
    return { events: [], effects: [{ type: 'tell', level: 'error', text, nextStep: 'U tries again' }] };
  }
  const text = attempt.stdin ?? '';
  return {
    events: [{ type: 'status.posted', frame: attempt.frame, data: { text } }],
    effects: [{ type: 'tell', level: 'info', text: 'the status update was sent', nextStep: null }],
  };
};

import type { RunEvent } from './events.ts';
import { owedSteps } from './frames.ts';
import type { Decision, Effect, Intent } from './intents.ts';
import { withAnchor } from './message-text.ts';
import { accept, refuse } from './refusal.ts';
import { beginRollback, finishEvents, outcomeOf, wasRolledBack } from './run-end.ts';
import { currentFrame, foregroundAttempt, runningAttempts } from './select.ts';
import type { SessionState } from './state.ts';
import { position } from './walk.ts';

type RunIntent = Extract<
  Intent,
  { type: 'rollback' | 'status' | 'hold' | 'lift-hold' | 'note' | 'override' | 'finish' | 'end' | 'leave' }
>;

export const decideRun = (state: SessionState, intent: RunIntent, now: number): Decision => {
  const frame = state.frame;
  switch (intent.type) {
    case 'rollback':
      return beginRollback(state, now);
    case 'status':
      return accept([{ type: 'status.posted', frame, data: { text: withAnchor(state, intent.text) } }]);
    case 'hold':
      if (intent.reason.trim() === '') return refuse('a reason is needed', 'Say why the run is held');
      return state.paused !== null
        ? refuse('the run is on hold already', 'P lifts the hold')
        : accept([{ type: 'run.paused', frame, data: { reason: intent.reason } }]);
    case 'lift-hold':
      return state.paused === null
        ? refuse('the run is not on hold')
        : accept([{ type: 'run.unpaused', frame, data: { reason: intent.reason } }]);
    case 'note':
      return intent.text.trim() === ''
        ? refuse('the note is empty')
        : accept([{ type: 'note.added', frame, data: { step: intent.step, text: intent.text } }]);
    case 'override':
      return intent.reason.trim() === ''
        ? refuse('a reason is needed', 'Say why it may go on')
        : accept([{ type: 'override.given', frame, data: { what: intent.what, reason: intent.reason.trim() } }]);
    case 'finish':
      return finish(state);
    case 'end':
      return end(state, intent.reason);
    case 'leave':
      return leave(state, intent.why);
  }
};

const finish = (state: SessionState): Decision => {
  const frame = currentFrame(state);
  if (frame === null || position(frame).kind !== 'end')
    return refuse('steps are open', 'Q ends the run before its last step');
  if (foregroundAttempt(state) !== null) return refuse('a command is running', 'Wait for it, or Ctrl-C stops it');
  const outcome = outcomeOf(state);
  const owed = owedSteps(state);
  if (owed.length > 0 && state.rollback === null) {
    const titles = owed.map(({ step }) => step.title).slice(0, 3);
    return refuse(
      `${owed.length} owed: ${titles.join(', ')}${owed.length > 3 ? ' …' : ''}`,
      'Do them (j k, then Enter), q to leave and come back, or Q to end the run as it is',
    );
  }
  const end = finishEvents(state, outcome, null);
  return accept(end.events, end.effects);
};

const end = (state: SessionState, reason: string): Decision => {
  if (reason.trim() === '') return refuse('a reason is needed', 'Say why the run ends here');
  if (foregroundAttempt(state) !== null) return refuse('a command is running', 'Ctrl-C stops it first');
  const failed = state.frames.some((frame) => Object.values(frame.steps).some((step) => step.status === 'failed'));
  const ending = finishEvents(state, wasRolledBack(state) ? 'rolled-back' : failed ? 'failed' : 'aborted', reason);
  return accept(ending.events, ending.effects);
};

const leave = (state: SessionState, why: Extract<Intent, { type: 'leave' }>['why']): Decision => {
  if (state.left) return accept([], [{ type: 'end-session', why: 'left' }]);
  if (state.finished !== null) return accept([], [{ type: 'end-session', why: 'finished' }]);
  const background = runningAttempts(state).filter((attempt) => attempt.spec.background && !attempt.stopRequested);
  return accept(
    [
      ...background.map(
        (attempt): RunEvent => ({
          type: 'command.stop-requested',
          frame: attempt.frame,
          data: { attempt: attempt.attempt, signal: 'TERM' },
        }),
      ),
      { type: 'run.left', frame: state.frame, data: { why } },
    ],
    [
      ...background.map((attempt): Effect => ({ type: 'end-background', attempt: attempt.attempt })),
      { type: 'write-record', interim: true },
      { type: 'end-session', why: 'left' },
    ],
  );
};

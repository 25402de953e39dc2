import type { Command } from '../runbook/model.ts';
import { agedBaseline } from './baseline-state.ts';
import { isReachable } from './decide-step.ts';
import type { RunEvent } from './events.ts';
import { isInRollback } from './frames.ts';
import type { Decision, Effect, Intent } from './intents.ts';
import type { PendingCommand } from './main-action.ts';
import { pendingCommand } from './pending.ts';
import { accept, refuse } from './refusal.ts';
import { currentFrame, foregroundAttempt } from './select.ts';
import { missingInputs } from './spec.ts';
import type { FrameState, SessionState } from './state.ts';
import { missingForStatus, pendingStatus, statusSend } from './status-update.ts';
import { nextAction, type Place, placeOf, stepStateOf } from './walk.ts';

type CommandIntent = Extract<Intent, { type: 'run' | 'stop-command' | 'resolve' }>;
type RunIntent = Extract<Intent, { type: 'run' }>;

export const decideCommand = (state: SessionState, intent: CommandIntent, now: number): Decision => {
  switch (intent.type) {
    case 'run':
      return run(state, intent, now);
    case 'stop-command': {
      const attempt = state.attempts[intent.attempt];
      if (attempt === undefined || !['running', 'confirmed', 'unknown'].includes(attempt.status))
        return refuse('that command is not running');
      const effect: Effect =
        attempt.status === 'unknown'
          ? { type: 'stop-survivors', attempt: intent.attempt }
          : { type: 'stop', attempt: intent.attempt, signal: intent.signal };
      return accept(
        [
          {
            type: 'command.stop-requested',
            frame: attempt.frame,
            data: { attempt: intent.attempt, signal: intent.signal },
          },
        ],
        [effect],
      );
    }
    case 'resolve': {
      const attempt = state.attempts[intent.attempt];
      if (attempt?.status !== 'unknown') return refuse('that command has a result');
      if (intent.evidence.trim() === '') return refuse('say what you looked at', 'A word on how you know');
      return accept([
        {
          type: 'command.resolved',
          frame: attempt.frame,
          data: { attempt: intent.attempt, as: intent.as, evidence: intent.evidence },
        },
      ]);
    }
  }
};

const run = (state: SessionState, intent: RunIntent, now: number): Decision => {
  if (intent.forStatus === true) return runStatus(state, intent, now);
  const frame = currentFrame(state);
  const place = frame === null ? undefined : placeOf(frame.runbook, intent.step);
  const command = commandFor(place, intent);
  if (frame === null || place === undefined || command === null) return refuse('there is no such command');
  const obstacle = obstacleTo(state, frame, place, intent, command);
  if (obstacle !== null) return obstacle;
  const pending = pendingCommand(state, frame, {
    place,
    action: intent.action,
    part: intent.part,
    command,
    stdin: intent.stdin,
    script: intent.script,
    now,
  });
  return confirmed(state, frame, pending, intent, now);
};

/** Beside the walk: it waits for a running command, but for no step, hold or approval. */
const runStatus = (state: SessionState, intent: RunIntent, now: number): Decision => {
  const about = statusSend(state);
  if (about === null || intent.stdin === null) return refuse('this runbook sends no status updates');
  if (state.left) return refuse('the run was left', 'Resume it first');
  if (foregroundAttempt(state) !== null) return refuse('a command is running', 'Wait for it, or Ctrl-C stops it');
  const missing = missingForStatus(about);
  if (missing.length > 0) return refuse(`it needs ${missing.join(', ')} first`, 'The step of its message asks for it');
  return confirmed(state, about.frame, pendingStatus(state, about, intent.stdin, now), intent, now);
};

/** What was shown is what runs, and it was confirmed as it has to be. */
const confirmed = (
  state: SessionState,
  frame: FrameState,
  pending: PendingCommand,
  intent: RunIntent,
  now: number,
): Decision => {
  if (pending.hash !== intent.hash) return refuse('the command changed while it was shown', 'Look again and confirm');
  if (pending.blocked !== null) return refuse(pending.blocked.because, pending.blocked.nextStep);
  const level = levelProblem(pending, intent);
  if (level !== null) return level;
  const aged = agedProblem(state, pending, now);
  if (aged !== null) return aged;
  const { events, effects } = confirmation(state, frame, pending, intent);
  return accept(events, effects);
};

const commandFor = (place: Place | undefined, intent: RunIntent): Command | null => {
  const action = place?.step.actions[intent.action];
  if (intent.part === 'send') return action?.kind === 'message' ? action.message.send : null;
  if (action?.kind !== 'command') return null;
  if (intent.script === null || intent.script === action.command.script) return action.command;
  return intent.edited;
};

const obstacleTo = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  intent: RunIntent,
  command: Command,
): Decision | null => {
  if (state.left) return refuse('the run was left', 'Resume it first');
  if (frame.restricted)
    return refuse(
      'this runbook is not trusted: nothing of it is run',
      'gonogo trust shows its commands and allows them',
    );
  if (state.paused !== null) return refuse(`on hold: ${state.paused}`, 'P lifts the hold');
  if (foregroundAttempt(state) !== null) return refuse('a command is running', 'Wait for it, or Ctrl-C stops it');
  if (!isReachable(frame, place)) return refuse('steps before this one are open', '. goes to the current step');
  const step = stepStateOf(frame, place.step);
  if (step.status === 'failed' || step.status === 'attention')
    return refuse('this step needs a decision first', 't tries again, F fails it');
  if (nextAction(frame, place.step) !== intent.action) return refuse('another action of this step comes first');
  if (missingInputs(frame, command).length > 0) return refuse('it needs values first', 'Enter asks for them');
  return null;
};

/** The first change with a baseline that is too old would leave its gates without anything to compare with. */
const agedProblem = (state: SessionState, { spec, part }: PendingCommand, now: number): Decision | null => {
  if (spec.risk === 'read' || part === 'send' || isInRollback(state)) return null;
  const what = 'baseline-age';
  const because = agedBaseline(state, now);
  if (because === null || state.overrides.some((given) => given.what === what)) return null;
  return {
    ok: false,
    refusal: {
      message: `${because}: nothing could be compared with it`,
      nextStep: 'b at its step captures it again',
      override: { what, prompt: 'Change it without a baseline to compare with?' },
    },
  };
};

const levelProblem = (pending: PendingCommand, intent: RunIntent): Decision | null => {
  if (intent.how === 'auto')
    return pending.level.kind === 'type'
      ? refuse(`type ${pending.level.word} to run it`, 'A person has to confirm this')
      : null;
  if (pending.level.kind === 'yes' && intent.how === 'enter') return refuse('this changes something', 'y runs it');
  if (pending.level.kind !== 'type') return null;
  return intent.how === 'typed' && intent.typed === pending.level.word
    ? null
    : refuse(`type ${pending.level.word} to run it`, 'Esc goes back');
};

/** The events and the effect of a confirmed command. */
export const confirmation = (
  state: SessionState,
  frame: FrameState,
  pending: PendingCommand,
  confirmed: Pick<RunIntent, 'how' | 'typed' | 'script' | 'stdin'>,
): { readonly events: readonly RunEvent[]; readonly effects: readonly Effect[] } => {
  const attempt = state.nextAttempt;
  const { spec, hash, action, part } = pending;
  const step = pending.at.step.id;
  const event: RunEvent = {
    type: 'command.confirmed',
    frame: frame.number,
    data: {
      step,
      action,
      attempt,
      hash,
      spec,
      part,
      ...(pending.forStatus === true ? { forStatus: true } : {}),
      how: confirmed.how,
      typed: confirmed.typed,
      edited: confirmed.script !== null,
      risk: spec.risk,
      stdin: confirmed.stdin,
    },
  };
  const started: readonly RunEvent[] =
    pending.at.state.status === 'open' && pending.forStatus !== true
      ? [{ type: 'step.started', frame: frame.number, data: { step } }]
      : [];
  return { events: [...started, event], effects: [{ type: 'start', attempt, spec, hash, stdin: confirmed.stdin }] };
};

import type { Command, Step } from '../runbook/model.ts';
import { type SafeText, safeText } from '../text/safe-text.ts';
import { falseCondition } from './condition.ts';
import { confirmation } from './decide-command.ts';
import type { Outcome, RunEvent } from './events.ts';
import { isInRollback, type RollbackWay, rollbackWay } from './frames.ts';
import type { Decision, Effect } from './intents.ts';
import { pendingCommand } from './pending.ts';
import { project } from './project.ts';
import { refuse } from './refusal.ts';
import { runningAttempts } from './select.ts';
import { missingInputs } from './spec.ts';
import type { FrameState, SessionState, StepStatus } from './state.ts';
import { isSettled, nextAction, type Place, places, position, stepStateOf } from './walk.ts';

const statusesOf = (frame: FrameState): readonly StepStatus[] =>
  places(frame.runbook)
    .filter((p) => !p.offPath)
    .map(({ step }) => stepStateOf(frame, step).status);

/** Its rollback came to its end, and something of it was done: one whose every step was left out took nothing back. */
export const wasRolledBack = (state: SessionState): boolean => {
  const frame = state.frames[state.rollback?.frame ?? -1];
  return frame !== undefined && position(frame).kind === 'end' && statusesOf(frame).includes('passed');
};

/** Outcome of a run that ended after its last step. Source: 20-runs, "Steps and order". */
export const outcomeOf = (state: SessionState): Outcome => {
  if (wasRolledBack(state)) return 'rolled-back';
  const statuses = state.frames.flatMap(statusesOf);
  if (statuses.includes('failed')) return 'failed';
  // Given up for a rollback that was left out.
  if (isInRollback(state)) return 'aborted';
  return statuses.includes('skipped') ? 'partial' : 'succeeded';
};

/** The run's last events; background commands are ended first. */
export const finishEvents = (
  state: SessionState,
  outcome: Outcome,
  reason: string | null,
): { readonly events: readonly RunEvent[]; readonly effects: readonly Effect[] } => {
  const background = runningAttempts(state).filter((attempt) => attempt.spec.background && !attempt.stopRequested);
  const rollback: readonly RunEvent[] =
    state.rollback === null || state.rollback.frame === null
      ? []
      : [
          {
            type: 'rollback.finished',
            frame: state.rollback.frame,
            data: { outcome: outcome === 'rolled-back' ? 'done' : 'abandoned' },
          },
        ];
  return {
    events: [
      ...background.map(
        (attempt): RunEvent => ({
          type: 'command.stop-requested',
          frame: attempt.frame,
          data: { attempt: attempt.attempt, signal: 'TERM' },
        }),
      ),
      ...rollback,
      { type: 'run.finished', frame: state.frame, data: { outcome, reason } },
    ],
    effects: [
      ...background.map((attempt): Effect => ({ type: 'end-background', attempt: attempt.attempt })),
      { type: 'write-record', interim: false },
      { type: 'ring', why: 'done' },
    ],
  };
};

/** `R`, `y`: opens the rollback and starts its first command when that is the first thing to do. */
export const beginRollback = (state: SessionState, now: number): Decision => {
  const way = rollbackWay(state);
  if (way === null)
    return refuse(
      'there is nothing to roll back to',
      'Commands that ran without an undo are listed in the record (o shows their output)',
    );
  if (state.frames[state.frame]?.purpose === 'rollback')
    return refuse('the rollback is under way', 'Enter does its next step');
  const number = state.frames.length;
  const opening: RunEvent[] = [
    { type: 'rollback.started', frame: state.frame, data: { from: null, plan: way.source } },
    { type: 'frame.opened', frame: number, data: way.opened },
  ];
  if (state.paused !== null)
    opening.unshift({ type: 'run.unpaused', frame: state.frame, data: { reason: 'rollback' } });
  const opened = project(state, opening, now);
  const frame = opened.frames[number];
  if (frame === undefined) return refuse('its runbook could not be opened');
  const ruledOut = conditionalSteps(frame);
  const ready = project(opened, ruledOut, now);
  const first = firstCommand(ready, ready.frames[number] ?? frame, now);
  const reads = runningAttempts(state).filter((attempt) => attempt.spec.risk === 'read' && !attempt.stopRequested);
  return {
    ok: true,
    events: [
      ...reads.map(
        (attempt): RunEvent => ({
          type: 'command.stop-requested',
          frame: attempt.frame,
          data: { attempt: attempt.attempt, signal: 'TERM' },
        }),
      ),
      ...opening,
      ...ruledOut,
      ...first.events,
    ],
    effects: [
      ...reads.map((attempt): Effect => ({ type: 'stop', attempt: attempt.attempt, signal: 'TERM' })),
      ...first.effects,
    ],
  };
};

/** A rollback asks nothing about parts whose condition is false: they do not apply. */
const conditionalSteps = (frame: FrameState): readonly RunEvent[] =>
  places(frame.runbook).flatMap((place): readonly RunEvent[] => {
    const condition = falseCondition(frame, place);
    if (place.offPath || condition === null) return [];
    return [
      {
        type: 'step.not-applicable',
        frame: frame.number,
        data: { step: place.step.id, reason: `not ${condition.rule}` },
      },
    ];
  });

const firstCommand = (
  state: SessionState,
  frame: FrameState,
  now: number,
): { readonly events: readonly RunEvent[]; readonly effects: readonly Effect[] } => {
  const nothing = { events: [], effects: [] };
  const at = position(frame);
  if (at.kind !== 'step') return nothing;
  const index = nextAction(frame, at.place.step);
  const action = index === null ? undefined : at.place.step.actions[index];
  if (index === null || action?.kind !== 'command' || missingInputs(frame, action.command).length > 0) return nothing;
  const pending = pendingCommand(state, frame, {
    place: at.place,
    action: index,
    part: 'action',
    command: action.command,
    stdin: null,
    script: null,
    now,
  });
  if (pending.blocked !== null || pending.spec.tty) return nothing;
  return confirmation(state, frame, pending, { how: 'yes', typed: null, script: null, stdin: null });
};

/** What `R` shows before `y`: where it leads and what it runs. */
export interface RollbackPreview {
  readonly way: RollbackWay;
  /** The frame as it would be opened. */
  readonly frame: FrameState;
  readonly state: SessionState;
}

/** What of it is still to do. */
export interface RollbackParts {
  readonly due: readonly Place[];
  readonly commands: number;
  /** Steps that run nothing: a person looks, answers or approves. */
  readonly checks: number;
}

/** The commands of a step, its undo left out. */
export const commandsOfStep = (step: Step): readonly Command[] =>
  step.actions.flatMap((action) => (action.kind === 'command' ? [action.command] : []));

export const rollbackParts = ({ frame }: RollbackPreview): RollbackParts => {
  const due = places(frame.runbook).filter(
    (place) => !place.offPath && !isSettled(stepStateOf(frame, place.step).status),
  );
  const counts = due.map(({ step }) => commandsOfStep(step).length);
  return {
    due,
    commands: counts.reduce((sum, count) => sum + count, 0),
    checks: counts.filter((count) => count === 0).length,
  };
};

export const rollbackPreview = (state: SessionState, now: number): RollbackPreview | null => {
  const way = rollbackWay(state);
  if (way === null) return null;
  const opened = project(state, [{ type: 'frame.opened', frame: state.frames.length, data: way.opened }], now);
  const frame = opened.frames[state.frames.length];
  if (frame === undefined) return null;
  const ready = project(opened, conditionalSteps(frame), now);
  return { way, frame: ready.frames[frame.number] ?? frame, state: ready };
};

/** Said before a rollback that would take back somebody else's work; null = this run has something to take back. */
export const nothingChangedYet = ({ firstChangeAt }: SessionState): SafeText | null =>
  firstChangeAt === null
    ? safeText('this run has changed nothing yet; this takes back what was deployed before it')
    : null;

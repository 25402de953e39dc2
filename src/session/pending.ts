import type { Command } from '../runbook/model.ts';
import { approvalProblem } from './approval.ts';
import { openBreach } from './criterion-state.ts';
import { specHash } from './exec-spec.ts';
import type { PendingCommand, StepAt } from './main-action.ts';
import { shownText } from './message-text.ts';
import { pinProblem } from './pin.ts';
import { confirmLevel } from './policy.ts';
import { frameValues, secretsUsed, specOf } from './spec.ts';
import type { FrameState, SessionState } from './state.ts';
import { type Place, stepStateOf } from './walk.ts';

/** A step as it is shown: values stand where its title and prose name them. Compare steps by id, never by identity. */
export const stepAt = (frame: FrameState, place: Place): StepAt => ({
  frame: frame.number,
  phase: { ...place.phase, title: shownText(frame, place.phase.title), prose: shownText(frame, place.phase.prose) },
  step: { ...place.step, title: shownText(frame, place.step.title), prose: shownText(frame, place.step.prose) },
  state: stepStateOf(frame, place.step),
  depth: place.depth,
});

/** Values of the variables a command uses, for display; a secret's is null. */
const shownValues = (state: SessionState, frame: FrameState, command: Command): PendingCommand['values'] => {
  const values = frameValues(state, frame);
  const secrets = new Set(secretsUsed(frame, command).map((input) => input.variable));
  return command.uses.flatMap((name): { name: string; value: string | null }[] => {
    if (secrets.has(name) || frame.withheld.includes(name)) return [{ name, value: null }];
    const value = values[name];
    return value === undefined ? [] : [{ name, value }];
  });
};

/** The same with the variables that it uses and that earlier commands of the run set, for display. */
export const withCarried = (
  pending: PendingCommand,
  carried: Readonly<Record<string, string | null>>,
): PendingCommand => {
  const known = new Set(pending.values.map(({ name }) => name));
  const more = pending.command.uses.flatMap((name) => {
    const value = carried[name];
    return known.has(name) || value === undefined ? [] : [{ name, value }];
  });
  return more.length === 0 ? pending : { ...pending, values: [...pending.values, ...more] };
};

const blockOf = (command: Command): PendingCommand['blocked'] =>
  command.blocked === null
    ? null
    : {
        code: command.blocked,
        because: command.blockedBecause ?? 'this command cannot run as it is',
        nextStep: 'e edits it for this run, S skips the step with a reason',
      };

/** Going forward past a breach needs a reason; back needs none. */
const breachBlock = (
  state: SessionState,
  spec: PendingCommand['spec'],
  part: PendingRequest['part'],
): PendingCommand['blocked'] => {
  const breach = spec.risk === 'read' || part === 'send' ? null : openBreach(state);
  if (breach === null) return null;
  return {
    code: null,
    because: `${breach.title} is a reason to roll back: ${breach.value}`,
    nextStep: 'R rolls back, A acknowledges it with a reason',
  };
};

export interface PendingRequest {
  readonly place: Place;
  readonly action: number;
  readonly part: 'action' | 'send';
  readonly command: Command;
  readonly stdin: string | null;
  /** As changed by the operator, already analysed again: its risk is in `command`. */
  readonly script: string | null;
  /** UTC ms. */
  readonly now: number;
}

/** What would run, complete with its hash: the dialog shows it and `decide` compares it. */
export const pendingCommand = (state: SessionState, frame: FrameState, request: PendingRequest): PendingCommand => {
  const { place, action, part, command, stdin, script, now } = request;
  const spec = specOf(state, frame, command, stdin, script);
  return {
    at: stepAt(frame, place),
    action,
    part,
    command,
    state: stepStateOf(frame, place.step).actions[action] ?? null,
    spec,
    hash: specHash(spec),
    values: shownValues(state, frame, command),
    level: confirmLevel(state, frame, place, command, command.risk),
    blocked:
      blockOf(command) ??
      pinProblem(state, frame, command) ??
      breachBlock(state, spec, part) ??
      approvalProblem(state, frame, place, spec, now),
    undo: place.step.undo,
  };
};

import type { Command, Risk } from '../runbook/model.ts';
import { isInRollback } from './frames.ts';
import type { ConfirmLevel } from './main-action.ts';
import { changeKind } from './reduce-command.ts';
import type { FrameState, SessionState } from './state.ts';
import type { Place } from './walk.ts';

/** What has to be typed before dangerous changes: the first workload's name, else the namespace, else the runbook's file name. */
export const dangerWord = (state: SessionState, frame: FrameState): Extract<ConfirmLevel, { kind: 'type' }> => {
  const target = state.run?.target;
  const workload = target?.workloads[0];
  if (workload !== undefined) return { kind: 'type', word: workload.slice(workload.indexOf('/') + 1), of: 'workload' };
  const namespace = target?.namespace ?? null;
  if (namespace !== null) return { kind: 'type', word: namespace, of: 'namespace' };
  const file = frame.reference.path.split('/').at(-1) ?? frame.reference.path;
  return { kind: 'type', word: file, of: 'runbook file' };
};

/**
 * read: Enter runs it. change: `y`. destroy, or a change in production on a critical step: a word is typed,
 * once a run for a repeated change of the same kind, always for destroy. A rollback never asks for a word.
 * Source: 20-runs, "Risk".
 */
export const confirmLevel = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  command: Command,
  risk: Risk,
): ConfirmLevel => {
  if (risk === 'read') return { kind: 'enter' };
  if (isInRollback(state)) return { kind: 'yes' };
  if (risk === 'destroy') return dangerWord(state, frame);
  const critical = place.step.critical || place.path.some((phase) => phase.critical);
  const mustType =
    critical && state.run?.target.production === true && !state.typedFor.includes(changeKind(command, risk));
  return mustType ? dangerWord(state, frame) : { kind: 'yes' };
};

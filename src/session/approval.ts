import type { Command } from '../runbook/model.ts';
import type { EventData } from './events.ts';
import { canonicalJson, type ExecSpec, sha256 } from './exec-spec.ts';
import { specOf } from './spec.ts';
import type { ApprovalState, FrameState, SessionState } from './state.ts';
import { type Place, places, stepStateOf } from './walk.ts';

/**
 * What an approval covers of a spec: the script, the values given as inputs, the target and the runbook. Captured
 * values are left out, since they are not known yet when somebody approves.
 */
export const approvalHash = (spec: ExecSpec, captures: readonly string[]): string =>
  sha256(
    canonicalJson({
      script: spec.script,
      shell: spec.shell,
      env: spec.env.filter(({ name }) => !captures.includes(name)),
      cwd: spec.cwd,
      target: spec.target,
      runbook: spec.runbook,
    }),
  );

const captureNames = (frame: FrameState): readonly string[] => [
  ...Object.keys(frame.captures),
  ...places(frame.runbook).flatMap(({ step }) =>
    step.actions.flatMap((action) =>
      action.kind === 'command' && action.command.options.capture !== null ? [action.command.options.capture] : [],
    ),
  ),
];

interface Approver {
  readonly step: string;
  readonly action: number;
}

interface Covered {
  readonly place: Place;
  readonly command: Command;
  readonly approver: Approver | null;
}

/** Changing commands on the path, each with the last `approve` before it. */
const covered = (frame: FrameState): readonly Covered[] => {
  const out: Covered[] = [];
  let approver: Approver | null = null;
  for (const place of places(frame.runbook)) {
    if (place.offPath) continue;
    for (const [index, action] of place.step.actions.entries()) {
      if (action.kind === 'approve') approver = { step: place.step.id, action: index };
      if (action.kind === 'command' && action.command.risk !== 'read')
        out.push({ place, command: action.command, approver });
    }
  }
  return out;
};

const isApprover = (approver: Approver | null, step: string, action: number): boolean =>
  approver?.step === step && approver.action === action;

/** Hashes of the changing commands from an `approve` up to the next one. */
export const coveredHashes = (
  state: SessionState,
  frame: FrameState,
  step: string,
  action: number,
): readonly string[] => {
  const captures = captureNames(frame);
  return covered(frame)
    .filter(({ approver }) => isApprover(approver, step, action))
    .map(({ command }) => approvalHash(specOf(state, frame, command, null, null), captures));
};

/** The text an approver signs or attests: run, step and what it covers, one a line. */
export const challengeText = (state: SessionState, frame: FrameState, step: string, action: number): string =>
  [
    'gonogo approval 1',
    `run ${state.run?.run ?? ''}`,
    `frame ${frame.number}`,
    `step ${step}`,
    ...coveredHashes(state, frame, step, action).map((hash) => `command ${hash}`),
    '',
  ].join('\n');

const given = (state: SessionState, frame: FrameState, approver: Approver): ApprovalState | undefined =>
  state.approvals.findLast(
    (approval) =>
      approval.frame === frame.number &&
      isApprover(approver, approval.step, approval.action) &&
      approval.voided === null,
  );

/** What is wrong with the approval that stands before a changing command. */
interface ApprovalTrouble {
  readonly approver: Approver;
  readonly because: string;
  /** It was given and does not hold any more: asking again would help. */
  readonly stale: boolean;
}

const troubleAt = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  spec: ExecSpec,
  now: number,
): ApprovalTrouble | null => {
  if (spec.risk === 'read') return null;
  const entry = covered(frame).find((c) => c.place === place && c.approver !== null);
  if (entry === undefined || entry.approver === null) return null;
  const { status } = stepStateOf(frame, placeStep(frame, entry.approver.step));
  if (status === 'skipped' || status === 'not-applicable' || status === 'owed') return null;
  return troubleOf(state, frame, place, entry.approver, spec, now);
};

/** Why the approval that stands before a changing command does not allow it; null when it does or none is asked. */
export const approvalProblem = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  spec: ExecSpec,
  now: number,
): { readonly code: null; readonly because: string; readonly nextStep: string } | null => {
  const trouble = troubleAt(state, frame, place, spec, now);
  if (trouble === null) return null;
  const nextStep = trouble.stale ? 'b asks for the approval again' : 'b goes back to the approval step';
  return { code: null, because: trouble.because, nextStep };
};

/** The approval that has to be given again before the commands of a step; null when none has. */
export const staleApproval = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  now: number,
): EventData['approval.voided'] | null => {
  for (const action of place.step.actions) {
    if (action.kind !== 'command') continue;
    const trouble = troubleAt(state, frame, place, specOf(state, frame, action.command, null, null), now);
    if (trouble?.stale === true) return { ...trouble.approver, because: trouble.because };
  }
  return null;
};

const placeStep = (frame: FrameState, id: string): Place['step'] => {
  const place = places(frame.runbook).find(({ step }) => step.id === id);
  if (place === undefined) throw new Error(`no step ${id} in frame ${frame.number}`);
  return place.step;
};

const troubleOf = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  approver: Approver,
  spec: ExecSpec,
  now: number,
): ApprovalTrouble | null => {
  const stale = (because: string): ApprovalTrouble => ({ approver, because, stale: true });
  const approval = given(state, frame, approver);
  if (approval === undefined) return { approver, because: 'not approved', stale: false };
  if (approval.given.by.toLowerCase() === state.operator.toLowerCase())
    return { approver, because: 'who approved may not confirm as well', stale: false };
  if (!approval.given.covers.includes(approvalHash(spec, captureNames(frame))))
    return stale('what was approved has changed since');
  const action = placeStep(frame, approver.step).actions[approver.action];
  if (action?.kind !== 'approve') return null;
  if (typeof action.approve.valid === 'number' && now > approval.at + action.approve.valid)
    return stale('the approval has expired');
  const approvedIn = places(frame.runbook).find(({ step }) => step.id === approver.step);
  if (action.approve.valid === 'phase' && approvedIn?.phase !== place.phase)
    return stale('the approval was for its own phase only');
  return null;
};

import { parseDuration } from '../text/duration.ts';
import { staleApproval } from './approval.ts';
import { isInCard } from './card.ts';
import type { EventData, RunEvent } from './events.ts';
import { howPassed } from './how-passed.ts';
import type { Decision, Intent } from './intents.ts';
import { accept, refuse } from './refusal.ts';
import { currentFrame, mainActionFor } from './select.ts';
import type { FrameState, SessionState } from './state.ts';
import {
  hasOpenChildren,
  isDue,
  isJudging,
  isSettled,
  nextAction,
  type Place,
  placeOf,
  places,
  position,
  stepStateOf,
  stepsWithin,
} from './walk.ts';

type StepIntent = Extract<
  Intent,
  { type: 'pass' | 'accept' | 'fail' | 'skip' | 'not-applicable' | 'owe' | 'again' | 'undo' | 'back' }
>;

export const decideStep = (state: SessionState, intent: StepIntent, now: number): Decision => {
  const frame = currentFrame(state);
  if (frame === null) return refuse('the run has not started');
  if (intent.type === 'undo') return undo(state, frame);
  const place = placeOf(frame.runbook, intent.step);
  if (place === undefined) return refuse(`there is no step ${intent.step}`);
  if (isRunning(state, frame, intent.step))
    return refuse('its command is still running', 'Ctrl-C stops it or leaves it running');
  switch (intent.type) {
    case 'pass':
      return pass(state, frame, place, now);
    case 'accept':
      return acceptAsIs(state, frame, place, intent.reason);
    case 'fail':
      return fail(frame, place, intent.reason);
    case 'skip':
      return leaveOut(
        frame,
        place,
        { type: 'step.skipped', frame: frame.number, data: { step: intent.step, reason: intent.reason } },
        intent.reason,
      );
    case 'not-applicable':
      return notApplicable(frame, place, intent.phase, intent.reason);
    case 'owe':
      return owe(frame, place, intent.reason, now);
    case 'again':
      return again(frame, place);
    case 'back':
      return back(state, frame, place, now);
  }
};

const isRunning = (state: SessionState, frame: FrameState, step: string): boolean =>
  Object.values(state.attempts).some(
    (attempt) =>
      attempt.frame === frame.number &&
      attempt.step === step &&
      !attempt.spec.background &&
      (attempt.status === 'running' || attempt.status === 'confirmed'),
  );

/** May be worked on now: the current step, a manual item of its card, a gate that is judged, an owed step, a step off the path. */
export const isReachable = (frame: FrameState, place: Place): boolean => {
  if (place.offPath || stepStateOf(frame, place.step).status === 'owed' || isJudging(frame, place.step)) return true;
  const at = position(frame);
  return at.kind === 'step' && (at.place === place || isInCard(frame, place));
};

const notYet = (): Decision => refuse('steps before this one are open', '. goes to the current step');

const passed = (
  frame: FrameState,
  place: Place,
  how: Exclude<EventData['step.passed']['how'], 'itself'>,
  reason: string | null,
): RunEvent => ({
  type: 'step.passed',
  frame: frame.number,
  data: { step: place.step.id, how, reason },
});

const pass = (state: SessionState, frame: FrameState, place: Place, now: number): Decision => {
  const { status } = stepStateOf(frame, place.step);
  if (isSettled(status) && status !== 'owed')
    return refuse('this step is done already', 'u undoes the last tick, b reopens a step');
  if (!isReachable(frame, place)) return notYet();
  if (state.paused !== null) return refuse(`on hold: ${state.paused}`, 'P lifts the hold');
  if (status === 'failed') return refuse('this step failed', 't tries again, b goes back, S skips with a reason');
  if (status === 'attention')
    return refuse('this step needs attention', 'Enter accepts it with a reason, t tries again, F fails it');
  if (hasOpenChildren(frame, place.step)) return refuse('steps below it are open');
  if (nextAction(frame, place.step) !== null) {
    const main = mainActionFor(state, place.step.id, now);
    return refuse(
      'its commands and questions come first',
      main.kind === 'nothing' ? main.nextStep : 'Enter does the next one',
    );
  }
  const { how, reason } = howPassed(frame, place);
  const usual = place.step.actions.length === 0 ? 'tick' : 'enter';
  return accept([passed(frame, place, how === 'itself' ? usual : how, reason)]);
};

/** Attention: goes on with a reason. A command in trouble counts as done; the step passes when it was the last. */
const acceptAsIs = (state: SessionState, frame: FrameState, place: Place, reason: string): Decision => {
  const step = stepStateOf(frame, place.step);
  if (step.status !== 'attention') return refuse('nothing here needs to be accepted');
  if (step.actions.some((action) => action.status === 'unknown'))
    return refuse('first say what became of the command', 'Enter opens the question');
  if (reason.trim() === '') return refuse('a reason is needed', 'Say why this is acceptable');
  if (state.paused !== null) return refuse(`on hold: ${state.paused}`, 'P lifts the hold');
  const troubled = step.actions.find((action) => action.status === 'attention');
  if (troubled?.kind === 'gate') return refuse('a check failed', 'Choose R, or one of the numbers shown');
  if (troubled?.kind === 'baseline') return acceptBaseline(frame, place, step.actions.indexOf(troubled), reason);
  const attempt = troubled?.attempts.at(-1);
  const accepted: readonly RunEvent[] =
    attempt === undefined
      ? []
      : [{ type: 'command.resolved', frame: frame.number, data: { attempt, as: 'accepted', evidence: reason } }];
  const more =
    place.step.actions.some((action, i) => step.actions[i]?.status === 'todo' && isDue(frame, action)) ||
    hasOpenChildren(frame, place.step);
  return accept(more ? accepted : [...accepted, passed(frame, place, 'accepted', reason)]);
};

/** Its comparisons tell nothing then; the step goes on, and passes after its last action. */
const acceptBaseline = (frame: FrameState, place: Place, action: number, reason: string): Decision =>
  accept([{ type: 'baseline.accepted', frame: frame.number, data: { step: place.step.id, action, reason } }]);

const fail = (frame: FrameState, place: Place, reason: string | null): Decision => {
  const { status } = stepStateOf(frame, place.step);
  if (isSettled(status) && status !== 'owed') return refuse('this step is done already', 'b reopens it first');
  if (!isReachable(frame, place)) return notYet();
  return accept([{ type: 'step.failed', frame: frame.number, data: { step: place.step.id, reason } }]);
};

const leaveOut = (frame: FrameState, place: Place, event: RunEvent, reason: string): Decision => {
  if (reason.trim() === '') return refuse('a reason is needed', 'Say why it is left out');
  const { status } = stepStateOf(frame, place.step);
  if (isSettled(status) && status !== 'owed') return refuse('this step is done already', 'b reopens it first');
  if (!isReachable(frame, place)) return notYet();
  return accept([event]);
};

/** For optional steps, or with a reason; for a phase whose `when` is false all its open steps at once. */
const notApplicable = (frame: FrameState, place: Place, phase: number | null, reason: string | null): Decision => {
  if (!isReachable(frame, place)) return notYet();
  const whole = phase === null ? undefined : place.path.find((p) => p.number === phase);
  if (phase !== null && (whole === undefined || whole.when === null))
    return refuse('this phase has no condition', 'S skips single steps with a reason');
  if (whole === undefined && !place.step.optional && (reason ?? '').trim() === '')
    return refuse('a reason is needed', 'Say why it does not apply');
  const steps = whole === undefined ? [place.step] : stepsWithin(whole);
  const open = steps.filter((step) => !isSettled(stepStateOf(frame, step).status));
  return accept(
    open.map((step) => ({ type: 'step.not-applicable', frame: frame.number, data: { step: step.id, reason } })),
  );
};

const owe = (frame: FrameState, place: Place, reason: string | null, now: number): Decision => {
  const allowed = place.step.owe ?? place.path.findLast((phase) => phase.owe !== null)?.owe ?? null;
  if (allowed === null) return refuse('this step cannot be owed', 'S skips it with a reason');
  if (!isReachable(frame, place)) return notYet();
  const ms = parseDuration(allowed);
  return accept([
    {
      type: 'step.owed',
      frame: frame.number,
      data: { step: place.step.id, reason, until: ms === null ? null : now + ms },
    },
  ]);
};

const again = (frame: FrameState, place: Place): Decision => {
  const step = stepStateOf(frame, place.step);
  if (step.actions.some((action) => action.status === 'unknown'))
    return refuse('first say what became of the command', 'Enter opens the question');
  const ran = step.actions.some((action) => action.attempts.length > 0 && action.status === 'done');
  if (step.status !== 'attention' && step.status !== 'failed' && !(step.status === 'active' && ran))
    return refuse('nothing to try again here');
  if (step.status === 'active') return accept([reopen(frame, place.step.id, 'back')]);
  return accept([reopen(frame, place.step.id, 'again')]);
};

export const reopen = (frame: FrameState, step: string, why: 'undo' | 'again' | 'back' | 'jump'): RunEvent => ({
  type: 'step.reopened',
  frame: frame.number,
  data: { step, why },
});

/** Every step from the target on that was begun, the last first. */
export const reopenFrom = (frame: FrameState, place: Place, why: 'back' | 'jump'): readonly RunEvent[] => {
  const all = places(frame.runbook);
  const from = place.offPath
    ? [place]
    : [
        ...place.parents.map((p) => placeOf(frame.runbook, p.id) as Place),
        ...all.slice(all.indexOf(place)).filter((p) => !p.offPath),
      ];
  return from.filter((p) => stepStateOf(frame, p.step).status !== 'open').map((p) => reopen(frame, p.step.id, why));
};

/** Back to the step, or, where only the approval before it does not hold any more, to that one alone. */
const back = (state: SessionState, frame: FrameState, place: Place, now: number): Decision => {
  const approval = staleApproval(state, frame, place, now);
  if (approval !== null) return accept([{ type: 'approval.voided', frame: frame.number, data: approval }]);
  // Before anything was changed a baseline is captured again by itself, and what comes after it stays as it is.
  if (state.firstChangeAt === null && isSettled(stepStateOf(frame, place.step).status) && isBaselineOnly(place))
    return accept([reopen(frame, place.step.id, 'back')]);
  const events = reopenFrom(frame, place, 'back');
  const unknown = events.some((e) => e.type === 'step.reopened' && stepUnknown(frame, e.data.step));
  if (unknown) return refuse('first say what became of the command that has no result', 'Enter opens the question');
  return events.length === 0 ? refuse('this step is open already') : accept(events);
};

const isBaselineOnly = ({ step }: Place): boolean =>
  step.steps.length === 0 && step.actions.length > 0 && step.actions.every(({ kind }) => kind === 'baseline');

const stepUnknown = (frame: FrameState, id: string): boolean =>
  frame.steps[id]?.actions.some((action) => action.status === 'unknown') ?? false;

/** The last manual tick of this frame, by time. */
const undo = (state: SessionState, frame: FrameState): Decision => {
  const ticked = Object.values(frame.steps).filter(
    (step) => step.status === 'passed' && (step.how === 'tick' || step.how === 'enter'),
  );
  const last = ticked.toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))[0];
  if (last === undefined) return refuse('there is no tick to undo');
  if (Object.values(state.attempts).some((attempt) => attempt.status === 'running' && !attempt.spec.background))
    return refuse('a command is running', 'Wait for it, or stop it');
  return accept([reopen(frame, last.id, 'undo')]);
};

import type { Action } from '../runbook/model.ts';
import { coveredHashes } from './approval.ts';
import { falseCondition } from './condition.ts';
import { openBreach } from './criterion-state.ts';
import { isReachable, reopen, reopenFrom } from './decide-step.ts';
import type { RunEvent } from './events.ts';
import { sha256 } from './exec-spec.ts';
import { openingOf } from './frames.ts';
import type { Decision, Intent } from './intents.ts';
import { accept, refuse } from './refusal.ts';
import { beginRollback, finishEvents } from './run-end.ts';
import { currentFrame } from './select.ts';
import type { FrameState, SessionState } from './state.ts';
import {
  groupOf,
  isOpenPlace,
  nextAction,
  type Place,
  placeOf,
  placeOfTarget,
  places,
  stepStateOf,
  stepsWithin,
} from './walk.ts';

type ActionIntent = Extract<
  Intent,
  { type: 'decide' | 'choose-phase' | 'answer' | 'approve' | 'refuse-approval' | 'posted' | 'handoff' }
>;

export const decideAction = (state: SessionState, intent: ActionIntent, now: number): Decision => {
  const frame = currentFrame(state);
  if (frame === null) return refuse('the run has not started');
  if (state.paused !== null) return refuse(`on hold: ${state.paused}`, 'P lifts the hold');
  if (intent.type === 'choose-phase') return choosePhase(frame, intent.phase);
  const place = placeOf(frame.runbook, intent.step);
  if (place === undefined) return refuse(`there is no step ${intent.step}`);
  if (!isReachable(frame, place)) return refuse('steps before this one are open', '. goes to the current step');
  if (intent.type === 'answer') return answer(frame, place, intent);
  const action = place.step.actions[intent.action];
  if (action === undefined || nextAction(frame, place.step) !== intent.action)
    return refuse('another action of this step comes first');
  return onAction(state, frame, place, action, intent, now);
};

const onAction = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  action: Action,
  intent: Exclude<ActionIntent, { type: 'choose-phase' | 'answer' }>,
  now: number,
): Decision => {
  switch (intent.type) {
    case 'decide':
      return action.kind === 'decide'
        ? decided(state, frame, place, action, intent, now)
        : refuse('there is nothing to decide here');
    case 'approve':
      return action.kind === 'approve'
        ? approve(state, frame, place, action, intent, now)
        : refuse('there is nothing to approve here');
    case 'refuse-approval':
      return accept([
        {
          type: 'approval.refused',
          frame: frame.number,
          data: { step: intent.step, action: intent.action, by: intent.by, reason: intent.reason },
        },
        {
          type: 'step.failed',
          frame: frame.number,
          data: { step: intent.step, reason: `approval refused: ${intent.reason}` },
        },
      ]);
    case 'posted': {
      if (action.kind !== 'message') return refuse('there is no message here');
      const { to } = action.message;
      const data = {
        step: intent.step,
        action: intent.action,
        to,
        how: 'copied' as const,
        text: intent.text,
        sha256: sha256(intent.text),
      };
      return accept([{ type: 'message.posted', frame: frame.number, data }]);
    }
    case 'handoff':
      return action.kind === 'handoff'
        ? handOff(state, frame, place, action.handoff.runbook)
        : refuse('there is nothing to hand over here');
  }
};

/** Rules out the other alternatives. */
const choosePhase = (frame: FrameState, number: number): Decision => {
  const group = groupOf(frame.runbook, number);
  const chosen = group.find((phase) => phase.number === number);
  const firstStep = chosen === undefined ? undefined : stepsWithin(chosen)[0];
  if (chosen === undefined || firstStep === undefined) return refuse('that is not one of the alternatives');
  const others = group.filter((phase) => phase !== chosen).flatMap(stepsWithin);
  const label = chosen.choice ?? chosen.title;
  return accept([
    {
      type: 'decision.made',
      frame: frame.number,
      data: { step: firstStep.id, action: -1, label, target: `#${chosen.anchor}`, reason: null },
    },
    ...others.map(
      (step): RunEvent => ({
        type: 'step.not-applicable',
        frame: frame.number,
        data: { step: step.id, reason: `${label} was chosen` },
      }),
    ),
  ]);
};

const answer = (frame: FrameState, place: Place, intent: Extract<Intent, { type: 'answer' }>): Decision => {
  const events: RunEvent[] = intent.secrets.map((input) => ({
    type: 'secret.provided',
    frame: frame.number,
    data: { input, source: 'typed' },
  }));
  for (const input of intent.secrets)
    events.push({
      type: 'input.given',
      frame: frame.number,
      data: { input, value: null, source: 'form', step: place.step.id },
    });
  for (const [input, value] of Object.entries(intent.values)) {
    events.push({
      type: 'input.given',
      frame: frame.number,
      data: { input, value, source: 'form', step: place.step.id },
    });
  }
  return events.length === 0 ? refuse('there is nothing to answer') : accept(events);
};

const approve = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  action: Extract<Action, { kind: 'approve' }>,
  intent: Extract<Intent, { type: 'approve' }>,
  now: number,
): Decision => {
  const { approval } = intent;
  const confirmers = new Set(
    [state.operator, ...Object.values(state.attempts).map((attempt) => attempt.by)].map((name) => name.toLowerCase()),
  );
  if (confirmers.has(approval.by.trim().toLowerCase()))
    return refuse('the approver must be somebody else than those who confirm', 'Ask a second person');
  if (approval.by.trim() === '') return refuse('who approves is missing');
  if (action.approve.reasonRequired && (approval.reason ?? '').trim() === '')
    return refuse('a reason is required for this approval', 'Give the reason after the name');
  const until = typeof action.approve.valid === 'number' ? now + action.approve.valid : null;
  const covers = coveredHashes(state, frame, place.step.id, intent.action);
  const data = { step: intent.step, action: intent.action, role: action.approve.role, ...approval, covers, until };
  return accept([{ type: 'approval.given', frame: frame.number, data }]);
};

const handOff = (state: SessionState, frame: FrameState, place: Place, reference: string): Decision => {
  const to = state.reachable.find(
    (r) => r.purpose === 'handoff' && r.from === frame.reference.sha256 && r.reference === reference,
  );
  if (to === undefined) return refuse(`the runbook ${reference} was not loaded at the start`);
  const data = openingOf(
    state,
    frame,
    to.runbook,
    to.with,
    'handoff',
    { frame: frame.number, step: place.step.id },
    null,
  );
  return accept([{ type: 'frame.opened', frame: state.frames.length, data }]);
};

const decided = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  action: Extract<Action, { kind: 'decide' }>,
  intent: Extract<Intent, { type: 'decide' }>,
  now: number,
): Decision => {
  const choice = action.choices.find(({ label }) => label === intent.label);
  if (choice === undefined) return refuse(`there is no choice "${intent.label}"`);
  const { target } = choice;
  const breach = target === 'stay' || target === 'rollback' || target === 'stop' ? null : openBreach(state);
  if (breach !== null)
    return refuse(
      `${breach.title} is a reason to roll back: ${breach.value}`,
      'R rolls back, A acknowledges it with a reason',
    );
  const made: RunEvent = {
    type: 'decision.made',
    frame: frame.number,
    data: { step: intent.step, action: intent.action, label: choice.label, target, reason: intent.reason },
  };
  if (target === 'next' || target === 'stay') return accept([made]);
  if (target === 'rollback') {
    const begun = beginRollback(state, now);
    return begun.ok ? accept([made, ...begun.events], begun.effects) : begun;
  }
  if (target === 'stop') {
    const end = finishEvents(state, 'aborted', intent.reason ?? choice.label);
    return accept([made, ...end.events], end.effects);
  }
  return jump(frame, place, made, choice.label, target);
};

/** Backwards reopens every step from the target on; forwards leaves out the open steps in between, by this decision. */
const jump = (frame: FrameState, from: Place, made: RunEvent, label: string, target: string): Decision => {
  const to = placeOfTarget(frame.runbook, target);
  if (to === null) return refuse(`${target} is not in this runbook`);
  const path = places(frame.runbook).filter((place) => !place.offPath);
  const here = path.indexOf(from);
  const there = path.indexOf(to);
  if (there === -1) return refuse(`${target} is not on the path`, 'Open it in the list instead');
  if (there <= here) return accept([made, ...reopenedBy(frame, from, to)]);
  const between = path
    .slice(here + 1, there)
    .filter(
      (place) =>
        isOpenPlace(frame, place) && !place.step.steps.some((s) => s === to.step) && !to.parents.includes(place.step),
    );
  return accept([
    made,
    ...between
      .filter((place) => stepStateOf(frame, place.step).status !== 'failed' && !from.parents.includes(place.step))
      .map((place): RunEvent => leftOut(frame, place, `decided: ${label}`)),
  ]);
};

/** The decision is asked again, too, when the run comes back to it: by itself it would be settled now. */
const reopenedBy = (frame: FrameState, from: Place, to: Place): readonly RunEvent[] => {
  const begun = reopenFrom(frame, to, 'jump');
  const { id } = from.step;
  const isAmong = begun.some((event) => event.type === 'step.reopened' && event.data.step === id);
  return isAmong ? begun : [...begun, reopen(frame, id, 'jump')];
};

/** An optional step that a decision passes by does not apply; any other one was skipped. */
const leftOut = (frame: FrameState, place: Place, reason: string): RunEvent => {
  const optional = place.step.optional || falseCondition(frame, place) !== null;
  return {
    type: optional ? 'step.not-applicable' : 'step.skipped',
    frame: frame.number,
    data: { step: place.step.id, reason },
  };
};

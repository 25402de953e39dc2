import { verdictWord } from '../gates/sample.ts';
import { falseCondition } from './condition.ts';
import { isReachable } from './decide-step.ts';
import type { RunEvent } from './events.ts';
import { foreignWorkload, unownedChanges } from './foreign.ts';
import { deadSource, leastReason, typedToOverride } from './gate-action.ts';
import { checksOf, gateHash } from './gate-checks.ts';
import { startGate } from './gate-due.ts';
import { gateIn, openGate } from './gate-state.ts';
import type { Decision, Intent } from './intents.ts';
import { accept, refuse } from './refusal.ts';
import type { FrameState, GateState, SessionState } from './state.ts';
import { nextAction, type Place, placeOf, stepStateOf } from './walk.ts';

type GateIntent = Extract<Intent, { type: 'start-gate' | 'override-gate' | 'by-eye' | 'hold-gate' }>;
type Acknowledgement = Extract<Intent, { type: 'acknowledge-breach' | 'acknowledge-source' }>;

export const decideGate = (state: SessionState, intent: GateIntent): Decision => {
  const frame = state.frames[state.frame];
  const place = frame === undefined ? undefined : placeOf(frame.runbook, intent.step);
  const gate = frame === undefined ? null : gateIn(frame, intent.step, intent.action);
  if (frame === undefined || place === undefined || gate === null) return refuse('there is no gate here');
  if (frame.restricted)
    return refuse(
      'this runbook is not trusted: nothing of it is asked',
      'gonogo trust shows its commands and allows them',
    );
  if (state.paused !== null) return refuse(`on hold: ${state.paused}`, 'P lifts the hold');
  if (intent.type === 'start-gate') return start(frame, place, intent);
  const known = openGate(frame, intent.step, intent.action);
  if (known === null) return refuse('this gate is not being judged');
  switch (intent.type) {
    case 'override-gate':
      return override(state, frame, place, known, intent);
    case 'by-eye':
      return byEye(state, frame, known, intent);
    case 'hold-gate':
      return holdGate(frame, place, known, intent);
  }
};

const start = (frame: FrameState, place: Place, intent: Extract<Intent, { type: 'start-gate' }>): Decision => {
  const gate = gateIn(frame, intent.step, intent.action);
  const own = stepStateOf(frame, place.step);
  if (gate === null || nextAction(frame, place.step) !== intent.action || own.actions[intent.action]?.status !== 'todo')
    return refuse('this gate is judged already');
  if (own.status === 'failed' || own.status === 'attention') return refuse('this step needs a decision first');
  if (!isReachable(frame, place)) return refuse('steps before this one are open', '. goes to the current step');
  if (falseCondition(frame, place) !== null) return refuse('this step does not apply', 'x leaves it out as n/a');
  if (gateHash(checksOf(frame, gate)) !== intent.hash)
    return refuse('its commands changed while they were shown', 'Look again and confirm');
  const number = (own.actions[intent.action]?.gate?.try ?? 0) + 1;
  return accept(startGate(frame, intent.step, intent.action, gate, { open: own.status === 'open', try: number }));
};

const override = (
  state: SessionState,
  frame: FrameState,
  place: Place,
  known: GateState,
  intent: Extract<Intent, { type: 'override-gate' }>,
): Decision => {
  const { step, action, reason, typed } = intent;
  const word = verdictWord(known.verdict);
  const gate = gateIn(frame, step, action);
  if (gate === null || (word !== 'FAIL' && word !== 'BLIND'))
    return refuse('this gate is still being judged', 'R rolls back, P holds the run');
  if (reason.trim() === '') return refuse('a reason is needed', 'Say why it is right to go on');
  if (word === 'FAIL' && reason.trim().length < leastReason)
    return refuse(`a reason of at least ${leastReason} characters is needed`, 'Say why it is right to go on');
  const wanted = typedToOverride(state, frame, place, gate, known);
  if (wanted !== null && typed !== wanted) return refuse(`type ${wanted} to go past it`, 'Esc goes back');
  return accept([{ type: 'gate.overridden', frame: frame.number, data: { step, action, reason, typed } }]);
};

const byEye = (
  state: SessionState,
  frame: FrameState,
  known: GateState,
  intent: Extract<Intent, { type: 'by-eye' }>,
): Decision => {
  const { step, action, seen } = intent;
  const gate = gateIn(frame, step, action);
  if (gate === null || verdictWord(known.verdict) !== 'BLIND')
    return refuse('only a gate that cannot tell is judged by eye');
  if (seen.trim() === '') return refuse('say what you looked at and saw');
  const dead = deadSource(frame, gate, known);
  const knows = dead === null || state.acknowledged.some(({ source }) => source === dead);
  const acknowledged: readonly RunEvent[] =
    knows || dead === null
      ? []
      : [{ type: 'source.acknowledged', frame: frame.number, data: { source: dead, reason: seen } }];
  return accept([...acknowledged, { type: 'gate.by-eye', frame: frame.number, data: { step, action, seen } }]);
};

/** A new try; the step reads `2nd try` from then on when the one before had failed. */
const holdGate = (
  frame: FrameState,
  place: Place,
  known: GateState,
  intent: Extract<Intent, { type: 'hold-gate' }>,
): Decision => {
  const gate = gateIn(frame, intent.step, intent.action);
  const word = verdictWord(known.verdict);
  if (gate === null || (word !== 'FAIL' && word !== 'BLIND')) return refuse('this gate is still being judged');
  const again: readonly RunEvent[] =
    stepStateOf(frame, place.step).status === 'attention'
      ? [{ type: 'step.reopened', frame: frame.number, data: { step: intent.step, why: 'again' } }]
      : [];
  return accept([...again, ...startGate(frame, intent.step, intent.action, gate, { open: false, try: known.try + 1 })]);
};

export const decideAcknowledgement = (state: SessionState, intent: Acknowledgement): Decision => {
  if (intent.reason.trim() === '') return refuse('a reason is needed', 'Say why this is known');
  const frame = Math.max(0, state.frame);
  if (intent.type === 'acknowledge-source') {
    if (state.acknowledged.some(({ source }) => source === intent.source))
      return refuse(`${intent.source} is acknowledged already`);
    const changed = foreignWorkload(intent.source);
    if (changed !== null && !unownedChanges(state).some(({ workload }) => workload === changed))
      return refuse(`no change of ${changed} by others is to be acknowledged`);
    return accept([{ type: 'source.acknowledged', frame, data: { source: intent.source, reason: intent.reason } }]);
  }
  const known = state.criteria[intent.criterion];
  if (known === undefined || (known.status !== 'breached' && known.status !== 'recovered'))
    return refuse('there is no breach to acknowledge');
  if (known.status === 'breached' && intent.reason.trim().length < leastReason)
    return refuse(`a reason of at least ${leastReason} characters is needed`, 'Say why it is right to go on');
  return accept([
    { type: 'criterion.acknowledged', frame: 0, data: { criterion: intent.criterion, reason: intent.reason } },
  ]);
};

import type { Gate } from '../runbook/model.ts';
import { falseCondition } from './condition.ts';
import type { RunEvent } from './events.ts';
import { checksOf, gateHash } from './gate-checks.ts';
import type { FrameState, SessionState } from './state.ts';
import { isDue, isOpenPlace, nextAction, places, position, stepStateOf } from './walk.ts';

/** The events with which a try of a gate begins. */
export const startGate = (
  frame: FrameState,
  step: string,
  action: number,
  gate: Gate,
  begun: { readonly open: boolean; readonly try: number },
): readonly RunEvent[] => {
  const checks = checksOf(frame, gate);
  const started: RunEvent = {
    type: 'gate.started',
    frame: frame.number,
    data: { step, action, try: begun.try, checks: checks.map(({ title }) => title), hash: gateHash(checks) },
  };
  return begun.open ? [{ type: 'step.started', frame: frame.number, data: { step } }, started] : [started];
};

/**
 * Gates that begin by themselves now: those of the phase the operator is in whose earlier commands, questions and
 * decisions are done, and that run no command. Source: 20-runs, "Steps and order".
 */
export const dueGates = (state: SessionState): readonly RunEvent[] => {
  const frame = state.frames[state.frame];
  if (frame === undefined || frame.restricted || frame.closed !== null) return [];
  if (state.left || state.finished !== null || state.paused !== null) return [];
  const at = position(frame);
  if (at.kind !== 'step') return [];
  const events: RunEvent[] = [];
  for (const place of places(frame.runbook)) {
    if (place.offPath || place.phase !== at.place.phase || !isOpenPlace(frame, place)) continue;
    const own = stepStateOf(frame, place.step);
    if (own.status === 'failed' || own.status === 'attention') break;
    const index = nextAction(frame, place.step);
    if (index === null) {
      // Its output was shown, and nobody has said yet that it is as expected.
      if (place.step.actions.some((due) => isDue(frame, due))) break;
      continue;
    }
    const action = place.step.actions[index];
    if (action?.kind !== 'gate') break;
    const known = own.actions[index];
    const waits = known?.status !== 'todo' || falseCondition(frame, place) !== null;
    if (waits || gateHash(checksOf(frame, action.gate)) !== null) continue;
    const begun = { open: own.status === 'open', try: (known.gate?.try ?? 0) + 1 };
    events.push(...startGate(frame, place.step.id, index, action.gate, begun));
  }
  return events;
};

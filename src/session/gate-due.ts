import type { Gate } from '../runbook/model.ts';
import type { RunEvent } from './events.ts';
import { checksOf, gateHash } from './gate-checks.ts';
import { inTurn } from './in-turn.ts';
import type { FrameState, SessionState } from './state.ts';

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

/** Gates that begin by themselves now: those that have their turn and run no command. */
export const dueGates = (state: SessionState): readonly RunEvent[] =>
  inTurn(state, 'gate', []).flatMap(({ frame, place, own, index, action, known }) => {
    if (action.kind !== 'gate' || known?.status !== 'todo') return [];
    if (gateHash(checksOf(frame, action.gate)) !== null) return [];
    const begun = { open: own.status === 'open', try: (known.gate?.try ?? 0) + 1 };
    return startGate(frame, place.step.id, index, action.gate, begun);
  });

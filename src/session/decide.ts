import { decideAction } from './decide-action.ts';
import { decideCommand } from './decide-command.ts';
import { decideAcknowledgement, decideGate } from './decide-gate.ts';
import { decideRun } from './decide-run.ts';
import { decideStep } from './decide-step.ts';
import type { RunEvent } from './events.ts';
import { followUps } from './follow-ups.ts';
import type { Decision, Effect, Intent } from './intents.ts';
import { project } from './project.ts';
import { refuse } from './refusal.ts';
import type { SessionState } from './state.ts';
import { mismatchRefusal } from './target.ts';

/**
 * Where the rules live: what an operator's intent does now, or why it does nothing.
 * The events must be durable before the effects are carried out. `now` is UTC ms.
 */
export const decide = (state: SessionState, intent: Intent, now: number): Decision => {
  if (state.finished !== null && intent.type !== 'note' && intent.type !== 'leave')
    return refuse('the run is over', 'q leaves');
  const stopped = mismatchRefusal(state, intent);
  if (stopped !== null) return stopped;
  const decision = byType(state, intent, now);
  return decision.ok ? completed(state, decision.events, decision.effects, now) : decision;
};

const byType = (state: SessionState, intent: Intent, now: number): Decision => {
  switch (intent.type) {
    case 'run':
    case 'stop-command':
    case 'resolve':
      return decideCommand(state, intent, now);
    case 'decide':
    case 'choose-phase':
    case 'answer':
    case 'approve':
    case 'refuse-approval':
    case 'posted':
    case 'handoff':
      return decideAction(state, intent, now);
    case 'start-gate':
    case 'override-gate':
    case 'by-eye':
    case 'hold-gate':
      return decideGate(state, intent);
    case 'acknowledge-breach':
    case 'acknowledge-source':
      return decideAcknowledgement(state, intent);
    case 'rollback':
    case 'status':
    case 'hold':
    case 'lift-hold':
    case 'note':
    case 'override':
    case 'finish':
    case 'end':
    case 'leave':
      return decideRun(state, intent, now);
    default:
      return decideStep(state, intent, now);
  }
};

/** Adds what follows from the events: steps that pass by themselves, handoffs that end, background commands whose phase is over. */
export const completed = (
  state: SessionState,
  events: readonly RunEvent[],
  effects: readonly Effect[],
  now: number,
): Decision => {
  const all = [...events];
  const more: Effect[] = [...effects];
  let next = project(state, events, now);
  for (let round = 0; round < 1000; round += 1) {
    const follow = followUps(next, all, more);
    if (follow.events.length === 0 && follow.effects.length === 0) break;
    all.push(...follow.events);
    more.push(...follow.effects);
    next = project(next, follow.events, now);
  }
  return { ok: true, events: all, effects: more };
};

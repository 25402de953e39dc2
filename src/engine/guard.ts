import type { RunEvent } from '../session/events.ts';
import type { Decision, Intent, Refusal } from '../session/intents.ts';
import type { SessionState } from '../session/state.ts';

/** What a guard says of an intent that the session's own rules allow. */
export type GuardedResolution =
  /** It goes on; the events are recorded before its own. */
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  /** It does not; what the guard has found is recorded all the same. */
  | { readonly ok: false; readonly refusal: Refusal; readonly events?: readonly RunEvent[] };

/**
 * Asks the world outside of the session before something is done: living processes, the cluster, the lock. Guards are
 * asked one after the other, the first refusal counts. A refusal with an `override` is asked about; the reason is
 * recorded as `override.given` with its `what`, and the same intent comes again: a guard then finds `what` among
 * `state.overrides` (`isOverridden`) and lets it pass.
 */
export type Guard = (
  intent: Intent,
  state: SessionState,
  decision: Extract<Decision, { ok: true }>,
) => Promise<GuardedResolution>;

export const passed: GuardedResolution = { ok: true, events: [] };

export const isOverridden = (state: SessionState, what: string): boolean =>
  state.overrides.some((override) => override.what === what);

/** Whether it starts a command that is not a mere read. */
export const startsChange = (decision: Extract<Decision, { ok: true }>): boolean =>
  decision.effects.some((effect) => effect.type === 'start' && effect.spec.risk !== 'read');

/** Whether it belongs to a rollback, or begins one: only a wrong target blocks that. */
export const isRollingBack = (state: SessionState, decision: Extract<Decision, { ok: true }>): boolean =>
  state.rollback !== null || decision.events.some(({ type }) => type === 'rollback.started');

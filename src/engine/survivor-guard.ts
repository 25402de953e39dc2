import type { CommandRunner } from '../ports/commands.ts';
import type { RunEvent } from '../session/events.ts';
import type { Intent, Refusal } from '../session/intents.ts';
import type { SessionState } from '../session/state.ts';

export type GuardedResolution =
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  | { readonly ok: false; readonly refusal: Refusal };

const fine: GuardedResolution = { ok: true, events: [] };

/**
 * A command that is UNKNOWN is not given up for a new attempt while processes of it live: the first such answer is
 * refused with their names, the same answer again is an override with its reason. Source: 20-runs, "Commands".
 */
export const createSurvivorGuard = (
  runner: Pick<CommandRunner, 'survivors'>,
): ((intent: Intent, state: SessionState) => Promise<GuardedResolution>) => {
  const warned = new Set<number>();
  return async (intent, state) => {
    if (intent.type !== 'resolve' || intent.as === 'succeeded' || state.attempts[intent.attempt]?.status !== 'unknown')
      return fine;
    const living = await runner.survivors(intent.attempt);
    if (living.length === 0 || intent.evidence.trim() === '') return fine;
    const names = living.map(({ pid, command }) => `${pid} ${command}`).join(', ');
    if (!warned.has(intent.attempt)) {
      warned.add(intent.attempt);
      const message = `processes of attempt ${intent.attempt} still run: ${names}`;
      return {
        ok: false,
        refusal: { message, nextStep: 'Wait for them or stop them; the same again goes on beside them' },
      };
    }
    const frame = state.attempts[intent.attempt]?.frame ?? state.frame;
    const what = `going on while processes of attempt ${intent.attempt} still run: ${names}`;
    return { ok: true, events: [{ type: 'override.given', frame, data: { what, reason: intent.evidence } }] };
  };
};

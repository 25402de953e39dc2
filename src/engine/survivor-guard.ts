import type { CommandRunner } from '../ports/commands.ts';
import { type Guard, passed } from './guard.ts';

/**
 * A command that is UNKNOWN is not given up for a new attempt while processes of it live: the first such answer is
 * refused with their names, the same answer again is an override with its reason. Source: 20-runs, "Commands".
 */
export const createSurvivorGuard = (runner: Pick<CommandRunner, 'survivors'>): Guard => {
  const warned = new Set<number>();
  return async (intent, state) => {
    if (intent.type !== 'resolve' || intent.as === 'succeeded' || state.attempts[intent.attempt]?.status !== 'unknown')
      return passed;
    const living = await runner.survivors(intent.attempt);
    if (living.length === 0 || intent.evidence.trim() === '') return passed;
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

import type { RunEvent } from '../session/events.ts';
import type { Decision, Intent, Refusal } from '../session/intents.ts';
import type { SessionState } from '../session/state.ts';
import type { Guard } from './guard.ts';

/** What the guards say together. Their events are facts of the world, whatever becomes of the decision. */
export type Guarded =
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  | { readonly ok: false; readonly events: readonly RunEvent[]; readonly refusal: Refusal };

/** Asks one guard after the other; the first refusal counts. */
export const askGuards = async (
  guards: readonly Guard[],
  intent: Intent,
  session: () => SessionState,
  decision: Extract<Decision, { ok: true }>,
): Promise<Guarded> => {
  const events: RunEvent[] = [];
  for (const guard of guards) {
    const guarded = await guard(intent, session(), decision);
    events.push(...(guarded.events ?? []));
    if (!guarded.ok) return { ok: false, events, refusal: guarded.refusal };
  }
  return { ok: true, events };
};

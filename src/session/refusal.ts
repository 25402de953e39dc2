import type { RunEvent } from './events.ts';
import type { Decision, Effect } from './intents.ts';

export const refuse = (message: string, nextStep: string | null = null): Decision => ({
  ok: false,
  refusal: { message, nextStep },
});

export const accept = (events: readonly RunEvent[], effects: readonly Effect[] = []): Decision => ({
  ok: true,
  events,
  effects,
});

import type { Recorded, RunEvent } from './events.ts';
import { reduce } from './reduce.ts';
import type { SessionState } from './state.ts';

/** The state once the events are recorded, as far as rules need it. */
export const project = (state: SessionState, events: readonly RunEvent[], now: number): SessionState =>
  events.reduce((current, event) => {
    const recorded: Recorded = {
      ...event,
      seq: current.seq + 1,
      at: now,
      mono: 0,
      boot: '',
      session: '',
      actor: current.operator,
      h: current.head,
    };
    return reduce(current, recorded);
  }, state);

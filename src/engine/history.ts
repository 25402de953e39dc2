import type { Recorded } from '../session/events.ts';

/** About three days of one soak; a longer run is read from its journal when its record is due. */
const mostKept = 20_000;

/** The events of a run, for its record: kept as long as they are few. */
export interface History {
  add(recorded: readonly Recorded[]): void;
  all(): readonly Recorded[];
}

/** `reread`: all events from where they are durable; null = they can only be kept. */
export const createHistory = (
  events: readonly Recorded[],
  reread: (() => readonly Recorded[]) | null,
  most: number = mostKept,
): History => {
  let kept: Recorded[] | null = [];
  const add = (recorded: readonly Recorded[]): void => {
    if (kept === null) return;
    if (reread !== null && kept.length + recorded.length > most) kept = null;
    else for (const event of recorded) kept.push(event);
  };
  add(events);
  return { add, all: () => kept ?? reread?.() ?? [] };
};

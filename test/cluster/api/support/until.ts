import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition, at most 10 s. */
export const until = async (what: string, holds: () => boolean): Promise<void> => {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within 10 s: ${what}`);
    await pause(2);
  }
};

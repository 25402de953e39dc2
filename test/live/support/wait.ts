import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until the answer is neither `undefined`, `null`, `false` nor an error, and returns it.
 * @param what what is waited for, for the message of the error
 * @param ask may throw: that counts as "not yet", and its message ends up in the error
 */
export const waitFor = async <T>(
  what: string,
  ask: () => T | Promise<T>,
  { seconds = 30, everyMs = 100 }: { seconds?: number; everyMs?: number } = {},
): Promise<NonNullable<T>> => {
  const end = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<T>;
      last = answer;
    } catch (error) {
      last = error;
    }
    await pause(everyMs);
  }
  const why = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`waited ${seconds} s in vain for ${what}; last: ${why}`);
};

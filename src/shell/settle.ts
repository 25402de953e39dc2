import { setTimeout as delay } from 'node:timers/promises';
import type { Survivor } from '../ports/commands.ts';
import type { PipeReader } from './pipe-reader.ts';
import { processesWithMarker } from './processes.ts';

/** A pipe that gave nothing for this long after the command's end holds nothing of it any more. */
const quietMs = 60;
/** `> >(tee log)` ends a little later than its shell; what lives longer than this is named as a survivor. */
const graceMs = 500;
/** A pipe that never falls silent is held by something that is not ours to see. */
const longestMs = 3_000;

/**
 * Waits after the end of the command's own process until all it wrote has been read, and tells who lives on.
 * Not until the pipes close: a daemon may hold them for ever.
 */
export const settle = async (readers: readonly PipeReader[], marker: string): Promise<readonly Survivor[]> => {
  const begun = performance.now();
  for (;;) {
    const now = performance.now();
    const open = readers.filter((reader) => !reader.closed);
    const quiet = open.every((reader) => now - Math.max(reader.lastRead, begun) >= quietMs);
    const survivors = processesWithMarker(marker);
    if (survivors.length === 0 && (quiet || now - begun > longestMs)) return survivors;
    if (survivors.length > 0 && now - begun > graceMs) return survivors;
    await Promise.race([delay(15), ...(survivors.length === 0 ? [Promise.all(open.map((r) => r.whenClosed))] : [])]);
  }
};

/** Longest wait for the environment of a shell that ended well: it was written before the end and only has to be read. */
const environmentMs = 200;

/** Polls until `read` gives something. */
export const soon = async <T>(read: () => T | null): Promise<T | null> => {
  const until = performance.now() + environmentMs;
  for (;;) {
    const value = read();
    if (value !== null || performance.now() > until) return value;
    await delay(5);
  }
};

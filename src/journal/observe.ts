import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Recorded } from '../session/events.ts';
import { ExpectedError } from '../text/errors.ts';
import { checkLines } from './check-lines.ts';
import { continuationsOf, fallbackRoots } from './fallback.ts';
import { zeroHash } from './line.ts';
import { damagedError, newerError } from './recover.ts';
import { runFiles } from './runs-directory.ts';
import { resolveData } from './stored-data.ts';

export interface ObserveOptions {
  readonly signal: AbortSignal;
  readonly pollMs?: number;
  readonly roots?: readonly string[];
}

interface Place {
  readonly path: string;
  readonly offset: number;
  readonly head: string;
  readonly next: number;
}

/**
 * Follows a run that another process writes: yields its entries from the first one, then each as it is appended, until
 * `signal` aborts. Checks the chain, never writes, needs no lock. Throws `ExpectedError` E702 or E703.
 */
export async function* observeJournal(dir: string, options: ObserveOptions): AsyncGenerator<Recorded> {
  const { signal, pollMs = 200, roots = fallbackRoots() } = options;
  let place: Place = { path: join(dir, runFiles.journal), offset: 0, head: zeroHash, next: 0 };
  while (!signal.aborted) {
    const { events, now } = await readOn(place);
    place = now;
    yield* events;
    if (events.length > 0) continue;
    place = continuedFrom(basename(dir), place, roots) ?? place;
    await wait(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Entries appended since; an unfinished line waits for its end. */
const readOn = async (place: Place): Promise<{ readonly events: readonly Recorded[]; readonly now: Place }> => {
  const handle = await open(place.path, 'r');
  try {
    const { size } = await handle.stat();
    if (size < place.offset) {
      throw new ExpectedError('the journal became shorter while it was observed', {
        place: place.path,
        nextStep: 'Observe it again',
      });
    }
    const bytes = await readFrom(handle, place.offset, size - place.offset);
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    const checked = checkLines(whole, {
      head: place.head,
      seq: place.next,
      resolve: (data) => resolveData(dirname(place.path), data),
    });
    if (checked.end.kind === 'damaged') throw damagedError(place.path, checked.end);
    if (checked.end.kind === 'newer') throw newerError(place.path, checked.end);
    const offset = place.offset + checked.goodBytes;
    return { events: checked.events, now: { path: place.path, offset, head: checked.head, next: checked.next } };
  } finally {
    await handle.close();
  }
};

const readFrom = async (handle: FileHandle, from: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, from);
  return bytes.subarray(0, bytesRead);
};

const continuedFrom = (run: string, place: Place, roots: readonly string[]): Place | null => {
  const next = continuationsOf(run, roots).find((one) => one.head === place.head && one.seq === place.next);
  return next === undefined || next.path === place.path ? null : { ...place, path: next.path, offset: 0 };
};

import { existsSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Journal } from '../ports/journal.ts';
import type { Recorded } from '../session/events.ts';
import { ExpectedError } from '../text/errors.ts';
import { checkParents, checkPrivateFile, checkPrivateFolder } from './access.ts';
import { asExpected } from './disk-errors.ts';
import { writeDurably } from './durable-file.ts';
import { fallbackRoots } from './fallback.ts';
import { type Holder, lockedError, readHolder } from './holder.ts';
import { zeroHash } from './line.ts';
import { acquireLock, type RunLock } from './lock.ts';
import { systemClock } from './machine.ts';
import { damagedError, newerError, type ReadJournal, readJournal, tornPath } from './recover.ts';
import { holdJournal, type JournalOptions } from './run-journal.ts';
import { createRunFolder, prepareRunsDirectory, runFiles, runsDirectory } from './runs-directory.ts';
import { uuidv7 } from './uuid.ts';

export { fallbackRoots } from './fallback.ts';
export type { Holder } from './holder.ts';
export { listRuns, newestUnfinished, type RunSummary, resolveRun } from './list-runs.ts';
export { observeJournal } from './observe.ts';
export { readRunbookFile } from './read-file.ts';
export type { JournalOptions } from './run-journal.ts';
export { runbookStore } from './runbook-store.ts';
export { runsDirectory } from './runs-directory.ts';
export { askTakeOver } from './take-over.ts';
export { uuidv7 } from './uuid.ts';
export { type Verified, verifyJournal } from './verify.ts';

/** Something the operator is told after opening, with its code in the list of bad inputs. */
export interface Notice {
  readonly code: 'I701' | 'W709';
  readonly message: string;
}

export type Opened =
  | {
      readonly kind: 'open';
      readonly journal: Journal;
      readonly events: readonly Recorded[];
      readonly notices: readonly Notice[];
    }
  /** `error` is E705 in words. */
  | { readonly kind: 'locked'; readonly holder: Holder | null; readonly error: ExpectedError }
  /** `error` is E702; `events` are those before the damage, to be read and exported only. */
  | {
      readonly kind: 'damaged';
      readonly entry: number;
      readonly events: readonly Recorded[];
      readonly error: ExpectedError;
    };

export interface CreateOptions extends JournalOptions {
  readonly runsDir?: string;
  /** UUID of the run; a new one when it is left out. */
  readonly run?: string;
}

/**
 * Creates the folder of a new run, locked by this process, with an empty journal.
 * Throws `ExpectedError` E704 (the folder is not private) or E707 (no room to keep a record).
 */
export const createJournal = async (options: CreateOptions): Promise<Journal> => {
  const run = options.run ?? uuidv7((options.clock ?? systemClock()).now());
  const runsDir = options.runsDir ?? runsDirectory();
  let dir: string | null = null;
  let lock: RunLock | null = null;
  try {
    prepareRunsDirectory(runsDir);
    dir = await createRunFolder(runsDir, run);
    lock = acquireLock(dir);
    if (lock === null) throw lockedError(dir, readHolder(dir), Date.now());
    const position = { head: zeroHash, next: 0, bytes: 0 };
    return await holdJournal({ dir, run, lock, segmentDir: dir, position, create: true }, withRoots(options));
  } catch (error) {
    lock?.release();
    if (dir !== null) rmSync(dir, { recursive: true, force: true });
    throw asExpected(error, runsDir);
  }
};

/**
 * Opens a run for going on: lock, read, check. A torn tail is set aside and cut off (I701).
 * Throws `ExpectedError` E703 (written by a newer gonogo), E704 (not private), E707 (no room).
 */
export const openJournal = async (dir: string, options: JournalOptions): Promise<Opened> => {
  checkRun(dir);
  const clock = options.clock ?? systemClock();
  const lock = acquireLock(dir);
  if (lock === null) {
    const holder = readHolder(dir);
    return { kind: 'locked', holder, error: lockedError(dir, holder, clock.now()) };
  }
  let kept = false;
  try {
    const read = readJournal(dir, withRoots(options).roots);
    if (read.end.kind === 'newer') throw newerError(read.path, read.end);
    if (read.end.kind === 'damaged') {
      return { kind: 'damaged', entry: read.end.entry, events: read.events, error: damagedError(read.path, read.end) };
    }
    const opened = await goOn(dir, lock, read, { ...withRoots(options), clock });
    kept = true;
    return opened;
  } catch (error) {
    throw asExpected(error, dir);
  } finally {
    if (!kept) lock.release();
  }
};

export interface RunContents {
  readonly events: readonly Recorded[];
  /** Hash of the last good line. */
  readonly head: string;
  /** E702 when the chain breaks after `events`, else null. */
  readonly damage: ExpectedError | null;
}

/** Reads a run without its lock and without changing anything, also while another process writes it. Throws E703, E704. */
export const readRun = (dir: string, roots: readonly string[] = fallbackRoots()): RunContents => {
  checkRun(dir);
  const { events, head, end, path } = readJournal(dir, roots);
  if (end.kind === 'newer') throw newerError(path, end);
  return { events, head, damage: end.kind === 'damaged' ? damagedError(path, end) : null };
};

/** Everything that happened in a run, or nothing: as `readRun`, and throws E702 where the chain breaks. */
export const eventsOf = (dir: string, roots: readonly string[] = fallbackRoots()): readonly Recorded[] => {
  const { events, damage } = readRun(dir, roots);
  if (damage !== null) throw damage;
  return events;
};

const withRoots = <T extends JournalOptions>(options: T): T & { readonly roots: readonly string[] } => ({
  ...options,
  roots: options.roots ?? fallbackRoots(),
});

const checkRun = (dir: string): void => {
  if (!existsSync(join(dir, runFiles.journal))) {
    throw new ExpectedError('there is no run here', { place: dir, nextStep: 'List your runs: gonogo runs' });
  }
  checkPrivateFolder(dir);
  checkPrivateFile(join(dir, runFiles.journal));
  checkParents(dir, homedir());
};

const goOn = async (
  dir: string,
  lock: RunLock,
  read: ReadJournal,
  options: JournalOptions & { readonly clock: { now(): number } },
): Promise<Opened & { kind: 'open' }> => {
  const notices: Notice[] = [];
  const moved = clockNotice(read.events.at(-1)?.at, options.clock.now());
  if (moved !== null) notices.push(moved);
  const torn = read.end.kind === 'torn' ? await setAside(read, read.end) : null;
  const journal = await holdJournal(
    {
      dir,
      run: basename(dir),
      lock,
      segmentDir: dirname(read.path),
      position: { head: read.head, next: read.next, bytes: read.goodBytes },
      create: false,
    },
    options,
  );
  if (torn === null) return { kind: 'open', journal, events: read.events, notices };
  notices.unshift({
    code: 'I701',
    message: `recovered: ${torn.bytes} bytes of an unfinished entry set aside in ${torn.file}`,
  });
  try {
    const event = await journal.append({ type: 'journal.recovered', frame: 0, data: torn });
    return { kind: 'open', journal, events: [...read.events, event], notices };
  } catch (error) {
    await journal.close();
    throw error;
  }
};

/** Copies the torn tail to a file of its own, then cuts it off. */
const setAside = async (
  read: ReadJournal,
  { from, bytes }: { readonly from: number; readonly bytes: number },
): Promise<{ readonly bytes: number; readonly file: string }> => {
  const path = tornPath(read);
  const handle = await open(read.path, 'r+');
  try {
    const tail = Buffer.alloc(bytes);
    await handle.read(tail, 0, bytes, from);
    await writeDurably(path, tail);
    await handle.truncate(from);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, file: basename(path) };
};

const clockToleranceMs = 5000;

/** W709 when the clock stands before the last recorded moment. */
const clockNotice = (last: number | undefined, now: number): Notice | null => {
  const back = last === undefined ? 0 : last - now;
  if (back <= clockToleranceMs) return null;
  const seconds = Math.round(back / 1000);
  const amount =
    seconds >= 3600
      ? `${Math.round(seconds / 3600)} h`
      : seconds >= 60
        ? `${Math.round(seconds / 60)} min`
        : `${seconds} s`;
  return { code: 'W709', message: `clock moved −${amount}; order kept by sequence` };
};

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Recorded } from '../session/events.ts';
import { ExpectedError } from '../text/errors.ts';
import { type CheckedLines, checkLines, type JournalEnd } from './check-lines.ts';
import { type Continuation, continuationsOf } from './fallback.ts';
import { zeroHash } from './line.ts';
import { runFiles } from './runs-directory.ts';
import { resolveData } from './stored-data.ts';

/** A run's journal as read, from its own folder and from those where it went on. */
export interface ReadJournal {
  readonly events: readonly Recorded[];
  readonly head: string;
  readonly next: number;
  /** The file that the next line belongs into, and the length of its good part. */
  readonly path: string;
  readonly goodBytes: number;
  /** How that file ends. Line numbers are those of that file. */
  readonly end: JournalEnd;
}

/** Reads without the lock and without changing anything. `roots`: the fallback folders. */
export const readJournal = (dir: string, roots: readonly string[]): ReadJournal => {
  const path = join(dir, runFiles.journal);
  const own = checkLines(readFileSync(path), {
    head: zeroHash,
    seq: 0,
    resolve: (data) => resolveData(dir, data),
  });
  let journal: ReadJournal = { ...own, path };
  const waiting = [...continuationsOf(basename(dir), roots)];
  for (;;) {
    const at = waiting.findIndex((one) => continues(journal, one));
    if (at === -1) return journal;
    const [next] = waiting.splice(at, 1) as [Continuation];
    journal = joined(journal, next);
  }
};

/** Whether `next` goes on from an entry of `journal`; entries after it were never acknowledged. */
const continues = (journal: ReadJournal, next: Continuation): boolean => {
  const last = next.seq - 1;
  return last === -1 ? next.head === zeroHash : journal.events[last]?.h === next.head;
};

const joined = (journal: ReadJournal, next: Continuation): ReadJournal => {
  const kept = journal.events.slice(0, next.seq);
  const rest: CheckedLines = checkLines(next.bytes, {
    head: next.head,
    seq: next.seq,
    resolve: (data) => resolveData(next.dir, data),
  });
  return { ...rest, events: [...kept, ...rest.events], path: next.path };
};

/** Where an interrupted write is kept: beside the journal, named by the entry that was not finished. */
export const tornPath = (journal: ReadJournal): string =>
  freeName(join(dirname(journal.path), `journal.torn-${journal.next}`));

const freeName = (stem: string): string => {
  let path = `${stem}.bin`;
  for (let n = 2; existsSync(path); n++) path = `${stem}-${n}.bin`;
  return path;
};

/** E703: this program cannot know what the entries of a later one mean. */
export const newerError = (path: string, end: JournalEnd & { kind: 'newer' }): ExpectedError =>
  new ExpectedError(`written by a newer gonogo (schema ${end.version})`, {
    code: 'E703',
    place: `${path}:${end.line}`,
    nextStep: 'Open it with that version or a later one',
  });

/** E702: the entries before the bad one can be read and exported, nothing is repaired. */
export const damagedError = (path: string, end: JournalEnd & { kind: 'damaged' }): ExpectedError =>
  new ExpectedError(`record damaged at entry ${end.entry} (${end.because}); opened read-only`, {
    code: 'E702',
    place: `${path}:${end.line}`,
    nextStep: `Export what is before it: gonogo export ${basename(dirname(path))}`,
    exit: 4,
  });

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../text/errors.ts';
import { fallbackRoots } from './fallback.ts';
import { readJournal } from './recover.ts';
import { runFiles } from './runs-directory.ts';

/** What the chain of a run's journal proves. */
export interface Verified {
  /** Hash of the last good line, 64 hex characters. */
  readonly head: string;
  /** Good entries. */
  readonly count: number;
  /** UTC ms of the first and the last good entry; null when there is none. */
  readonly since: number | null;
  readonly until: number | null;
  /** First line that breaks the chain; `line` counts from 1 in `path`. Null when all are good. */
  readonly firstBad: {
    readonly path: string;
    readonly line: number;
    readonly entry: number;
    readonly because: string;
  } | null;
  /** Bytes of an unfinished entry at the very end, which prove nothing either way. */
  readonly tornBytes: number;
}

/** Recomputes the chain of a run's journal, wherever it went on. Changes nothing and needs no lock. */
export const verifyJournal = (dir: string, roots: readonly string[] = fallbackRoots()): Verified => {
  if (!existsSync(join(dir, runFiles.journal))) {
    throw new ExpectedError('there is no run here', { place: dir, nextStep: 'List your runs: gonogo runs' });
  }
  const { events, head, next, end, path } = readJournal(dir, roots);
  const bad =
    end.kind === 'damaged'
      ? { path, line: end.line, entry: end.entry, because: end.because }
      : end.kind === 'newer'
        ? { path, line: end.line, entry: next, because: `written by a newer gonogo (schema ${end.version})` }
        : null;
  return {
    head,
    count: events.length,
    since: events[0]?.at ?? null,
    until: events.at(-1)?.at ?? null,
    firstBad: bad,
    tornBytes: end.kind === 'torn' ? end.bytes : 0,
  };
};

import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameOpened, Outcome, RunStarted } from '../session/events.ts';
import { ExpectedError } from '../text/errors.ts';
import { fallbackRoots } from './fallback.ts';
import { type LineFields, maxLineBytes, peekLine } from './line.ts';
import { runFiles } from './runs-directory.ts';
import { isUuid } from './uuid.ts';

/** One line of `gonogo runs`, read from the ends of the journal only: its chain is not checked here. */
export interface RunSummary {
  readonly id: string;
  readonly dir: string;
  /** Title and path of the first frame's runbook; null when the run ended before it was opened. */
  readonly title: string | null;
  readonly runbook: string | null;
  readonly operator: string | null;
  /** UTC ms. */
  readonly startedAt: number;
  readonly lastAt: number;
  readonly state: 'unfinished' | 'finished';
  readonly outcome: Outcome | null;
}

const headBytes = 2 * maxLineBytes;

/** The newest runs first, at most `limit`. Folders without a readable first entry are left out. */
export const listRuns = (
  runsDir: string,
  limit = 200,
  roots: readonly string[] = fallbackRoots(),
): readonly RunSummary[] => {
  const found: RunSummary[] = [];
  for (const id of runIds(runsDir).reverse()) {
    const run = summary(runsDir, id, roots);
    if (run !== null) found.push(run);
    if (found.length === limit) break;
  }
  return found.sort((a, b) => b.startedAt - a.startedAt);
};

/** What `gonogo resume` opens without an argument; null when everything is finished. A run that ended before its first step cannot go on. */
export const newestUnfinished = (runsDir: string): RunSummary | null =>
  listRuns(runsDir).find((run) => run.state === 'unfinished' && run.runbook !== null) ?? null;

/** The folder of the run whose id starts (or ends) with `text`. Throws `ExpectedError` when none or several do. */
export const resolveRun = (runsDir: string, text: string): string => {
  const wanted = text.toLowerCase();
  const ids = runIds(runsDir).filter((id) => wanted !== '' && (id.startsWith(wanted) || id.endsWith(wanted)));
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return join(runsDir, id);
  const message = id === undefined ? `no run has the id "${text}"` : `${ids.length} runs have an id like "${text}"`;
  const nextStep = id === undefined ? 'List them: gonogo runs' : `Say more of it: ${ids.slice(-5).join(', ')}`;
  throw new ExpectedError(message, { place: runsDir, nextStep });
};

/** Ids in order of creation. */
const runIds = (runsDir: string): string[] => (existsSync(runsDir) ? readdirSync(runsDir).filter(isUuid).sort() : []);

const summary = (runsDir: string, id: string, roots: readonly string[]): RunSummary | null => {
  const dir = join(runsDir, id);
  const ends = endsOf(join(dir, runFiles.journal));
  const first = ends?.first[0];
  if (ends === null || first === undefined) return null;
  const parts = roots.map((root) => endsOf(join(root, id, runFiles.journal)));
  const last = [...ends.last, ...parts.flatMap((part) => part?.last ?? [])];
  const started = first.type === 'run.started' ? (first.data as Partial<RunStarted>) : null;
  const opened = ends.first.find((line) => line.type === 'frame.opened')?.data as Partial<FrameOpened> | undefined;
  const finished = last.findLast((line) => line.type === 'run.finished');
  return {
    id,
    dir,
    title: opened?.runbook?.title ?? null,
    runbook: opened?.runbook?.path ?? null,
    operator: started?.operator ?? null,
    startedAt: first.at,
    lastAt: last.at(-1)?.at ?? first.at,
    state: finished === undefined ? 'unfinished' : 'finished',
    outcome: (finished?.data as { outcome?: Outcome } | undefined)?.outcome ?? null,
  };
};

/** The entries in the first and in the last 128 KiB of a journal; null when it cannot be read. */
const endsOf = (path: string): { readonly first: LineFields[]; readonly last: LineFields[] } | null => {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(fd);
    const from = Math.max(0, size - headBytes);
    const first = entries(part(fd, 0, headBytes), size > headBytes ? 'start' : 'all');
    return { first, last: from === 0 ? first : entries(part(fd, from, headBytes), 'end') };
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
};

const part = (fd: number, from: number, bytes: number): string => {
  const buffer = Buffer.alloc(bytes);
  return buffer.toString('utf8', 0, readSync(fd, buffer, 0, bytes, from));
};

/** Of a piece out of the middle the first line is cut, so it is left out; the last one counts with its newline only. */
const entries = (text: string, piece: 'start' | 'end' | 'all'): LineFields[] => {
  const lines = text.split('\n').slice(piece === 'end' ? 1 : 0, -1);
  return lines.map(peekLine).filter((line) => line !== null);
};

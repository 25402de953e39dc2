import { existsSync, readdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPrivateFile } from './access.ts';
import { asExpected } from './disk-errors.ts';
import { syncFolder } from './runs-directory.ts';

/** What one `gonogo watch` writes down in the folder of a run that it does not have. */
export interface WatchFile {
  /** Resolves once the line is on disk; false when the file is full. Rejects with `ExpectedError` E707 or the system's error. */
  append(line: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface WatchLines {
  readonly session: string;
  /** Whole lines without their newlines, the oldest first. */
  readonly lines: readonly string[];
}

/** Nobody may stay for so long that the next `resume` has more to take over. */
export const watchFileLimits = { lines: 2_000, bytes: 1024 * 1024 } as const;
/** The last ones are for what must not be lost. */
const reserve = 100;

const nameOf = (session: string): string => `watch-${session}.jsonl`;
const namePattern = /^watch-([0-9a-f-]{36})\.jsonl$/;

/** Whether there is room for a line: a line that matters may have what is kept back for such lines. */
export const hasRoom = (lines: number, bytes: number, matters: boolean): boolean => {
  const kept = matters ? 0 : reserve;
  return lines < watchFileLimits.lines - kept && bytes < watchFileLimits.bytes * (1 - kept / watchFileLimits.lines);
};

const openNew = async (dir: string, session: string): Promise<FileHandle> => {
  let handle: FileHandle | null = null;
  try {
    handle = await open(join(dir, nameOf(session)), 'ax', 0o600);
    await syncFolder(dir);
    return handle;
  } catch (error) {
    // Node ends the whole process for a handle that nobody closed.
    await handle?.close().catch(() => undefined);
    throw asExpected(error, dir);
  }
};

/** A new file of this session (0600). `append` is in order; a line that was not written whole is cut off again. */
export const createWatchFile = async (
  dir: string,
  session: string,
  matters: (line: string) => boolean = () => false,
): Promise<WatchFile> => {
  const handle = await openNew(dir, session);
  let [lines, bytes] = [0, 0];
  let queue: Promise<unknown> = Promise.resolve();
  const write = async (line: string): Promise<boolean> => {
    if (!hasRoom(lines, bytes, matters(line))) return false;
    const text = Buffer.from(`${line}\n`, 'utf8');
    try {
      await handle.appendFile(text);
      await handle.datasync();
    } catch (error) {
      await handle.truncate(bytes).catch(() => undefined);
      throw asExpected(error, dir);
    }
    lines += 1;
    bytes += text.length;
    return true;
  };
  return {
    append: (line) => {
      const written = queue.then(() => write(line));
      queue = written.catch(() => undefined);
      return written;
    },
    close: async () => {
      await queue;
      await handle.close();
    },
  };
};

/** What watches have written into the folder of a run. Throws E704 for a file that others could have written. */
export const readWatchFiles = async (dir: string): Promise<readonly WatchLines[]> => {
  if (!existsSync(dir)) return [];
  const out: WatchLines[] = [];
  for (const name of readdirSync(dir).sort()) {
    const session = namePattern.exec(name)?.[1];
    if (session === undefined) continue;
    const path = join(dir, name);
    checkPrivateFile(path);
    out.push({ session, lines: await wholeLines(path) });
  }
  return out;
};

/** A line without its newline is still being written, or never was; more than a file may hold is left out. */
const wholeLines = async (path: string): Promise<readonly string[]> => {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(watchFileLimits.bytes + 64 * 1024);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n').slice(0, -1);
    return lines.slice(0, watchFileLimits.lines).map((line) => line.slice(0, longestLine));
  } finally {
    await handle.close();
  }
};

/** Ours are shorter; whatever stands there, it has to fit into a journal line. */
const longestLine = 8_000;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { replaceFile } from './durable-file.ts';
import { bootId, processIdentity, terminalName } from './machine.ts';
import { runFiles } from './runs-directory.ts';

/** Who has a run open. Kept in `holder.json`, since a locked database cannot be read. */
export interface Holder {
  readonly pid: number;
  /** With `boot`, tells the process from a later one of the same number. */
  readonly startTime: string;
  readonly boot: string;
  /** `pts/3`; null when it has no terminal. */
  readonly terminal: string | null;
  /** UTC ms of the last key press, or of the opening. */
  readonly lastKey: number;
}

export const ownHolder = (now: number): Holder => ({
  pid: process.pid,
  startTime: processIdentity(process.pid)?.startTime ?? '',
  boot: bootId(),
  terminal: terminalName(),
  lastKey: now,
});

export const writeHolder = (dir: string, holder: Holder): Promise<void> =>
  replaceFile(join(dir, runFiles.holder), JSON.stringify(holder));

/** Null when nobody left a note or it cannot be understood. */
export const readHolder = (dir: string): Holder | null => readIdentity(join(dir, runFiles.holder));

/** Reads a note of the shape of `Holder`. */
export const readIdentity = (path: string): Holder | null => {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    const whole =
      Number.isSafeInteger(value.pid) &&
      typeof value.startTime === 'string' &&
      typeof value.boot === 'string' &&
      typeof value.lastKey === 'number' &&
      (value.terminal === null || typeof value.terminal === 'string');
    return whole ? (value as Holder) : null;
  } catch {
    return null;
  }
};

/** Whether the process of a note is still the one that wrote it. */
export const isAlive = (holder: Holder): boolean =>
  holder.boot === bootId() && processIdentity(holder.pid)?.startTime === holder.startTime;

const idleFor = (ms: number): string => {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return `${Math.floor(Math.max(0, ms) / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
};

/** E705, in the words of the list of bad inputs. */
export const lockedError = (dir: string, holder: Holder | null, now: number): ExpectedError => {
  const who = holder === null ? 'another gonogo' : `pid ${holder.pid}`;
  const where = holder === null || holder.terminal === null ? '' : ` on ${holder.terminal}`;
  const idle = holder === null ? '' : `, no key for ${idleFor(now - holder.lastKey)}`;
  return new ExpectedError(`run is open in ${who}${where}${idle} – [t]ake over here  [o]bserve`, {
    code: 'E705',
    place: dir,
    nextStep: 'Take it over or observe it from a terminal: gonogo resume',
    exit: exitCodes.resumable,
  });
};

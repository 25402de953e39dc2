import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { replaceFile } from './durable-file.ts';
import { type Holder, isAlive, ownHolder, readHolder, readIdentity } from './holder.ts';
import { acquireLock } from './lock.ts';
import { ownUid, processIdentity } from './machine.ts';
import { runFiles } from './runs-directory.ts';

export interface TakeOverTimes {
  /** How long the holder may take to let go before it is terminated. */
  readonly answerMs: number;
  /** From TERM to KILL, and again from KILL to giving up. */
  readonly termMs: number;
  readonly pollMs: number;
}

const usualTimes: TakeOverTimes = { answerMs: 5000, termMs: 2000, pollMs: 50 };

/**
 * Asks the process that has a run open to leave it, by creating `takeover.json`. Its answer is that it writes `run.left`
 * and lets go of the lock. Without that it is terminated after 5 s, if it verifiably is the process that noted itself
 * and belongs to this user. Runner and command are other processes and go on.
 * Resolves when the lock is free; the caller opens the run then, which may find that somebody else was faster.
 */
export const askTakeOver = async (dir: string, times: Partial<TakeOverTimes> = {}): Promise<'left' | 'terminated'> => {
  const { answerMs, termMs, pollMs } = { ...usualTimes, ...times };
  const request = join(dir, runFiles.takeOver);
  const free = (ms: number): Promise<boolean> => lockIsFreeWithin(dir, ms, pollMs);
  // On a full disk the request cannot be written; then the holder is not asked, only ended. Nothing acknowledged is lost.
  await replaceFile(request, JSON.stringify(ownHolder(Date.now()))).catch(() => undefined);
  try {
    if (await free(answerMs)) return 'left';
    const holder = readHolder(dir);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (holder === null || !mayEnd(holder)) break;
      process.kill(holder.pid, signal);
      if (await free(termMs)) return 'terminated';
    }
    if (await free(0)) return 'left';
    throw new ExpectedError('the run cannot be taken over: who has it open is not known or not yours to end', {
      code: 'E705',
      place: dir,
      nextStep: 'Leave it where it is open, with q',
      exit: exitCodes.resumable,
    });
  } finally {
    await rm(request, { force: true });
  }
};

const mayEnd = (holder: Holder): boolean => {
  const uid = ownUid();
  return holder.pid !== process.pid && isAlive(holder) && (uid === null || processIdentity(holder.pid)?.uid === uid);
};

const lockIsFreeWithin = async (dir: string, ms: number, pollMs: number): Promise<boolean> => {
  const until = performance.now() + ms;
  for (;;) {
    const lock = acquireLock(dir);
    if (lock !== null) {
      lock.release();
      return true;
    }
    if (performance.now() >= until) return false;
    await wait(pollMs);
  }
};

export interface Asker {
  readonly pid: number;
  readonly terminal: string | null;
}

/** Who of the same user asks for this run and still lives; null when nobody does. */
export const readRequest = async (dir: string): Promise<Asker | null> => {
  const path = join(dir, runFiles.takeOver);
  const stats = await lstat(path).catch(() => null);
  const uid = ownUid();
  if (stats === null || !stats.isFile() || (uid !== null && stats.uid !== uid)) return null;
  const asker = readIdentity(path);
  return asker !== null && isAlive(asker) ? { pid: asker.pid, terminal: asker.terminal } : null;
};

export interface TakeOverWatch {
  readonly asked: Promise<Asker>;
  stop(): void;
}

/** Looks for a request a few times a second; keeps no process alive. */
export const watchTakeOver = (dir: string, pollMs = 250): TakeOverWatch => {
  const { promise, resolve } = Promise.withResolvers<Asker>();
  const timer = setInterval(async () => {
    const asker = await readRequest(dir);
    if (asker === null) return;
    clearInterval(timer);
    resolve(asker);
  }, pollMs);
  timer.unref();
  return { asked: promise, stop: () => clearInterval(timer) };
};

import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ExpectedError } from '../text/errors.ts';
import { checkPrivateFile } from './access.ts';
import { runFiles } from './runs-directory.ts';

/** The right to write a run's journal. */
export interface RunLock {
  release(): void;
}

const busy = 5;

/**
 * Takes the run's lock, or returns null when another process (or this one) has it. It is a kernel lock held by an
 * exclusive transaction, so that it ends with its process, however that dies.
 */
export const acquireLock = (dir: string): RunLock | null => {
  const path = join(dir, runFiles.lock);
  // Opening and closing a file that SQLite of this process has locked would drop the lock: create it once, then only look.
  if (!existsSync(path)) createEmpty(path);
  checkPrivateFile(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === busy) return null;
    throw new ExpectedError('the run cannot be locked', {
      place: path,
      nextStep: 'Check that the folder is on a local disk and can be written',
      cause: error,
    });
  }
  let held = true;
  return {
    release: () => {
      if (held) database.close();
      held = false;
    },
  };
};

const createEmpty = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
};

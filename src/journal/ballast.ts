import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';
import { runFiles, syncFolder } from './runs-directory.ts';

const ballastBytes = 256 * 1024;

/** Space kept in the run's folder so that outcomes can be recorded on a full disk. */
export interface Ballast {
  /** False when it was released, here or by a runner that had an outcome to save. */
  present(): boolean;
  /** Gives the space back to the file system. */
  release(): Promise<void>;
  /** Reserves it (again); rejects when the disk has no room. */
  reserve(): Promise<void>;
}

export const ballastOf = (dir: string): Ballast => {
  const path = join(dir, runFiles.ballast);
  return {
    present: () => existsSync(path),
    release: async () => {
      await rm(path, { force: true });
      await syncFolder(dir);
    },
    // Random bytes, because zeros take no room on a compressing file system.
    reserve: () => writeDurably(path, randomBytes(ballastBytes)),
  };
};

import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './runs-directory.ts';

/** Writes a file (0600) so that readers see the old or the new content, never a part, also after a power cut. */
export const writeDurably = async (path: string, bytes: Uint8Array | string): Promise<void> => {
  await replaceFile(path, bytes, true);
  await syncFolder(dirname(path));
};

/** The same without waiting for the disk: for files that only the living need. */
export const replaceFile = async (path: string, bytes: Uint8Array | string, sync = false): Promise<void> => {
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      if (sync) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
};

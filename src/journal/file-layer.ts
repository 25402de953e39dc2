import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** The few calls a journal makes on its file, so that tests can let any of them fail. */
export interface JournalFile {
  /** One system call; resolves to the number of bytes that were taken. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens `path` for writing, creating it (0600) when `create` says so; a symbolic link is never followed. */
export type OpenJournalFile = (path: string, create: boolean) => Promise<JournalFile>;

export const openJournalFile: OpenJournalFile = async (path, create) => {
  const creating = create ? constants.O_CREAT | constants.O_EXCL : 0;
  const handle = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW | creating, 0o600);
  return {
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    datasync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
};

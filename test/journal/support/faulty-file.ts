import { type JournalFile, type OpenJournalFile, openJournalFile } from '../../../src/journal/file-layer.ts';

type Call = 'write' | 'datasync' | 'truncate';

/** What one call does instead of its work. `short` takes half of the bytes; a promise keeps it waiting, then it works. */
export type Fault = 'EIO' | 'ENOSPC' | 'short' | Promise<void>;

export interface FaultyDisk {
  readonly openFile: OpenJournalFile;
  /** Calls so far, of all files. */
  readonly calls: Record<Call, number>;
  /** Asked before every call; `undefined` lets it pass. `nth` counts the calls of that kind from 1. */
  fault: (call: Call, nth: number) => Fault | undefined;
}

const failure = (code: string): Error => Object.assign(new Error(`${code}: injected`), { code });

/** The real files, with errors where the test wants them. */
export const faultyDisk = (): FaultyDisk => {
  const disk: FaultyDisk = {
    calls: { write: 0, datasync: 0, truncate: 0 },
    fault: () => undefined,
    openFile: async (path, create) => faulty(disk, await openJournalFile(path, create)),
  };
  return disk;
};

const faulty = (disk: FaultyDisk, real: JournalFile): JournalFile => {
  const meet = async (call: Call): Promise<'short' | undefined> => {
    disk.calls[call] += 1;
    const fault = disk.fault(call, disk.calls[call]);
    if (fault === 'EIO' || fault === 'ENOSPC') throw failure(fault);
    if (fault instanceof Promise) await fault;
    return fault === 'short' ? fault : undefined;
  };
  return {
    write: async (bytes, position) => {
      const part = (await meet('write')) === 'short' ? bytes.subarray(0, bytes.length / 2) : bytes;
      return real.write(part, position);
    },
    datasync: async () => {
      await meet('datasync');
      await real.datasync();
    },
    truncate: async (length) => {
      await meet('truncate');
      await real.truncate(length);
    },
    close: () => real.close(),
  };
};

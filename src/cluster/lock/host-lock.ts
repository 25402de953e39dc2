import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { KeptEntry, LockEntry, LockStore, StoreFault } from './lock-store.ts';

/** What tells a process of this machine from a later one with the same number. */
export interface HolderProcess {
  readonly pid: number;
  readonly startTime: string;
  readonly boot: string;
}

export interface HostLockParts {
  /** Folder of the lock files, created when it is missing (0700). */
  readonly dir: string;
  readonly scope: string;
  readonly process: HolderProcess;
  readonly isAlive: (holder: HolderProcess) => boolean;
}

interface Row {
  readonly version: number;
  readonly entry: string;
  readonly process: string;
}

const busyMs = 2_000;

const table =
  'CREATE TABLE IF NOT EXISTS lock (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, entry TEXT NOT NULL, process TEXT NOT NULL) STRICT';

/** Opens the file for one piece of work. Throws what the file system or SQLite says. */
const within = <T>(dir: string, path: string, work: (database: DatabaseSync) => T): T => {
  if (!existsSync(dir)) mkdirSync(dir, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path, { timeout: busyMs });
  try {
    chmodSync(path, 0o600);
    database.exec(table);
    return work(database);
  } finally {
    database.close();
  }
};

const rowIn = (database: DatabaseSync): Row | undefined =>
  database.prepare('SELECT version, entry, process FROM lock').get() as Row | undefined;

/** Whether it was written: `before` is the version that must still stand there, null = none. */
const put = (database: DatabaseSync, { version, entry, process }: Row, before: number | null): boolean => {
  const { changes } =
    before === null
      ? database
          .prepare('INSERT OR IGNORE INTO lock (id, version, entry, process) VALUES (1, ?, ?, ?)')
          .run(version, entry, process)
      : database
          .prepare('UPDATE lock SET version = ?, entry = ?, process = ? WHERE version = ?')
          .run(version, entry, process, before);
  return Number(changes) === 1;
};

/**
 * The lock of runs without a cluster: one file per scope below the user's state folder. SQLite makes its writes
 * compare-and-set between processes, and leaves nothing half-written when one dies. Whether a holder lives is known
 * from its process, so nobody has to be watched.
 */
export const hostLockStore = ({ dir, scope, process: own, isAlive }: HostLockParts): LockStore => {
  const path = join(dir, `${scope}.db`);
  const fault = (error: unknown): StoreFault => ({
    kind: 'unreachable',
    because: `the lock file ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
  });
  let last: { readonly version: string; readonly process: HolderProcess } | null = null;
  const kept = (row: Row): KeptEntry => {
    const version = String(row.version);
    last = { version, process: JSON.parse(row.process) as HolderProcess };
    return { entry: JSON.parse(row.entry) as LockEntry, version };
  };
  return {
    where: 'host',
    read: async () => {
      try {
        const row = within(dir, path, rowIn);
        return row === undefined ? { kind: 'none' } : { kind: 'entry', ...kept(row) };
      } catch (error) {
        return fault(error);
      }
    },
    write: async (entry, version) => {
      const before = version === null ? null : Number(version);
      const next: Row = {
        version: (before ?? 0) + 1,
        entry: JSON.stringify(entry),
        process: JSON.stringify(own),
      };
      try {
        const written = within(dir, path, (database) => put(database, next, before));
        return written ? { kind: 'written', ...kept(next) } : { kind: 'conflict' };
      } catch (error) {
        return fault(error);
      }
    },
    lives: ({ version }) => (last === null || last.version !== version ? null : isAlive(last.process)),
  };
};

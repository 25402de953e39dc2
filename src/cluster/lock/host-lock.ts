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

/**
 * The lock of runs without a cluster: one file per scope below the user's state folder. SQLite makes its writes
 * compare-and-set between processes, and leaves nothing half-written when one dies. Whether a holder lives is known
 * from its process, so nobody has to be watched.
 */
export const hostLockStore = ({ dir, scope, process: own, isAlive }: HostLockParts): LockStore => {
  const path = join(dir, `${scope}.db`);
  const within = <T>(work: (database: DatabaseSync) => T): T => {
    if (!existsSync(dir)) mkdirSync(dir, { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(path, { timeout: busyMs });
    try {
      chmodSync(path, 0o600);
      database.exec(
        'CREATE TABLE IF NOT EXISTS lock (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, entry TEXT NOT NULL, process TEXT NOT NULL) STRICT',
      );
      return work(database);
    } finally {
      database.close();
    }
  };
  const fault = (error: unknown): StoreFault => ({
    kind: 'unreachable',
    because: `the lock file ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
  });
  const rowIn = (database: DatabaseSync): Row | undefined =>
    database.prepare('SELECT version, entry, process FROM lock').get() as Row | undefined;
  const holders = new Map<string, HolderProcess>();
  const kept = (row: Row): KeptEntry => {
    const version = String(row.version);
    holders.clear();
    holders.set(version, JSON.parse(row.process) as HolderProcess);
    return { entry: JSON.parse(row.entry) as LockEntry, version };
  };
  return {
    where: 'host',
    read: async () => {
      try {
        const row = within(rowIn);
        return row === undefined ? { kind: 'none' } : { kind: 'entry', ...kept(row) };
      } catch (error) {
        return fault(error);
      }
    },
    write: async (entry, version) => {
      const next: Row = {
        version: version === null ? 1 : Number(version) + 1,
        entry: JSON.stringify(entry),
        process: JSON.stringify(own),
      };
      try {
        const changes = within((database) =>
          version === null
            ? database
                .prepare('INSERT OR IGNORE INTO lock (id, version, entry, process) VALUES (1, ?, ?, ?)')
                .run(next.version, next.entry, next.process).changes
            : database
                .prepare('UPDATE lock SET version = ?, entry = ?, process = ? WHERE version = ?')
                .run(next.version, next.entry, next.process, Number(version)).changes,
        );
        return Number(changes) === 1 ? { kind: 'written', ...kept(next) } : { kind: 'conflict' };
      } catch (error) {
        return fault(error);
      }
    },
    lives: ({ version }) => {
      const holder = holders.get(version);
      return holder === undefined ? null : isAlive(holder);
    },
  };
};

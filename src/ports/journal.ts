import type { Recorded, RunEvent } from '../session/events.ts';

export type WriteHealth =
  | { readonly kind: 'ok' }
  /** A write takes longer than 150 ms. */
  | { readonly kind: 'saving'; readonly since: number }
  /** E707: outcomes are still recorded from the ballast, new commands are refused. */
  | { readonly kind: 'full' }
  /** E706: fsync failed once; nothing is retried in this folder. */
  | { readonly kind: 'poisoned'; readonly reason: string }
  /** The journal goes on in another directory. */
  | { readonly kind: 'moved'; readonly dir: string };

/** The append-only account of one run. Source: 20-runs, "Run directory". */
export interface Journal {
  /** The run's folder. It stays the same when the journal itself goes on elsewhere (see `health`). */
  readonly dir: string;
  readonly run: string;
  /** Hash of the last durable line; 64 zeros when empty. */
  readonly head: string;
  /** Sequence number of the next line. */
  readonly next: number;
  readonly health: WriteHealth;
  /** Resolves once the line is on disk; order of calls is order of lines. Rejects with `ExpectedError` E706, E707. */
  append(event: RunEvent): Promise<Recorded>;
  onHealth(listener: (health: WriteHealth) => void): () => void;
  /** Goes on in the first writable of the fallback folders; the new first event names the last hash. Null = none is writable. */
  moveToFallback(): Promise<{ readonly dir: string; readonly event: Recorded } | null>;
  /** Called on a key press, so that another terminal can say for how long nobody typed. Writes at most once a second. */
  noteKey(): void;
  /** Resolves when another gonogo of the same user asks to take this run over. */
  readonly takeOverAsked: Promise<{ readonly pid: number; readonly terminal: string | null }>;
  /** Releases the lock. Appending afterwards rejects. */
  close(): Promise<void>;
}

/** The runbooks of one run as exact bytes, by SHA-256: commands are taken from these snapshots only. */
export interface RunbookStore {
  /** Durable when it resolves, to the hash. */
  store(bytes: Uint8Array): Promise<string>;
  /** Rejects with `ExpectedError` E708 when the bytes no longer have that hash. */
  read(sha256: string): Promise<Uint8Array>;
}

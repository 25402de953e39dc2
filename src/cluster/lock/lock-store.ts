/** What stands in a lock, wherever it is kept. */
export interface LockEntry {
  /** `user@host/run-id`; null = free. */
  readonly holder: string | null;
  /** Raised whenever the lock changes hands, and when a run takes it up again. */
  readonly epoch: number;
  /** Not seen renewed for as long, a lock is stale. */
  readonly durationMs: number;
  /** UTC ms by the holder's clock: for display, never compared with ours. */
  readonly renewedAt: number | null;
  readonly since: number | null;
  /** The operator as people know them. */
  readonly who: string;
  readonly why: string;
  readonly ticket: string | null;
  readonly runbook: string;
  readonly step: string | null;
  /** Parked, or kept after a rollback, and why; null = it is being worked under. */
  readonly note: string | null;
  /** How it came to its holder, when it was taken from another one. */
  readonly takenOver: string | null;
  /** Who gave it free the last time, and why; null = nobody, or it was taken over since. */
  readonly released: string | null;
}

export interface KeptEntry {
  readonly entry: LockEntry;
  /** Changes with every write; only good for comparing. */
  readonly version: string;
}

export type StoreFault =
  /** Not allowed to read or write it. */
  { readonly kind: 'denied'; readonly because: string } | { readonly kind: 'unreachable'; readonly because: string };

export type StoreRead = { readonly kind: 'none' } | ({ readonly kind: 'entry' } & KeptEntry) | StoreFault;

export type StoreWrite = ({ readonly kind: 'written' } & KeptEntry) | { readonly kind: 'conflict' } | StoreFault;

/** Keeps one lock; writes are compare-and-set. Never rejects. */
export interface LockStore {
  readonly where: 'cluster' | 'host';
  read(): Promise<StoreRead>;
  /** `version` null = there must be none yet. Another version than the kept one is a conflict. */
  write(entry: LockEntry, version: string | null): Promise<StoreWrite>;
  /** Whether the process of the holder lives, where that can be known; null = only watching can tell. */
  lives(kept: KeptEntry): boolean | null;
}

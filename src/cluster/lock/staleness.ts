import type { KeptEntry } from './lock-store.ts';

/**
 * Judges whether somebody else's lock is renewed, by what is seen here: the same version for the lock's duration, by
 * our own monotonic clock. The clocks of two machines are never compared. Source: 40-cluster, "Deploy lock".
 */
export interface Staleness {
  /** Told on every reading; `mono` in milliseconds. */
  saw(kept: KeptEntry, mono: number, lives: boolean | null): boolean;
  forget(): void;
}

export const createStaleness = (): Staleness => {
  let version: string | null = null;
  let since = 0;
  return {
    saw: (kept, mono, lives) => {
      if (kept.version !== version) {
        version = kept.version;
        since = mono;
      }
      // Parked or kept on purpose: nobody renews it, and nobody has gone missing.
      if (kept.entry.note !== null || kept.entry.holder === null) return false;
      if (lives !== null) return !lives;
      return mono - since >= kept.entry.durationMs;
    },
    forget: () => {
      version = null;
    },
  };
};

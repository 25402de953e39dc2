import { releasedEntry } from './entries.ts';
import type { KeptEntry, LockStore } from './lock-store.ts';

export type Unlocked =
  | { readonly kind: 'free' }
  /** Somebody wrote to it since it was looked at. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'failed'; readonly because: string };

/** Gives a lock free as it was seen; `how` is kept in it: `by alice: the run will not go on`. */
export const unlockSeen = async (store: LockStore, seen: KeptEntry, how: string): Promise<Unlocked> => {
  const written = await store.write(releasedEntry(seen.entry, how), seen.version);
  if (written.kind === 'written') return { kind: 'free' };
  return written.kind === 'conflict' ? { kind: 'changed' } : { kind: 'failed', because: written.because };
};

import type { Recorded, RunEvent } from './events.ts';

/** What a run knows of its deploy lock. Source: 40-cluster, "Deploy lock". */
export type RunLock =
  /** Nothing was changed yet. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'held';
      readonly scope: string;
      readonly epoch: number;
      readonly where: 'cluster' | 'host';
      /** UTC ms. */
      readonly since: number;
    }
  | { readonly kind: 'parked'; readonly scope: string; readonly note: string }
  | { readonly kind: 'lost'; readonly scope: string; readonly because: string }
  | {
      readonly kind: 'unlocked';
      readonly scope: string;
      readonly because: string;
      /** Who has it; null when nobody is known to. */
      readonly holder: string | null;
    }
  | { readonly kind: 'released'; readonly scope: string; readonly reason: string | null };

export const noLock: RunLock = { kind: 'none' };

export const reduceLock = (lock: RunLock, event: Recorded): RunLock => {
  switch (event.type) {
    case 'lock.acquired':
      return { kind: 'held', ...event.data, since: event.at };
    case 'lock.parked':
      return { kind: 'parked', ...event.data };
    case 'lock.lost':
      return { kind: 'lost', ...event.data };
    case 'lock.unlocked':
      return { kind: 'unlocked', ...event.data };
    case 'lock.released':
      return { kind: 'released', ...event.data };
    default:
      // `lock.taken-over` tells how the next `lock.acquired` came about.
      return lock;
  }
};

export const isLockEvent = (event: RunEvent): boolean => event.type.startsWith('lock.');

/** What has to be known of it at every moment; null = all is well, or nothing was changed yet. */
export const lockWarning = (lock: RunLock): { readonly kind: 'lost' | 'unlocked'; readonly text: string } | null => {
  if (lock.kind === 'lost')
    return {
      kind: 'lost',
      text: `deploy lock "${lock.scope}" lost: ${lock.because}. The next change asks for it again`,
    };
  if (lock.kind !== 'unlocked') return null;
  return { kind: 'unlocked', text: `UNLOCKED: nobody is kept out of "${lock.scope}": ${lock.because}` };
};

import type { Recorded, RunEvent } from './events.ts';
import type { LockTenure } from './lock-tenure.ts';
import { noTarget, unlockCommand } from './lock-words.ts';
import type { SessionState } from './state.ts';

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
  | { readonly kind: 'lost'; readonly scope: string; readonly because: string; readonly isNotFreed?: true }
  | {
      readonly kind: 'unlocked';
      readonly scope: string;
      readonly because: string;
      /** Who has it; null when nobody is known to. */
      readonly holder: string | null;
    }
  | { readonly kind: 'released'; readonly scope: string; readonly reason: string | null; readonly by?: string };

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

export const reduceTenure = (tenure: LockTenure | null, event: Recorded): LockTenure | null =>
  event.type === 'lock.acquired' ? { epoch: event.data.epoch, since: event.data.since ?? null } : tenure;

export const isLockEvent = (event: RunEvent): boolean => event.type.startsWith('lock.');

export interface LockWarning {
  readonly kind: 'lost' | 'unlocked';
  readonly text: string;
  /** No change of this run comes after it: it is for whoever deploys next. */
  readonly isForOthers: boolean;
}

/** What has to be known of it at every moment; null = all is well, or nothing was changed yet. */
export const lockWarning = ({ lock, run }: Pick<SessionState, 'lock' | 'run'>): LockWarning | null => {
  if (lock.kind === 'lost' && lock.isNotFreed === true) {
    const next = `Others find it stale; ${unlockCommand(lock.scope, run?.target ?? noTarget)} gives it free`;
    return { kind: 'lost', text: `deploy lock "${lock.scope}": ${lock.because}. ${next}`, isForOthers: true };
  }
  if (lock.kind === 'lost') {
    const text = `deploy lock "${lock.scope}" lost: ${lock.because}. The next change asks for it again`;
    return { kind: 'lost', text, isForOthers: false };
  }
  if (lock.kind !== 'unlocked') return null;
  const text = `UNLOCKED: nobody is kept out of "${lock.scope}": ${lock.because}`;
  return { kind: 'unlocked', text, isForOthers: false };
};

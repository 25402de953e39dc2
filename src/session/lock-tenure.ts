import type { SessionState } from './state.ts';

/** A time for which a run had its lock and nobody else did: it is told by its beginning, whatever the epoch. */
export interface LockTenure {
  /** Under which it was held last. */
  readonly epoch: number;
  /** UTC ms by our own clock, as it stands in the lock; null in a journal that does not tell. */
  readonly since: number | null;
}

/** What was found in a lock before it was taken, or that nobody else has. */
export interface LockBefore {
  /** It names the same run. */
  readonly isOurs: boolean;
  /** `user@host/run-id`; null = it was free. */
  readonly holder: string | null;
  readonly epoch: number;
  readonly since: number | null;
  /** Who had it last, and what for. */
  readonly who: string;
  readonly why: string;
  readonly ticket: string | null;
  /** `given free by Bob: Alice is on holiday`, `taken over from bob@host/0199…: no answer`; null = not known. */
  readonly how: string | null;
  /** Its run gave it free when it was over: that is how it always comes free, and nothing to tell. */
  readonly isUsual?: boolean;
}

/** Whether nobody else had it since. A process that was killed may have raised the epoch without writing it down. */
export const isUnbroken = ({ epoch, since }: LockTenure, before: LockBefore | null): boolean =>
  before?.isOurs === true && (since === null ? before.epoch === epoch : before.since === since);

/** How a run lost the lock that it had; null = it did not, or never had it. `before`: null = there was none. */
export const tenureBreak = (
  { lock, lockTenure }: Pick<SessionState, 'lock' | 'lockTenure'>,
  before: LockBefore | null,
): string | null => {
  if (lockTenure === null || isUnbroken(lockTenure, before)) return null;
  if (before === null) return 'it was deleted';
  const isElse = before.epoch !== lockTenure.epoch;
  // Given free by this run itself, and by nobody taken since.
  if (lock.kind === 'released' && lock.by === undefined && !before.isOurs && !isElse) return null;
  if (before.isOurs || !isElse) return before.how === null ? 'it changed hands' : `it was ${before.how}`;
  const what = [before.why, before.ticket === null ? '' : `(${before.ticket})`].filter((part) => part !== '').join(' ');
  const words = [`${before.who === '' ? 'somebody' : before.who} had it meanwhile`, what, before.how ?? ''];
  return words.filter((part) => part !== '').join(', ');
};

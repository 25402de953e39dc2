import type { LockClaim, LockInfo } from '../../ports/deploy-lock.ts';
import type { LockBefore } from '../../session/lock-tenure.ts';
import type { LockEntry } from './lock-store.ts';

/** Who takes locks here. */
export interface Person {
  /** `user@host/run-id`. */
  readonly holder: string;
  /** The operator as people know them. */
  readonly who: string;
}

export interface OwnEntry {
  readonly claim: LockClaim;
  /** What stood there; null = nothing. */
  readonly before: LockEntry | null;
  readonly person: Person;
  /** UTC ms. */
  readonly now: number;
  readonly leaseMs: number;
  /** `from bob@host/run: reason`; null = it was free or ours. */
  readonly takenOver: string | null;
}

/**
 * A lock taken now. A run that takes its own up again keeps its beginning and how it came to it; the epoch is raised even
 * then. Who gave it free before, and why, stays to be read until it is given free again.
 */
export const ownEntry = ({ claim, before, person, now, leaseMs, takenOver }: OwnEntry): LockEntry => ({
  holder: person.holder,
  epoch: before === null ? 0 : before.epoch + 1,
  durationMs: leaseMs,
  renewedAt: now,
  since: before?.holder === person.holder ? (before.since ?? now) : now,
  who: person.who,
  ...claim,
  note: null,
  takenOver: takenOver ?? (before?.holder === person.holder ? before.takenOver : null),
  released: takenOver === null ? (before?.released ?? null) : null,
});

/** Free again; the epoch stays, so that it only ever grows. */
export const releasedEntry = (entry: LockEntry, how: string): LockEntry => ({
  ...entry,
  holder: null,
  since: null,
  step: null,
  note: null,
  takenOver: null,
  released: how,
});

/** How it came to be free, or to its holder. */
const howOf = ({ holder, takenOver, released }: LockEntry): string | null => {
  if (takenOver !== null) return `taken over ${takenOver}`;
  if (released !== null) return `given free ${released}`;
  return holder === null ? 'given free by somebody else' : null;
};

/** A run says only who gave it free; a person who does it for a run says why. */
const isUsual = ({ takenOver, released }: LockEntry): boolean =>
  takenOver === null && released !== null && !released.includes(': ');

export const beforeOf = (entry: LockEntry, { holder }: Person): LockBefore => ({
  isOurs: entry.holder === holder,
  holder: entry.holder,
  epoch: entry.epoch,
  since: entry.since,
  who: entry.who,
  why: entry.why,
  ticket: entry.ticket,
  how: howOf(entry),
  isUsual: isUsual(entry),
});

export const infoOf = (entry: LockEntry): LockInfo => ({
  holder: entry.holder ?? '',
  who: entry.who,
  why: entry.why,
  ticket: entry.ticket,
  runbook: entry.runbook,
  step: entry.step,
  since: entry.since,
  note: entry.note,
  epoch: entry.epoch,
});

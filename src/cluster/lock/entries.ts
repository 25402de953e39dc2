import type { LockClaim, LockInfo } from '../../ports/deploy-lock.ts';
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

/** A lock taken now. A run that takes its own up again keeps its beginning; the epoch is raised even then. */
export const ownEntry = ({ claim, before, person, now, leaseMs, takenOver }: OwnEntry): LockEntry => ({
  holder: person.holder,
  epoch: before === null ? 0 : before.epoch + 1,
  durationMs: leaseMs,
  renewedAt: now,
  since: before?.holder === person.holder ? (before.since ?? now) : now,
  who: person.who,
  ...claim,
  note: null,
  takenOver,
  released: null,
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

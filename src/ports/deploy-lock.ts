import type { LockBefore, LockTenure } from '../session/lock-tenure.ts';

/** Who deploys what, as the Lease's annotations say. Source: 40-cluster, "Deploy lock". */
export interface LockInfo {
  /** `user@host/run-id`. */
  readonly holder: string;
  /** The operator as people know them. */
  readonly who: string;
  readonly why: string;
  readonly ticket: string | null;
  readonly runbook: string;
  readonly step: string | null;
  /** UTC ms by the holder's clock; for display only. */
  readonly since: number | null;
  /** `parked by alice at 50 %, resumable` or `after a rollback: …`; null = it is being worked under. */
  readonly note: string | null;
  /** `leaseTransitions`. */
  readonly epoch: number;
}

export type LockState =
  /** Not asked for yet, released, or nobody else's; `before`: as it was found, absent when there is none. */
  | { readonly kind: 'none'; readonly before?: LockBefore }
  | {
      readonly kind: 'held';
      readonly epoch: number;
      readonly where: 'cluster' | 'host';
      /** Since when it is ours without a break, UTC ms. */
      readonly since: number;
      /** As it was found when it was taken; absent when there was none. */
      readonly before?: LockBefore;
    }
  /** Somebody else has it. `stale`: no renewal was seen for its duration, by our own monotonic clock. */
  | { readonly kind: 'other'; readonly info: LockInfo; readonly stale: boolean }
  /**
   * Not renewed for 90 s (`isOverdue`), or somebody else's: taken over by `by`, deleted, given free. In the first case it
   * is `held` again, with the same epoch, as soon as it could be renewed and nobody had touched it.
   */
  | { readonly kind: 'lost'; readonly because: string; readonly by: LockInfo | null; readonly isOverdue?: true }
  /** No permission, no server: nobody is kept out. */
  | { readonly kind: 'unlocked'; readonly because: string };

/** What we write into the lock. */
export interface LockClaim {
  readonly why: string;
  readonly ticket: string | null;
  readonly runbook: string;
  readonly step: string | null;
}

/** One deployment at a time, among users of gonogo. Answers are states, never exceptions. */
export interface DeployLock {
  /** `deployment-checkout`. */
  readonly scope: string;
  state(): LockState;
  onChange(listener: (state: LockState) => void): () => void;
  /** Reads it without taking it. */
  look(): Promise<LockState>;
  /** Takes it when it is free, ours, or parked by ourselves; renewed every 30 s from then on. */
  acquire(claim: LockClaim): Promise<LockState>;
  /** Takes up again what this run left, if nobody else had it since: else it stays as it is, `none` when it is free. */
  resume(claim: LockClaim, tenure: LockTenure): Promise<LockState>;
  /** Compare-and-set on the version that was seen; raises the epoch. */
  takeOver(claim: LockClaim, reason: string): Promise<LockState>;
  /**
   * Reads the epoch again, and renews what is overdue: still held by us, or lost; `unlocked` = it could not be read. To
   * be asked before every change.
   */
  verify(): Promise<LockState>;
  /** Held, and renewed so lately that nobody can have taken it over: asks nobody, for the moment a command starts. */
  isFresh(): boolean;
  /** Updates the step in the annotations with the next renewal. */
  note(step: string | null): void;
  /** Stops renewing and stays ours: left half-way, or sticky after a rollback. Null = done, else why not. */
  park(note: string): Promise<string | null>;
  /** Null = done, else why not: then it is stale to others once its duration has passed. */
  release(): Promise<string | null>;
  /** Ends timers; the lease stays as it is. */
  close(): Promise<void>;
}

import type { Clock } from '../../ports/clock.ts';
import type { LockInfo } from '../../ports/deploy-lock.ts';
import { infoOf } from './entries.ts';
import type { KeptEntry, LockEntry, LockStore, StoreFault, StoreRead } from './lock-store.ts';

export interface LockDurations {
  /** Unrenewed for as long it is stale to others. */
  readonly leaseMs: number;
  readonly renewMs: number;
  /** Without a successful renewal for as long it counts as lost. */
  readonly lostMs: number;
  /** How often somebody else's lock is looked at. */
  readonly watchMs: number;
}

/** Source: 40-cluster, "Deploy lock". */
export const lockDurations: LockDurations = { leaseMs: 120_000, renewMs: 30_000, lostMs: 90_000, watchMs: 5_000 };

/** `unread`: nothing is known, and it is not overdue yet; `overdue`: nor is anything known now. */
export type Verified =
  /** `late`: it was renewed after it was overdue, and nobody had touched it; why it counted as lost. */
  | { readonly kind: 'ours'; readonly late: string | null }
  | { readonly kind: 'overdue'; readonly because: string }
  | { readonly kind: 'lost'; readonly because: string; readonly by: LockInfo | null }
  | { readonly kind: 'unread'; readonly because: string };

const ours: Verified = { kind: 'ours', late: null };
/** Tries of a compare-and-set that a harmless write of somebody else may have lost for us. */
export const tries = 3;

/** A lock that this process holds: its renewals, and whether it is still ours. */
export class Holding {
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #times: LockDurations;
  #kept: KeptEntry;
  readonly #since: number;
  /** Monotonic time at which the last successful renewal was sent: others may have counted from then on. */
  #renewedAt: number;
  #isTryingAgain = false;
  /** Written with the next renewal. */
  #step: string | null;

  constructor(store: LockStore, clock: Clock, times: LockDurations, kept: KeptEntry, sentAt: number) {
    this.#store = store;
    this.#clock = clock;
    this.#times = times;
    this.#kept = kept;
    this.#since = kept.entry.since ?? clock.now();
    this.#renewedAt = sentAt;
    this.#step = kept.entry.step;
  }

  get epoch(): number {
    return this.#kept.entry.epoch;
  }

  /** Since when it is ours without a break, UTC ms by our clock. */
  get since(): number {
    return this.#since;
  }

  /** Reads it again. When it is overdue, be it that this process was frozen, reading is not enough: it is renewed. */
  async verify(): Promise<Verified> {
    return this.#isOverdue() ? this.#renew() : this.#judge(await this.#store.read());
  }

  /** Called more often than it is renewed, so that a try that failed is soon made again. */
  async tick(step: string | null): Promise<Verified> {
    this.#step = step;
    const due = this.#clock.monotonic() - this.#renewedAt >= this.#times.renewMs;
    return due || this.#isTryingAgain ? this.#renew() : ours;
  }

  /**
   * A compare-and-set on the version that we know, or on a later one that still names us with our epoch: whoever took
   * it over since then has raised the epoch, and keeps it.
   */
  async #renew(): Promise<Verified> {
    const sentAt = this.#clock.monotonic();
    const late = this.#isOverdue() ? this.#overdueWords() : null;
    const found = await this.#write((entry) => ({ ...entry, step: this.#step, renewedAt: this.#clock.now() }));
    this.#isTryingAgain = found.kind !== 'ours';
    if (found.kind === 'ours') {
      this.#renewedAt = sentAt;
      return { kind: 'ours', late };
    }
    if (found.kind !== 'unread' || !this.#isOverdue()) return found;
    return { kind: 'overdue', because: `${this.#overdueWords()}: ${found.because}` };
  }

  /** The last write: parked or given free. */
  letGo(change: (entry: LockEntry) => LockEntry): Promise<Verified> {
    return this.#write(change);
  }

  async #write(change: (entry: LockEntry) => LockEntry): Promise<Verified> {
    for (let i = 0; i < tries; i += 1) {
      const written = await this.#store.write(change(this.#kept.entry), this.#kept.version);
      if (written.kind === 'written') {
        this.#kept = { entry: written.entry, version: written.version };
        return ours;
      }
      if (written.kind !== 'conflict') return unread(written);
      const found = this.#judge(await this.#store.read());
      if (found.kind !== 'ours') return found;
    }
    return { kind: 'unread', because: 'others write to it all the time' };
  }

  #judge(read: StoreRead): Verified {
    if (read.kind === 'none') return { kind: 'lost', because: 'it was deleted', by: null };
    if (read.kind !== 'entry') return unread(read);
    const { entry } = read;
    if (entry.holder === this.#kept.entry.holder && entry.epoch === this.#kept.entry.epoch) {
      // Somebody wrote around our fields: the version that counts now.
      this.#kept = { entry, version: read.version };
      return ours;
    }
    if (entry.holder === null)
      return { kind: 'lost', because: `it was given free ${entry.released ?? 'by somebody else'}`, by: null };
    return { kind: 'lost', because: `${entry.holder} has it${this.#cameBy(entry)}`, by: infoOf(entry) };
  }

  #cameBy({ holder, takenOver, released }: LockEntry): string {
    if (takenOver !== null) return `, taken over ${takenOver}`;
    // Another process of the same run keeps how the run came by it.
    const isNews = released !== null && holder !== this.#kept.entry.holder;
    return isNews ? `, after it was given free ${released}` : '';
  }

  isFresh(): boolean {
    return !this.#isOverdue();
  }

  #isOverdue(): boolean {
    return this.#clock.monotonic() - this.#renewedAt >= this.#times.lostMs;
  }

  #overdueWords(): string {
    return `not renewed for ${Math.round((this.#clock.monotonic() - this.#renewedAt) / 1000)} s`;
  }
}

const unread = ({ because }: StoreFault): Verified => ({ kind: 'unread', because });

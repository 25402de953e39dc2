import type { Clock } from '../../ports/clock.ts';
import type { DeployLock, LockClaim, LockState } from '../../ports/deploy-lock.ts';
import { isUnbroken, type LockBefore, type LockTenure } from '../../session/lock-tenure.ts';
import { holderUser } from '../../session/lock-words.ts';
import { beforeOf, infoOf, ownEntry, type Person, releasedEntry } from './entries.ts';
import { Holding, type LockDurations, lockDurations, tries, type Verified } from './holding.ts';
import type { KeptEntry, LockEntry, LockStore, StoreRead, StoreWrite } from './lock-store.ts';
import { createStaleness } from './staleness.ts';

export interface DeployLockParts {
  readonly store: LockStore;
  readonly scope: string;
  readonly person: Person;
  readonly clock: Clock;
  readonly durations?: LockDurations;
}

/** The lock of one scope, kept as a Lease or in a file of this host. Source: 40-cluster, "Deploy lock". */
export const createDeployLock = (parts: DeployLockParts): DeployLock => new OneLock(parts);

/** Reading and writing go one after the other: a renewal never crosses a take-over. */
class OneLock implements DeployLock {
  readonly scope: string;
  readonly #parts: Required<DeployLockParts>;
  readonly #staleness = createStaleness();
  readonly #listeners = new Set<(state: LockState) => void>();
  #state: LockState = { kind: 'none' };
  /** Null = this process does not hold it. */
  #holding: Holding | null = null;
  /** What stood there before; null = nothing. */
  #before: LockBefore | null = null;
  #step: string | null = null;
  #stopTimer: () => void = () => undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: DeployLockParts) {
    this.scope = parts.scope;
    this.#parts = { durations: lockDurations, ...parts };
  }

  state(): LockState {
    return this.#state;
  }

  onChange(listener: (state: LockState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  look(): Promise<LockState> {
    // A loss stays one until it is asked for again.
    const known = (): boolean => this.#holding !== null || this.#state.kind === 'lost';
    return this.#inOrder(async () => (known() ? this.#state : this.#judge(await this.#parts.store.read())));
  }

  acquire(claim: LockClaim): Promise<LockState> {
    return this.#inOrder(() => this.#acquire(claim));
  }

  resume(claim: LockClaim, tenure: LockTenure): Promise<LockState> {
    return this.#inOrder(() => this.#acquire(claim, (before) => isUnbroken(tenure, before)));
  }

  takeOver(claim: LockClaim, reason: string): Promise<LockState> {
    return this.#inOrder(() => this.#takeOver(claim, reason));
  }

  verify(): Promise<LockState> {
    return this.#inOrder(async () =>
      this.#holding === null ? this.#state : this.#found(await this.#holding.verify()),
    );
  }

  isFresh(): boolean {
    return this.#holding?.isFresh() ?? false;
  }

  note(step: string | null): void {
    this.#step = step;
  }

  park(note: string): Promise<string | null> {
    const { clock } = this.#parts;
    return this.#letGo((entry) => ({ ...entry, note, step: this.#step, renewedAt: clock.now() }));
  }

  release(): Promise<string | null> {
    return this.#letGo((entry) => releasedEntry(entry, `by ${holderUser(entry.holder ?? '')}`));
  }

  async close(): Promise<void> {
    this.#stopTimer();
    this.#listeners.clear();
    await this.#queue;
    this.#stopTimer();
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work, work);
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /** One timer at a time: for renewals, or for watching somebody else's. */
  #every(ms: number, tick: () => Promise<unknown>): void {
    this.#stopTimer();
    let isWaiting = false;
    this.#stopTimer = this.#parts.clock.every(ms, () => {
      if (isWaiting) return;
      isWaiting = true;
      void this.#inOrder(tick).finally(() => {
        isWaiting = false;
      });
    });
  }

  #set(state: LockState): LockState {
    const same = JSON.stringify(state) === JSON.stringify(this.#state);
    this.#state = state;
    if (!same) for (const listener of this.#listeners) listener(state);
    return state;
  }

  /** `wanted`: whether to take it as it is found; null = there is none. */
  async #acquire(claim: LockClaim, wanted: (before: LockBefore | null) => boolean = () => true): Promise<LockState> {
    const { store, clock, person } = this.#parts;
    for (let i = 0; i < tries; i += 1) {
      const sentAt = clock.monotonic();
      const read = await store.read();
      if (read.kind === 'denied' || read.kind === 'unreachable') return this.#notTaken(read.because);
      const before = read.kind === 'entry' ? read : null;
      if (before !== null && !this.#isFreeOrOurs(before.entry)) return this.#judge(read);
      const found = before === null ? null : beforeOf(before.entry, person);
      if (!wanted(found)) return this.#judge(read);
      const entry = this.#entry(claim, before, null);
      const written = await this.#write(entry, before?.version ?? null);
      if (written.kind === 'conflict') continue;
      if (written.kind !== 'written') return this.#notTaken(written.because);
      return this.#hold(written, sentAt, found);
    }
    return this.#notTaken('others write to it all the time');
  }

  /** One that is only overdue goes on trying to renew it. */
  #notTaken(because: string): LockState {
    const state: LockState = { kind: 'unlocked', because };
    return this.#holding === null ? this.#drop(state) : state;
  }

  async #takeOver(claim: LockClaim, reason: string): Promise<LockState> {
    const { store, clock, person } = this.#parts;
    const sentAt = clock.monotonic();
    const read = await store.read();
    if (read.kind === 'none' || (read.kind === 'entry' && this.#isFreeOrOurs(read.entry))) return this.#acquire(claim);
    const state = this.#judge(read);
    if (read.kind !== 'entry' || state.kind !== 'other' || !state.stale) return state;
    const entry = this.#entry(claim, read, `from ${read.entry.holder}: ${reason}`);
    const written = await this.#write(entry, read.version);
    if (written.kind === 'written') return this.#hold(written, sentAt, beforeOf(read.entry, person));
    return this.#judge(await store.read());
  }

  /** One whose answer was lost may have been carried out: nobody else writes this holder with this epoch. */
  async #write(entry: LockEntry, version: string | null): Promise<StoreWrite> {
    const { store } = this.#parts;
    const written = await store.write(entry, version);
    if (written.kind !== 'unreachable') return written;
    const now = await store.read();
    const isOurs = now.kind === 'entry' && now.entry.holder === entry.holder && now.entry.epoch === entry.epoch;
    return isOurs ? { ...now, kind: 'written' } : written;
  }

  #isFreeOrOurs({ holder }: LockEntry): boolean {
    return holder === null || holder === this.#parts.person.holder;
  }

  #entry(claim: LockClaim, before: KeptEntry | null, takenOver: string | null): LockEntry {
    const { clock, person, durations } = this.#parts;
    this.#step = claim.step;
    const now = clock.now();
    return ownEntry({ claim, before: before?.entry ?? null, person, now, leaseMs: durations.leaseMs, takenOver });
  }

  #hold({ entry, version }: KeptEntry, sentAt: number, before: LockBefore | null): LockState {
    const { store, clock, durations } = this.#parts;
    this.#before = before;
    const holding = new Holding(store, clock, durations, { entry, version }, sentAt);
    this.#holding = holding;
    this.#staleness.forget();
    this.#every(durations.renewMs / 6, async () => {
      if (this.#holding === holding) this.#found(await holding.tick(this.#step));
    });
    return this.#held();
  }

  /**
   * A reading that failed changes nothing: it is told to whoever asked, and counts as a loss when it is overdue. Such a
   * loss ends with the first renewal that succeeds; any other one is for good.
   */
  #found(verified: Verified): LockState {
    switch (verified.kind) {
      case 'ours':
        if (verified.late !== null) this.#overdue(verified.late);
        return this.#held();
      case 'overdue':
        return this.#overdue(verified.because);
      case 'unread':
        return { kind: 'unlocked', because: verified.because };
      case 'lost':
        return this.#drop({ kind: 'lost', because: verified.because, by: verified.by });
    }
  }

  /** Said once: it is not news that it grows older. */
  #overdue(because: string): LockState {
    return this.#state.kind === 'lost' ? this.#state : this.#set({ kind: 'lost', because, by: null, isOverdue: true });
  }

  #held(): LockState {
    if (this.#holding === null) return this.#state;
    const { epoch, since } = this.#holding;
    const before = this.#before === null ? {} : { before: this.#before };
    return this.#set({ kind: 'held', epoch, where: this.#parts.store.where, since, ...before });
  }

  #drop(state: LockState): LockState {
    this.#holding = null;
    this.#stopTimer();
    return this.#set(state);
  }

  /** What a reading of a lock that we do not hold means; somebody else's is watched from now on. */
  #judge(read: StoreRead): LockState {
    const { store, clock, durations } = this.#parts;
    if (read.kind === 'denied' || read.kind === 'unreachable')
      return this.#drop({ kind: 'unlocked', because: read.because });
    if (read.kind === 'none') return this.#drop({ kind: 'none' });
    if (this.#isFreeOrOurs(read.entry))
      return this.#drop({ kind: 'none', before: beforeOf(read.entry, this.#parts.person) });
    this.#holding = null;
    const stale = this.#staleness.saw(read, clock.monotonic(), store.lives(read));
    this.#every(durations.watchMs, async () => {
      if (this.#holding !== null || this.#state.kind !== 'other') return;
      const again = await store.read();
      // A reading that failed tells nothing about the holder.
      if (again.kind === 'entry' || again.kind === 'none') this.#judge(again);
    });
    return this.#set({ kind: 'other', info: infoOf(read.entry), stale });
  }

  #letGo(change: (entry: LockEntry) => LockEntry): Promise<string | null> {
    return this.#inOrder(async () => {
      this.#stopTimer();
      const result = await this.#holding?.letGo(change);
      this.#drop({ kind: 'none' });
      return result === undefined || result.kind === 'ours' ? null : result.because;
    });
  }
}

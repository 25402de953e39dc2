import type { DeployLock, LockClaim, LockInfo, LockState } from '../../src/ports/deploy-lock.ts';

export const bob: LockInfo = {
  holder: 'bob@desk/0199',
  who: 'Bob',
  why: 'Deploy checkout v2.4.0',
  ticket: 'CHG-9',
  runbook: 'deploy.md',
  step: '3.1 Wait',
  since: 1_760_000_000_000,
  note: null,
  epoch: 3,
};

export const held: LockState = { kind: 'held', epoch: 4, where: 'cluster', since: 1_000 };

/** Its server is away; nobody is known to have touched it. */
export const overdue: LockState = {
  kind: 'lost',
  because: 'not renewed for 95 s: connection refused',
  by: null,
  isOverdue: true,
};

/** A lock whose answers the test says; what was asked of it is kept. */
export class LockDouble implements DeployLock {
  readonly scope = 'checkout';
  readonly asked: string[] = [];
  now: LockState = { kind: 'none' };
  /** What asking for it gives. */
  whenTaken: LockState = held;
  /** What taking it up again gives. */
  whenResumed: LockState = held;
  whenTakenOver: LockState = held;
  /** What reading the epoch again gives; null = as it is. */
  whenVerified: LockState | null = null;
  fresh = true;
  /** Why it cannot be parked or given free; null = it can. */
  failure: string | null = null;
  step: string | null = null;
  #times = 0;
  readonly #listeners = new Set<(state: LockState) => void>();

  state(): LockState {
    return this.now;
  }

  onChange(listener: (state: LockState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async look(): Promise<LockState> {
    return this.now;
  }

  async acquire(claim: LockClaim): Promise<LockState> {
    this.asked.push(`acquire ${claim.why}`);
    return this.becomes(this.#raised(this.whenTaken));
  }

  async resume(claim: LockClaim): Promise<LockState> {
    this.asked.push(`resume ${claim.why}`);
    return this.becomes(this.#raised(this.whenResumed));
  }

  async takeOver(_claim: LockClaim, reason: string): Promise<LockState> {
    this.asked.push(`take over: ${reason}`);
    return this.becomes(this.#raised(this.whenTakenOver));
  }

  async verify(): Promise<LockState> {
    this.asked.push('verify');
    if (this.whenVerified === null) return this.now;
    if (this.whenVerified.kind !== 'unlocked') this.becomes(this.whenVerified);
    return this.whenVerified;
  }

  isFresh(): boolean {
    return this.fresh;
  }

  note(step: string | null): void {
    this.step = step;
  }

  async park(note: string): Promise<string | null> {
    this.asked.push(`park: ${note}`);
    this.becomes({ kind: 'none' });
    return this.failure;
  }

  async release(): Promise<string | null> {
    this.asked.push('release');
    this.becomes({ kind: 'none' });
    return this.failure;
  }

  async close(): Promise<void> {
    this.asked.push('close');
  }

  /** Every time it is taken its epoch is higher. */
  #raised(state: LockState): LockState {
    if (state.kind !== 'held') return state;
    this.#times += 1;
    return { ...state, epoch: state.epoch + this.#times - 1 };
  }

  becomes(state: LockState): LockState {
    this.now = state;
    for (const listener of this.#listeners) listener(state);
    return state;
  }
}

import type { Clock } from '../ports/clock.ts';
import type { CommandRunner } from '../ports/commands.ts';
import type { DeployLock, LockClaim, LockState } from '../ports/deploy-lock.ts';
import type { RunEvent } from '../session/events.ts';
import { lockClaim, lockStep, onlyDueWithoutChanges, releasedEarly } from '../session/lock-claim.ts';
import { tenureBreak } from '../session/lock-tenure.ts';
import { runningAttempts } from '../session/select.ts';
import type { SessionState } from '../session/state.ts';
import type { Guard } from './guard.ts';
import { ended, notLetGo, parked } from './lock-end.ts';
import { acquired } from './lock-events.ts';
import { createLockGuard, type LockGuardParts } from './lock-guard.ts';
import { guardStarts } from './lock-starts.ts';

/** The run that a lock is kept for. */
export interface LockedRun {
  session(): SessionState;
  subscribe(listener: () => void): () => void;
  /** Asks what there is to record when everything before it is done. */
  record(events: () => readonly RunEvent[]): Promise<void>;
}

export interface LockKeeperParts {
  readonly lock: DeployLock;
  readonly clock: Clock;
  /** Each secret becomes `[secret NAME]`. */
  readonly mask: (text: string) => string;
  readonly isHere: (run: string) => boolean;
}

/** The life of one run's lock: taken before the first change, renewed, parked, released. Source: 40-cluster. */
export interface LockKeeper {
  readonly lock: DeployLock;
  readonly guard: Guard;
  /** From now on losses are recorded, the step is told, and the lock is given free when nothing is left to change. */
  attach(run: LockedRun): void;
  /** A run that goes on takes up what it held or parked; gives what the operator has to know, null = nothing. */
  takeUp(): Promise<string | null>;
  /** Refuses to start changes when the lock was lost, or this process stood still, since they were confirmed. */
  guardStarts(runner: CommandRunner): CommandRunner;
  /** What is still to be recorded first; the lock stays as it is. */
  close(): Promise<void>;
}

export const createLockKeeper = (parts: LockKeeperParts): LockKeeper => new Keeper(parts);

class Keeper implements LockKeeper {
  readonly lock: DeployLock;
  readonly guard: Guard;
  readonly #mask: (text: string) => string;
  #run: LockedRun | null = null;
  #isReleasing = false;
  /** Under which it was held last; null = not yet in this process. */
  #epoch: number | null = null;
  #recording: Promise<unknown> = Promise.resolve();
  /** What has happened to the lock and is not recorded yet. */
  readonly #pending: RunEvent[] = [];
  readonly #stops: (() => void)[] = [];

  constructor({ lock, clock, mask, isHere }: LockKeeperParts) {
    this.lock = lock;
    this.#mask = mask;
    const drain = (): readonly RunEvent[] => this.#drain();
    const claim = (state: SessionState): LockClaim => this.#claim(state);
    const tellLater: LockGuardParts['tellLater'] = (events) => this.#tellLater(events);
    const changing = createLockGuard({ lock, clock, claim, drain, tellLater, isHere });
    this.guard = async (intent, state, decision) => {
      if (intent.type === 'leave') return parked(lock, clock, state, drain);
      const finish = decision.events.find((event) => event.type === 'run.finished');
      return finish === undefined ? changing(intent, state, decision) : ended(lock, clock, state, finish, drain);
    };
  }

  attach(run: LockedRun): void {
    this.#run = run;
    this.#stops.push(this.lock.onChange((state) => this.#changed(state)));
    let known: SessionState | null = null;
    this.#stops.push(
      run.subscribe(() => {
        const session = run.session();
        if (session !== known) this.#follow(session);
        known = session;
      }),
    );
  }

  async takeUp(): Promise<string | null> {
    const run = this.#run;
    const session = run?.session();
    if (run === null || session === undefined || !isOurs(session)) return null;
    const { lock, lockTenure } = session;
    const claim = this.#claim(session);
    const taken = await (lockTenure === null ? this.lock.acquire(claim) : this.lock.resume(claim, lockTenure));
    if (taken.kind === 'held') {
      await run.record(() => [...this.#drain(), acquired(this.lock, taken, session)]);
      return null;
    }
    const { scope } = this.lock;
    const because = lossWords(session, taken);
    const isKnown = lock.kind === 'lost' && lock.because === because;
    const lost: RunEvent = { type: 'lock.lost', frame: this.#frame(), data: { scope, because } };
    await run.record(() => [...this.#drain(), ...(isKnown ? [] : [lost])]);
    return `the deploy lock "${scope}" was lost: ${because}`;
  }

  guardStarts(runner: CommandRunner): CommandRunner {
    return guardStarts(runner, this.lock, () => this.#run?.session() ?? null);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.#recording;
    await this.lock.close();
  }

  /** Whoever asks for it records what they got; told here is what became of it by itself. */
  #changed(state: LockState): void {
    const { scope } = this.lock;
    const frame = this.#frame();
    if (state.kind === 'lost') this.#tell({ type: 'lock.lost', frame, data: { scope, because: state.because } });
    if (state.kind !== 'held') return;
    const session = this.#run?.session();
    // Asking for it raises the epoch: with the same one it was renewed late, and nobody had touched it.
    const isLate = state.epoch === this.#epoch;
    // A run that did not wait for it has said that it was not let go.
    const isOver = session === undefined || session.left || session.finished !== null;
    if (isLate && !isOver) this.#tell(acquired(this.lock, state, session));
    this.#epoch = state.epoch;
  }

  #frame(): number {
    return Math.max(0, this.#run?.session().frame ?? 0);
  }

  #claim(state: SessionState): LockClaim {
    const { why, ticket, runbook, step } = lockClaim(state);
    return { why: this.#mask(why), ticket, runbook, step: step === null ? null : this.#mask(step) };
  }

  #drain(): readonly RunEvent[] {
    return this.#pending.splice(0);
  }

  /** Recorded soon, or by whoever asks the lock before: then in the right order. */
  #tell(event: RunEvent): void {
    this.#pending.push(event);
    this.#record(() => this.#drain());
  }

  #tellLater(events: (now: SessionState) => readonly RunEvent[]): void {
    this.#record((now) => (now.finished === null && !now.left ? events(now) : []));
  }

  #record(events: (now: SessionState) => readonly RunEvent[]): void {
    const record = async (): Promise<void> => {
      const run = this.#run;
      // A guard that is asking the lock meanwhile records it itself, before what it has found.
      await run?.record(() => events(run.session()));
    };
    // A disk that refuses says so itself, and may take the next one.
    this.#recording = this.#recording.then(record).catch(() => undefined);
  }

  #follow(session: SessionState): void {
    if (session.lock.kind !== 'held' || session.left || session.finished !== null) return;
    this.lock.note(this.#mask(lockStep(session) ?? 'at the end'));
    const idle = runningAttempts(session).length === 0 && !this.#isReleasing;
    if (idle && this.lock.state().kind === 'held' && onlyDueWithoutChanges(session)) void this.#releaseEarly();
  }

  async #releaseEarly(): Promise<void> {
    this.#isReleasing = true;
    const { scope } = this.lock;
    const failed = await this.lock.release();
    this.#isReleasing = false;
    const reason = releasedEarly;
    const frame = this.#frame();
    this.#tell(
      failed === null
        ? { type: 'lock.released', frame, data: { scope, reason } }
        : notLetGo(scope, frame, `given free: ${failed}`),
    );
  }
}

/** Given free by somebody else it was ours when it was left: that is for the operator to know. */
const isOurs = ({ lock, finished }: SessionState): boolean =>
  finished === null &&
  (lock.kind === 'held' ||
    lock.kind === 'parked' ||
    lock.kind === 'lost' ||
    (lock.kind === 'released' && lock.by !== undefined));

const lossWords = (session: SessionState, found: LockState): string => {
  if (found.kind === 'other') return `${found.info.holder} has it`;
  if ('because' in found) return found.because;
  return tenureBreak(session, (found.kind === 'none' ? found.before : null) ?? null) ?? 'it was given free';
};

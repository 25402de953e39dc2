import type { LockState } from '../ports/deploy-lock.ts';
import type { RunEvent } from '../session/events.ts';
import type { SessionState } from '../session/state.ts';
import type { GuardedResolution } from './guard.ts';
import { acquired, unlocked } from './lock-events.ts';
import type { LockGuardParts } from './lock-guard.ts';

/** A rollback waits no longer for an answer. */
const patienceMs = 1_500;

const late: LockState = { kind: 'unlocked', because: 'it did not answer in time' };

/**
 * Asks for the lock during a rollback, which waits for nobody: what is not known in time is recorded as UNLOCKED, and
 * the answer when it comes. It is never asked for twice at the same time.
 */
export const createRollbackAsking = (parts: LockGuardParts): ((state: SessionState) => Promise<GuardedResolution>) => {
  const { lock, clock, drain, tellLater } = parts;
  let pending: Promise<LockState> | null = null;

  const ask = (state: SessionState): Promise<LockState> => {
    const asked = lock.state().kind === 'held' ? lock.verify() : lock.acquire(parts.claim(state));
    pending = asked.finally(() => {
      pending = null;
    });
    return pending;
  };
  const inTime = (asked: Promise<LockState>): Promise<LockState> => {
    let stop = (): void => undefined;
    const patience = new Promise<LockState>((done) => {
      stop = clock.after(patienceMs, () => done(late));
    });
    return Promise.race([asked, patience]).finally(() => stop());
  };

  return async (state) => {
    const first = pending === null;
    const asked = pending ?? ask(state);
    const found = await inTime(asked);
    if (found === late && first) void asked.then((answer) => tellLater((now) => outcome(parts, now, answer)));
    const before = drain();
    // An answer that an earlier change waited for is told by that one.
    const isTold = (!first && found !== late) || before.some(({ type }) => type === 'lock.acquired');
    return { ok: true, events: isTold ? before : [...before, ...outcome(parts, state, found)] };
  };
};

/** What is recorded of an answer, as far as it is news. */
const outcome = ({ lock }: LockGuardParts, state: SessionState, found: LockState): readonly RunEvent[] => {
  if (found.kind === 'held') {
    const isKnown = state.lock.kind === 'held' && state.lock.epoch === found.epoch;
    return isKnown ? [] : [acquired(lock, found, state)];
  }
  const info = found.kind === 'other' ? found.info : found.kind === 'lost' ? found.by : null;
  const because = 'because' in found ? found.because : `held by ${info?.holder ?? 'somebody'}`;
  return unlocked(lock, state, `rollback, not asked: ${because}`, info);
};

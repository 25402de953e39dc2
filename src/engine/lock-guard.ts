import type { Clock } from '../ports/clock.ts';
import type { DeployLock, LockClaim, LockInfo, LockState } from '../ports/deploy-lock.ts';
import { windowState } from '../runbook/windows.ts';
import type { RunEvent } from '../session/events.ts';
import type { Intent } from '../session/intents.ts';
import { tenureBreak } from '../session/lock-tenure.ts';
import { holderNextStep, holderUser, holderWords, noTarget } from '../session/lock-words.ts';
import type { SessionState } from '../session/state.ts';
import { type Guard, type GuardedResolution, isOverridden, isRollingBack, passed, startsChange } from './guard.ts';
import { acquired, frameOf, type HeldLock, unlocked } from './lock-events.ts';
import { createRollbackAsking } from './lock-rollback.ts';

export interface LockGuardParts {
  readonly lock: DeployLock;
  readonly clock: Clock;
  /** What others are told; no secret is in it. */
  readonly claim: (state: SessionState) => LockClaim;
  /** What has happened to the lock and is not recorded yet, oldest first; told once. */
  readonly drain: () => readonly RunEvent[];
  /** Records what is known only after the guard has answered; nothing once the run is over. */
  readonly tellLater: (events: (now: SessionState) => readonly RunEvent[]) => void;
  /** Whether a run is kept on this host, so that it can be observed from here. */
  readonly isHere: (run: string) => boolean;
}

const isRequired = (state: SessionState): boolean => state.run?.settings.lock === 'required';

/**
 * Nothing is changed without the lock, or a recorded reason: it is taken before the first change, and its epoch is read
 * again before every other one. In a rollback nothing is asked, only recorded. Source: 40-cluster, "Deploy lock".
 */
export const createLockGuard = (parts: LockGuardParts): Guard => {
  let windowIsKnown = false;
  const duringRollback = createRollbackAsking(parts);
  return async (intent, state, decision) => {
    if (intent.type === 'override') return takenOver(parts, intent, state);
    if (!startsChange(decision)) return passed;
    if (isRollingBack(state, decision)) return duringRollback(state);
    const closed = windowIsKnown ? null : closedWindow(state, parts.clock.now());
    if (closed !== null) return closed;
    windowIsKnown = true;
    return beforeChange(parts, state);
  };
};

/** The window was looked at before the first step; the first change may come much later. */
const closedWindow = (state: SessionState, now: number): GuardedResolution | null => {
  const windows = state.frames[0]?.runbook.windows ?? [];
  const window = windowState(windows, now);
  if (window.open || isOverridden(state, 'windows')) return null;
  const override = { what: 'windows', prompt: 'Change it outside of its window?' };
  return { ok: false, refusal: { message: window.because, nextStep: 'Wait, or say why it cannot wait', override } };
};

const beforeChange = async (parts: LockGuardParts, state: SessionState): Promise<GuardedResolution> => {
  const { lock } = parts;
  const before = lock.state().kind;
  if (before === 'held' || before === 'lost') {
    // One that is only overdue, be it that this process was frozen, is renewed here: it was nobody else's meanwhile.
    const verified = await lock.verify();
    if (verified.kind === 'held') return { ok: true, events: parts.drain() };
    if (verified.kind === 'unlocked') return unread(parts, state, verified.because);
  }
  const loss = lossOf(lock, state);
  const taken = await lock.acquire(parts.claim(state));
  switch (taken.kind) {
    case 'held': {
      const events = [...parts.drain(), acquired(lock, taken, state)];
      const broken = brokenBy(state, taken, loss);
      return broken === null ? { ok: true, events } : { ok: false, refusal: heldAgain(broken, state), events };
    }
    case 'other':
      return besideHolder(parts, state, taken, loss);
    default:
      return withoutLock(parts, state, 'because' in taken ? taken.because : 'it could not be taken', loss);
  }
};

/** Why it is not held any more; null = it was never lost. */
const lossOf = (lock: DeployLock, state: SessionState): string | null => {
  const now = lock.state();
  if (now.kind === 'lost') return now.because;
  return state.lock.kind === 'lost' ? state.lock.because : null;
};

/** Whoever had it between our having it and now; null = nobody touched it, as when only its server was away. */
const brokenBy = (state: SessionState, { before }: HeldLock, loss: string | null): string | null => {
  const broken = tenureBreak(state, before ?? null);
  if (broken !== null || loss === null) return broken;
  return state.lockTenure !== null && before?.epoch === state.lockTenure.epoch ? null : loss;
};

/** What others did meanwhile is for the operator to see before anything is changed again. */
const heldAgain = (loss: string, state: SessionState) => {
  const workloads = state.run?.target.workloads ?? [];
  const where = workloads.length === 0 ? '' : ` (${workloads.join(', ')})`;
  return {
    message: `the deploy lock was lost (${loss}) and is held again from now on`,
    nextStep: `Look at what others changed meanwhile${where}, then confirm it again`,
  };
};

const unread = (parts: LockGuardParts, state: SessionState, because: string): GuardedResolution => {
  const what = `deploy lock not read before attempt ${state.nextAttempt}`;
  if (isOverridden(state, what) && !isRequired(state)) return { ok: true, events: parts.drain() };
  const message = `the deploy lock cannot be read: ${because}`;
  const refusal = { message, nextStep: 'Try again when the cluster answers' };
  return {
    ok: false,
    events: parts.drain(),
    refusal: isRequired(state)
      ? refusal
      : { ...refusal, override: { what, prompt: 'Change it without knowing whether somebody took the lock?' } },
  };
};

const besideHolder = (
  parts: LockGuardParts,
  state: SessionState,
  { info, stale }: Extract<LockState, { kind: 'other' }>,
  loss: string | null,
): GuardedResolution => {
  const { lock } = parts;
  const what = `going on without the deploy lock of ${info.holder}`;
  if (!stale && !isRequired(state) && isOverridden(state, what))
    return { ok: true, events: [...parts.drain(), ...unlocked(lock, state, `held by ${info.holder}`, info)] };
  const words = holderWords(lock.scope, info, stale);
  const refusal = {
    message: loss === null ? words : `the deploy lock was lost. ${words}`,
    nextStep: holderNextStep(
      lock.scope,
      info,
      { stale, observable: isObservable(parts, info) },
      state.run?.target ?? noTarget,
    ),
  };
  const events = parts.drain();
  if (stale) return { ok: false, events, refusal: { ...refusal, override: takeOverOf(info) } };
  if (isRequired(state)) return { ok: false, events, refusal };
  return {
    ok: false,
    events,
    refusal: { ...refusal, override: { what, prompt: 'Change it all the same, UNLOCKED?' } },
  };
};

const isObservable = ({ isHere }: LockGuardParts, { holder }: LockInfo): boolean => {
  const run = holder.slice(holder.indexOf('/') + 1);
  return run !== holder && isHere(run);
};

const takeOverOf = (info: LockInfo) => ({
  what: `taking over the deploy lock of ${info.holder}`,
  prompt: 'Take it over? Its holder can change nothing from then on.',
  typed: { word: holderUser(info.holder), of: 'holder' },
});

const withoutLock = (
  parts: LockGuardParts,
  state: SessionState,
  because: string,
  loss: string | null,
): GuardedResolution => {
  const what = loss === null ? 'lock' : 'going on after the deploy lock was lost';
  const asks = isRequired(state) || loss !== null || state.run?.target.production === true;
  if (!asks || (isOverridden(state, what) && !isRequired(state)))
    return { ok: true, events: [...parts.drain(), ...unlocked(parts.lock, state, because, null)] };
  const message = `${loss === null ? '' : `the deploy lock was lost (${loss}). `}The deploy lock cannot be taken: ${because}`;
  const nextStep = 'Get the right to create and update leases there, or wait until it answers';
  return {
    ok: false,
    events: parts.drain(),
    refusal: isRequired(state)
      ? { message, nextStep }
      : { message, nextStep, override: { what, prompt: 'Change it all the same, UNLOCKED?' } },
  };
};

/** A reason for a stale lock takes it over; a reason for anything else is none of our business. */
const takenOver = async (
  parts: LockGuardParts,
  intent: Extract<Intent, { type: 'override' }>,
  state: SessionState,
): Promise<GuardedResolution> => {
  const { lock } = parts;
  const other = lock.state();
  if (other.kind !== 'other' || intent.what !== takeOverOf(other.info).what) return passed;
  const { word } = takeOverOf(other.info).typed;
  if (intent.typed !== word)
    return { ok: false, refusal: { message: `type ${word} to take the lock over`, nextStep: 'Esc goes back' } };
  const taken = await lock.takeOver(parts.claim(state), intent.reason.trim());
  if (taken.kind === 'held') {
    const { scope } = lock;
    const data = { scope, from: other.info.holder, epoch: taken.epoch, reason: intent.reason.trim(), typed: word };
    const event: RunEvent = { type: 'lock.taken-over', frame: frameOf(state), data };
    // It may have been given free since it was looked at: then it was taken from nobody.
    const isTaken = taken.before?.holder === other.info.holder;
    const events = isTaken ? [event, acquired(lock, taken, state, false)] : [acquired(lock, taken, state)];
    return { ok: true, events: [...parts.drain(), ...events] };
  }
  const message =
    taken.kind === 'other'
      ? holderWords(lock.scope, taken.info, taken.stale)
      : `the deploy lock could not be taken over: ${'because' in taken ? taken.because : taken.kind}`;
  return { ok: false, events: parts.drain(), refusal: { message, nextStep: 'Try the change again' } };
};

import type { Clock } from '../ports/clock.ts';
import type { DeployLock } from '../ports/deploy-lock.ts';
import type { EventOf, RunEvent } from '../session/events.ts';
import { parkedNote, stickyNote } from '../session/lock-claim.ts';
import type { SessionState } from '../session/state.ts';
import type { GuardedResolution } from './guard.ts';
import { frameOf } from './lock-events.ts';

type Drain = () => readonly RunEvent[];

/** Nobody waits longer to leave. */
const patienceMs = 2_000;

/** `what`: `given free: connection refused`. */
export const notLetGo = (scope: string, frame: number, what: string): RunEvent => ({
  type: 'lock.lost',
  frame,
  data: { scope, because: `it could not be ${what}`, isNotFreed: true },
});

/** Left half-way: it stays ours until the run goes on. */
export const parked = async (
  lock: DeployLock,
  clock: Clock,
  state: SessionState,
  drain: Drain,
): Promise<GuardedResolution> => {
  if (state.left || state.finished !== null || !isOurs(lock)) return { ok: true, events: drain() };
  const { scope } = lock;
  const wasOverdue = isOverdue(lock);
  const patience = patienceOf(clock);
  if (wasOverdue && !(await isStillOurs(lock, patience))) return { ok: true, events: drain() };
  const note = parkedNote(state);
  const failed = await Promise.race([lock.park(note), patience]);
  const frame = frameOf(state);
  if (failed === null) return { ok: true, events: [...drain(), { type: 'lock.parked', frame, data: { scope, note } }] };
  // Not parked it is stale to others soon, and taken up again all the same.
  return { ok: true, events: [...drain(), ...(wasOverdue ? [notLetGo(scope, frame, `parked: ${failed}`)] : [])] };
};

/** After a rollback nobody else deploys before somebody has said that they may. */
export const ended = async (
  lock: DeployLock,
  clock: Clock,
  state: SessionState,
  finish: EventOf<'run.finished'>,
  drain: Drain,
): Promise<GuardedResolution> => {
  if (!isOurs(lock)) return { ok: true, events: drain() };
  const patience = isOverdue(lock) ? patienceOf(clock) : null;
  if (patience !== null && !(await isStillOurs(lock, patience))) return { ok: true, events: drain() };
  const { scope } = lock;
  const frame = frameOf(state);
  const { outcome, reason } = finish.data;
  const note = outcome === 'rolled-back' || state.rollback !== null ? stickyNote(state, reason) : null;
  const letGo = note === null ? lock.release() : lock.park(note);
  const failed = await (patience === null ? letGo : Promise.race([letGo, patience]));
  if (failed !== null) return { ok: true, events: [...drain(), notLetGo(scope, frame, `given free: ${failed}`)] };
  const event: RunEvent =
    note === null
      ? { type: 'lock.released', frame, data: { scope, reason } }
      : { type: 'lock.parked', frame, data: { scope, note } };
  return { ok: true, events: [...drain(), event] };
};

const isOverdue = (lock: DeployLock): boolean => {
  const now = lock.state();
  return now.kind === 'lost' && now.isOverdue === true;
};

const isOurs = (lock: DeployLock): boolean => lock.state().kind === 'held' || isOverdue(lock);

/**
 * Renews one that is overdue, as far as its server answers. While it does not, the lock is let go all the same: that ends
 * its renewals and says why others find it.
 */
const isStillOurs = async (lock: DeployLock, patience: Promise<string>): Promise<boolean> => {
  await Promise.race([lock.verify(), patience]);
  return isOurs(lock);
};

const patienceOf = (clock: Clock): Promise<string> =>
  new Promise((done) => clock.after(patienceMs, () => done('no answer')));

import type { RecordedOf, TargetIdentity } from './events.ts';
import type { Decision, Intent } from './intents.ts';
import { refuse } from './refusal.ts';
import type { SessionState } from './state.ts';

/** The target is bound once, a cluster that did not say who it is when it first does; that it was found again (after a return) ends a mismatch, another one is none of this run. */
export const reduceTarget = (
  state: SessionState,
  event: RecordedOf<'target.pinned'> | RecordedOf<'target.mismatch'>,
): SessionState => {
  if (event.type === 'target.mismatch') return { ...state, mismatch: event.data };
  if (state.pin !== null && !isSameTarget(state.pin, event.data.identity)) return state;
  return { ...state, pin: state.pin?.clusterUid == null ? event.data.identity : state.pin, mismatch: null };
};

const isSameTarget = (a: TargetIdentity, b: TargetIdentity): boolean =>
  (a.clusterUid === b.clusterUid || a.clusterUid === null) &&
  a.server === b.server &&
  a.caSha256 === b.caSha256 &&
  a.others.length === b.others.length &&
  a.others.every(({ kind, identity }) => b.others.some((other) => other.kind === kind && other.identity === identity));

/** `E602 STOP: cluster is 7c1e…, run started on 41ab…`. */
export const mismatchWords = ({ code, expected, found }: NonNullable<SessionState['mismatch']>): string =>
  code === 'E602'
    ? `E602 STOP: cluster is ${found}, run started on ${expected}`
    : `E608 STOP: target is ${found}, run started on ${expected}`;

export const mismatchNextStep = 'Nothing can be changed from here: a note (a), Q ends the run, q leaves it';

/** What still goes on at a wrong target: leaving, ending, notes, and stopping what runs. */
const unharmed: ReadonlySet<Intent['type']> = new Set<Intent['type']>(['leave', 'end', 'note', 'stop-command']);

/** Null when the intent may go on. */
export const mismatchRefusal = (state: SessionState, intent: Intent): Decision | null =>
  state.mismatch === null || unharmed.has(intent.type) ? null : refuse(mismatchWords(state.mismatch), mismatchNextStep);

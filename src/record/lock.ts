import type { Recorded } from '../session/events.ts';
import type { DeploymentRecord } from './record.ts';
import { iso } from './times.ts';

type Entry = NonNullable<DeploymentRecord['lock']>['history'][number];
type LockEvent = Extract<Recorded, { data: { scope: string } }>;

const isLockEvent = (event: Recorded): event is LockEvent => event.type.startsWith('lock.');

const entryOf = (event: LockEvent): Entry => {
  const place = { at: iso(event.at), by: event.actor, epoch: null, text: null };
  switch (event.type) {
    case 'lock.acquired':
      return { ...place, what: 'acquired', epoch: event.data.epoch, text: event.data.from ?? null };
    case 'lock.parked':
      return { ...place, what: 'parked', text: event.data.note };
    case 'lock.lost':
      return { ...place, what: 'lost', text: event.data.because };
    case 'lock.taken-over':
      return {
        ...place,
        what: 'taken over',
        epoch: event.data.epoch,
        text: `from ${event.data.from}: ${event.data.reason}`,
      };
    case 'lock.unlocked':
      return { ...place, what: 'unlocked', text: event.data.because };
    case 'lock.released':
      return { ...place, what: 'released', text: event.data.reason };
  }
};

/** What became of the deploy lock; null when it was never asked for. */
export const lockRecord = (events: readonly Recorded[]): DeploymentRecord['lock'] => {
  const seen = events.filter(isLockEvent);
  const last = seen.at(-1);
  if (last === undefined) return null;
  const held = seen.findLast((event) => event.type === 'lock.acquired');
  return {
    scope: last.data.scope,
    where: held?.data.where ?? null,
    epoch: held?.data.epoch ?? null,
    unlocked: seen.some(({ type }) => type === 'lock.unlocked'),
    history: seen.map(entryOf),
  };
};

/** For the timeline: what somebody who was not there has to know of the lock; null = nothing. */
export const lockWords = (event: Recorded): string | null => {
  if (!isLockEvent(event)) return null;
  const { what, text } = entryOf(event);
  if (what === 'unlocked') return `UNLOCKED, deploy lock "${event.data.scope}": ${text}`;
  return `Deploy lock "${event.data.scope}" ${what}${text === null ? '' : `: ${text}`}`;
};

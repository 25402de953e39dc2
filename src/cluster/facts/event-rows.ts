import type { EventRow } from '../../gates/workload.ts';
import type { SeenEvent } from './seen-event.ts';

const mostKeys = 200;

/** Same reason, same words but for the object's own name and numbers: one row `xN`. */
const keyOf = ({ kind, name, type, reason, message }: SeenEvent): string =>
  [kind, type, reason, message.replaceAll(name, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#')].join('\n');

/** Events as rows, equal ones of several objects collapsed; newest last, at most 200. */
export const eventRows = (events: Iterable<SeenEvent>): readonly EventRow[] => {
  const rows = new Map<string, { newest: SeenEvent; count: number }>();
  for (const event of events) {
    const key = keyOf(event);
    const row = rows.get(key);
    if (row === undefined) {
      rows.set(key, { newest: event, count: event.count });
    } else {
      row.count += event.count;
      if (event.at > row.newest.at || (event.at === row.newest.at && event.uid > row.newest.uid)) row.newest = event;
    }
  }
  return [...rows.values()]
    .sort((left, right) => left.newest.at - right.newest.at || (left.newest.uid < right.newest.uid ? -1 : 1))
    .slice(-mostKeys)
    .map(({ newest, count }) => ({
      at: newest.at,
      type: newest.type,
      reason: newest.reason,
      message: newest.message,
      object: `${newest.kind.toLowerCase()}/${newest.name}`,
      count,
    }));
};

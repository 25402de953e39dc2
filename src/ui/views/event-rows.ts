import type { EventRow } from '../../gates/workload.ts';
import { timeOfDay } from '../../text/duration.ts';
import { safe, safeLine } from '../../text/safe-text.ts';
import { truncate, widthOf } from '../../text/width.ts';
import { type Row, span, wrapRows } from '../rows.ts';

const most = 8;

/** `14:45:21 Scheduled x2`, and what a warning says. */
const eventRow = ({ at, type, reason, message, count }: EventRow, width: number, whole: boolean): readonly Row[] => {
  const name = safeLine(`${reason}${count > 1 ? ` x${count}` : ''}`);
  const warns = type === 'Warning';
  const head: Row = [
    span(safe`${timeOfDay(at)} `, { dim: true }),
    span(truncate(name, width - 9), warns ? { tone: 'wait' } : {}),
  ];
  const room = width - widthOf(name) - 11;
  const text = safeLine(message);
  if (!warns || text === '') return [head];
  if (widthOf(text) <= room || !whole) return [room > 4 ? [...head, span(safe`  ${truncate(text, room)}`)] : head];
  return [head, ...wrapRows(text, width, {}, 9)];
};

/** The last events in at most `height` rows: warnings whole where there is room for that, else each in one row. */
export const lastEvents = (events: readonly EventRow[], width: number, height: number): readonly Row[] => {
  if (height <= 0) return [];
  const shown = events.slice(-Math.min(most, height));
  const whole = shown.flatMap((event) => eventRow(event, width, true));
  return whole.length <= height ? whole : shown.flatMap((event) => eventRow(event, width, false));
};

import { timeOfDay } from '../text/duration.ts';
import { safe } from '../text/safe-text.ts';
import { widthOf } from '../text/width.ts';
import { type Row, row } from './rows.ts';
import type { Theme } from './theme.ts';

/** A moment on the time axis, and its name. */
export interface Mark {
  /** UTC ms. */
  readonly at: number;
  readonly label: string;
}

/** What the time axis spans, UTC ms. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Top, bottom and about every third row between. */
export const isLabelled = (i: number, rows: number): boolean => {
  const ticks = Math.max(1, Math.round((rows - 1) / 3));
  return Array.from({ length: ticks + 1 }, (_, n) => Math.round((n * (rows - 1)) / ticks)).includes(i);
};

/** The column of a moment. */
export const columnOf = ({ from, to }: TimeSpan, at: number, columns: number): number =>
  Math.min(columns - 1, Math.floor(((at - from) / (to - from)) * columns));

/** The time axis, its times, and the names of the marks under it. */
export const footRows = (
  span: TimeSpan,
  marks: readonly Mark[],
  axis: number,
  columns: number,
  { glyph }: Theme,
): readonly Row[] => {
  const lead = ' '.repeat(axis + 2);
  const line = Array.from({ length: columns }, () => glyph.line);
  for (const { at } of marks) line[columnOf(span, at, columns)] = glyph.axis.foot;
  const count = Math.max(2, Math.min(7, Math.floor(columns / 14)));
  const times = Array.from({ length: count }, (_, i) => {
    const at = span.from + ((span.to - span.from) * i) / (count - 1);
    return { column: Math.round(((columns - 1) * i) / (count - 1)), text: timeOfDay(at).slice(0, 5) };
  });
  const names = marks.map(({ at, label }) => named(columnOf(span, at, columns), label, columns, glyph.axis.names));
  return [
    row(safe`${' '.repeat(axis + 1)}${glyph.axis.corner}${line.join('')}`, { dim: true }),
    row(safe`${lead}${placed(times, columns, 'middle')}`, { dim: true }),
    ...(marks.length === 0 ? [] : [row(safe`${lead}${placed(names, columns, 'start')}`)]),
  ];
};

interface Placed {
  readonly column: number;
  readonly text: string;
}

/** A name after its pointer, or before it where it would not fit after. */
const named = (column: number, label: string, columns: number, pointer: string): Placed => {
  const before = column + widthOf(label) + 2 > columns;
  return before
    ? { column: Math.max(0, column - widthOf(label) - 1), text: `${label} ${pointer}` }
    : { column, text: `${pointer} ${label}` };
};

/** Texts at their columns; the last of those that would run into each other are left out, so the newest is placed first. */
const placed = (texts: readonly Placed[], columns: number, anchor: 'middle' | 'start'): string => {
  let free = columns;
  const out: { from: number; text: string }[] = [];
  for (const { column, text } of texts.toReversed()) {
    const width = widthOf(text);
    const wanted = anchor === 'middle' ? column - Math.floor(width / 2) : column;
    const from = Math.max(0, Math.min(wanted, columns - width));
    if (from + width > free) continue;
    out.unshift({ from, text });
    free = from - 2;
  }
  return out.reduce((line, { from, text }) => `${line}${' '.repeat(Math.max(0, from - widthOf(line)))}${text}`, '');
};

import { timeOfDay } from '../text/duration.ts';
import { type SafeText, safe, safeLine, safeText } from '../text/safe-text.ts';
import { bridged, bucketed, type Point, type Range, rangeOf, type Worse } from '../text/sparkline.ts';
import { padTo, widthOf } from '../text/width.ts';
import { type Row, row, type Span, type Style, span } from './rows.ts';
import type { Theme } from './theme.ts';

/** A line chart with its axes; all times are UTC ms, all values in one unit. */
export interface Chart {
  readonly from: number;
  readonly to: number;
  readonly points: readonly Point[];
  /** The control, drawn as dots; empty = none. */
  readonly control: readonly Point[];
  /** Usual time between two values. */
  readonly stepMs: number;
  readonly worse: Worse;
  readonly limits: readonly number[];
  /** Whether a value is past the limits. */
  readonly isPast: (value: number) => boolean;
  /** What was usual before the change. */
  readonly band: Range | null;
  readonly marks: readonly { readonly at: number; readonly label: string }[];
  readonly words: (value: number) => string;
}

/** A cell of the plot: later layers are drawn over earlier ones. */
interface Cell {
  readonly glyph: string;
  readonly style: Style;
}

const empty: Cell = { glyph: ' ', style: {} };
const fewestRows = 4;

/** Exactly `height` rows of `width` columns: the plot, its axis with times, and the marks' names where there are any. */
export const chartRows = (chart: Chart, width: number, height: number, theme: Theme): readonly Row[] => {
  const marks = chart.marks.filter(({ at }) => at > chart.from && at < chart.to);
  const rows = height - 2 - (marks.length === 0 ? 0 : 1);
  const range = rangeOf(
    [...chart.points, ...chart.control]
      .map(({ at, value }) => (at >= chart.from ? value : null))
      .concat(chart.limits, edges(chart.band)),
    0.1,
  );
  if (range === null || rows < fewestRows) return [row(safeText('no values yet'), { dim: true })];
  const tick = (i: number): SafeText => safeLine(chart.words(range.high - ((range.high - range.low) * i) / (rows - 1)));
  const labelled = Array.from({ length: rows }, (_, i) => (isLabelled(i, rows) ? tick(i) : safeText('')));
  const axis = Math.max(...labelled.map(widthOf));
  const columns = width - axis - 2;
  if (columns < 10) return [row(safeText('no room for a chart'), { dim: true })];
  const plot = drawn(chart, range, columns, rows, marks, theme);
  const { axis: glyph } = theme.glyph;
  return [
    ...plot.map((cells, i): Row => {
      const label = labelled[i] ?? safeText('');
      return [
        span(safe`${padTo(label, axis, 'right')} ${label === '' ? glyph.side : glyph.tick}`, { dim: true }),
        ...joined(cells),
      ];
    }),
    ...footRows(chart, marks, axis, columns, theme),
  ];
};

const edges = (band: Range | null): readonly number[] => (band === null ? [] : [band.low, band.high]);

/** Top, bottom and about every third row between. */
const isLabelled = (i: number, rows: number): boolean => {
  const ticks = Math.max(1, Math.round((rows - 1) / 3));
  return Array.from({ length: ticks + 1 }, (_, n) => Math.round((n * (rows - 1)) / ticks)).includes(i);
};

const columnOf = ({ from, to }: Pick<Chart, 'from' | 'to'>, at: number, columns: number): number =>
  Math.min(columns - 1, Math.floor(((at - from) / (to - from)) * columns));

const drawn = (
  chart: Chart,
  range: Range,
  columns: number,
  rows: number,
  marks: Chart['marks'],
  theme: Theme,
): readonly (readonly Cell[])[] => {
  const grid: Cell[][] = Array.from({ length: rows }, () => Array.from({ length: columns }, () => empty));
  const rowOf = (value: number): number =>
    Math.min(rows - 1, Math.max(0, Math.round(((range.high - value) / (range.high - range.low)) * (rows - 1))));
  const put = (y: number, x: number, glyph: string, style: Style): void => {
    const line = grid[y];
    if (line !== undefined && x >= 0 && x < columns) line[x] = { glyph, style };
  };
  const { chart: glyph, axis } = theme.glyph;
  const all = Array.from({ length: columns }, (_, x) => x);
  if (chart.band !== null)
    for (let y = rowOf(chart.band.high); y <= rowOf(chart.band.low); y += 1)
      for (const x of all) put(y, x, glyph.band, { dim: true });
  for (const { at } of marks)
    for (let y = 0; y < rows; y += 1) put(y, columnOf(chart, at, columns), axis.mark, { dim: true });
  const pieces = (points: readonly Point[]): readonly (number | null)[] =>
    bridged(
      bucketed(points, { ...chart, columns }),
      Math.ceil((columns * chart.stepMs * 2.5) / (chart.to - chart.from)),
    );
  for (const [x, value] of pieces(chart.control).entries()) if (value !== null) put(rowOf(value), x, glyph.control, {});
  for (const limit of chart.limits) for (const x of all) put(rowOf(limit), x, glyph.limit, { tone: 'fail' });
  const values = pieces(chart.points);
  for (const [x, value] of values.entries()) {
    if (value === null) continue;
    const style: Style = chart.isPast(value) ? { tone: 'fail', bold: true } : { bold: true };
    const before = values[x - 1] ?? null;
    strokes(before === null ? rowOf(value) : rowOf(before), rowOf(value), glyph.line).forEach(([y, stroke]) => {
      put(y, x, stroke, style);
    });
  }
  return grid;
};

/** What one column of a line holds, from the row of the value before to that of its own. */
const strokes = (
  from: number,
  to: number,
  line: Theme['glyph']['chart']['line'],
): readonly (readonly [number, string])[] => {
  if (from === to) return [[to, line.level]];
  const between = Array.from(
    { length: Math.abs(from - to) - 1 },
    (_, i) => [Math.min(from, to) + 1 + i, line.up] as const,
  );
  const [leaves, arrives] = to < from ? [line.leavesUp, line.arrivesUp] : [line.leavesDown, line.arrivesDown];
  return [[from, leaves], ...between, [to, arrives]];
};

/** Neighbours of one style as one span: every span costs time to draw. */
const joined = (cells: readonly Cell[]): readonly Span[] => {
  const out: { text: string; style: Style }[] = [];
  for (const { glyph, style } of cells) {
    const last = out.at(-1);
    const same =
      last !== undefined &&
      (glyph === ' ' ||
        (last.style.tone === style.tone && last.style.bold === style.bold && last.style.dim === style.dim));
    if (same) last.text += glyph;
    else out.push({ text: glyph, style });
  }
  return out.map(({ text, style }) => span(safeText(text), style));
};

/** The time axis, its times, and the names of the marks under it. */
const footRows = (
  chart: Chart,
  marks: Chart['marks'],
  axis: number,
  columns: number,
  { glyph }: Theme,
): readonly Row[] => {
  const lead = ' '.repeat(axis + 2);
  const line = Array.from({ length: columns }, () => glyph.line);
  for (const { at } of marks) line[columnOf(chart, at, columns)] = glyph.axis.foot;
  const count = Math.max(2, Math.min(7, Math.floor(columns / 14)));
  const times = Array.from({ length: count }, (_, i) => {
    const at = chart.from + ((chart.to - chart.from) * i) / (count - 1);
    return { column: Math.round(((columns - 1) * i) / (count - 1)), text: timeOfDay(at).slice(0, 5) };
  });
  const names = marks.map(({ at, label }) => named(columnOf(chart, at, columns), label, columns, glyph.axis.names));
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

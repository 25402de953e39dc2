import { type SafeText, safe, safeLine, safeText } from '../text/safe-text.ts';
import { aligned, bridged, bucketed, type Point, type Range, rangeOf, type Worse } from '../text/sparkline.ts';
import { padTo, widthOf } from '../text/width.ts';
import { columnOf, footRows, isLabelled, type Mark } from './chart-axis.ts';
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
  readonly marks: readonly Mark[];
  readonly words: (value: number) => string;
  /** What is drawn is not what is now: without colour, and dimmed. */
  readonly faded: boolean;
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
  const shown = aligned(chart, columns);
  const plot = drawn(shown, range, columns, rows, marks, theme);
  const { axis: glyph } = theme.glyph;
  return [
    ...plot.map((cells, i): Row => {
      const label = labelled[i] ?? safeText('');
      return [
        span(safe`${padTo(label, axis, 'right')} ${label === '' ? glyph.side : glyph.tick}`, { dim: true }),
        ...joined(cells),
      ];
    }),
    ...footRows(shown, marks, axis, columns, theme),
  ];
};

const edges = (band: Range | null): readonly number[] => (band === null ? [] : [band.low, band.high]);

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
  for (const [x, value] of pieces(chart.control).entries())
    if (value !== null) put(rowOf(value), x, glyph.control, chart.faded ? { dim: true } : {});
  for (const limit of chart.limits)
    for (const x of all) put(rowOf(limit), x, glyph.limit, chart.faded ? { dim: true } : { tone: 'fail' });
  const values = pieces(chart.points);
  for (const [x, value] of values.entries()) {
    if (value === null) continue;
    const style = lineStyle(chart, value);
    const before = values[x - 1] ?? null;
    strokes(before === null ? rowOf(value) : rowOf(before), rowOf(value), glyph.line).forEach(([y, stroke]) => {
      put(y, x, stroke, style);
    });
  }
  return grid;
};

const lineStyle = ({ faded, isPast }: Chart, value: number): Style => {
  if (faded) return { dim: true };
  return isPast(value) ? { tone: 'fail', bold: true } : { bold: true };
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

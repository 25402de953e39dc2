import type { GateRow } from '../../session/gate-view.ts';
import { type SafeText, safe, safeLine } from '../../text/safe-text.ts';
import { padTo, shorten, widthOf, wrap } from '../../text/width.ts';
import { leftRight, type Row, row, span, wrapRows } from '../rows.ts';
import { becauseRows, wordOf, wordStyle } from './gate-cells.ts';
import { isMetricTable, metricTableRows } from './metric-table.ts';

interface Widths {
  readonly title: number;
  readonly value: number;
  readonly limit: number;
  readonly looks: number;
}

const gap = 3;
const wordColumns = 6;

const longestWord = (text: string): number => Math.max(0, ...text.split(' ').map(widthOf));

/** Columns as wide as what is in them, long titles and limits wrapped between words; null when they do not fit side by side. */
const widthsOf = (rows: readonly GateRow[], width: number): Widths | null => {
  const most = (of: (each: GateRow) => string, title: string, measure = widthOf): number =>
    Math.max(widthOf(title), ...rows.map((each) => measure(safeLine(of(each)))));
  const value = most((each) => each.value, 'value');
  const title = most((each) => each.title, 'check');
  const limit = most((each) => each.limit, 'limit');
  const leastTitle = most((each) => each.title, 'check', longestWord);
  const leastLimit = most((each) => each.limit, 'limit', longestWord);
  const allLooks = Math.max(0, ...rows.map(({ looks }) => looks.length));
  for (const looks of [allLooks, 0]) {
    const rest = width - value - wordColumns - gap * 3 - (looks === 0 ? 0 : looks + 2);
    if (title + limit <= rest) return { title, value, limit, looks };
    const wanted = Math.max(Math.min(limit, Math.floor(rest / 2)), leastLimit);
    const left = Math.min(title, rest - wanted);
    if (left >= leastTitle) return { title: left, value, limit: rest - left, looks };
  }
  return null;
};

/** The checks of a gate as a table. `said`: the gate's own reason; what it says is not said again. */
export const tableRows = (rows: readonly GateRow[], width: number, said: string | null): readonly Row[] => {
  const shown = rows.map((each) =>
    each.because !== null && said?.includes(each.because) === true ? { ...each, because: null } : each,
  );
  const judged = shown.filter(({ leftOut }) => !leftOut);
  return [...(judged.length === 0 ? [] : judgedRows(judged, width)), ...outRows(shown, width)];
};

const judgedRows = (rows: readonly GateRow[], width: number): readonly Row[] => {
  const metrics = isMetricTable(rows) ? metricTableRows(rows, width) : null;
  if (metrics !== null) return metrics;
  const widths = widthsOf(rows, width);
  return widths === null ? rows.flatMap((each) => stackedRows(each, width)) : columnRows(rows, widths, width);
};

/** Checks whose source is known to be away, all in one. */
const outRows = (rows: readonly GateRow[], width: number): readonly Row[] => {
  const out = rows.filter(({ leftOut }) => leftOut).map(({ title }) => title);
  return out.length === 0
    ? []
    : wrapRows(safe`not judged, known to be away: ${safeLine(out.join(', '))}`, width, { dim: true });
};

/** Most of a title in one row says as much as all of it in two; rows that are there anyway are used. */
const leastShare = 0.7;

const titleLines = (title: SafeText, columns: number, rows: number): readonly SafeText[] => {
  const lines = wrap(title, columns);
  const isCut = lines.length > rows && rows === 1 && columns >= widthOf(title) * leastShare;
  return isCut ? [shorten(title, columns)] : lines;
};

const columnRows = (rows: readonly GateRow[], widths: Widths, width: number): readonly Row[] => {
  const space = ' '.repeat(gap);
  const line = (title: string, value: string, limit: string): SafeText =>
    safe`${padTo(safeLine(title), widths.title)}${space}${padTo(safeLine(value), widths.value)}${space}${padTo(safeLine(limit), widths.limit)}${space}`;
  const head = row(safe`${line('check', 'value', 'limit')}result`, { dim: true });
  return [
    head,
    ...rows.flatMap((each): readonly Row[] => {
      const limits = wrap(safeLine(each.limit), widths.limit);
      const titles = titleLines(safeLine(each.title), widths.title, limits.length);
      const more = Array.from({ length: Math.max(titles.length, limits.length) - 1 }, (_, i) =>
        row(line(titles[i + 1] ?? '', '', limits[i + 1] ?? '')),
      );
      return [
        [
          span(line(titles[0] ?? '', each.value, limits[0] ?? '')),
          span(safe`${wordOf(each).padEnd(wordColumns)}`, wordStyle(each)),
          ...(each.looks === '' || widths.looks === 0 ? [] : [span(safe`  ${each.looks}`, { dim: true })]),
        ],
        ...more,
        ...becauseRows(each, width),
      ];
    }),
  ];
};

/** For a narrow place: the check with its word, then its value beside the limit. */
const stackedRows = (each: GateRow, width: number): readonly Row[] => {
  const { metric } = each;
  const words = metric?.words;
  const limit = words === undefined || words.limit === '' ? each.limit : words.limit;
  const rule = words !== undefined && words.limit !== '' && words.rule !== words.limit ? words.rule : '';
  const facts = [words?.canary || each.value, `limit ${limit}`, rule, words?.tally || each.looks].filter(
    (part) => part !== '',
  );
  return [
    leftRight(row(safeLine(each.title), { bold: true }), row(wordOf(each), wordStyle(each)), width),
    ...wrapRows(safe`${facts.join('   ')}`, width, { dim: true }, 2),
    ...becauseRows(each, width),
  ];
};

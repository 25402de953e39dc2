import { countWords } from '../../gates/minimums.ts';
import type { GateRow } from '../../session/gate-view.ts';
import type { MetricRow, RequestCount } from '../../session/metric-row.ts';
import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { padTo, shorten, widthOf, wrap } from '../../text/width.ts';
import { type Row, row, type Style, span, wrapRows } from '../rows.ts';
import { wordTone } from './cluster-panel.ts';
import { becauseRows, wordOf, wordStyle } from './gate-cells.ts';

/** One line of the table; empty cells have nothing to say. */
interface Line {
  readonly title: string;
  readonly canary: string;
  readonly compared: string;
  readonly limit: string;
  readonly rule: string;
  readonly word: SafeText;
  readonly style: Style;
  readonly tally: string;
  /** A check without numbers: its value and limit may run on into the next column. */
  readonly isText: boolean;
  readonly isBad: boolean;
  readonly below: (width: number) => readonly Row[];
}

interface Columns {
  readonly gap: number;
  readonly title: number;
  readonly canary: number;
  /** 0 = nothing is compared. */
  readonly compared: number;
  readonly limit: number;
  /** 0 = the rule stands below its line. */
  readonly rule: number;
  readonly tally: number;
}

interface Heads {
  readonly canary: string;
  readonly compared: string;
}

export const isMetricTable = (rows: readonly GateRow[]): boolean => rows.some(({ metric }) => metric !== null);

/** Checks with canary, control or baseline, limit and its rule side by side; null where that has no room. */
export const metricTableRows = (rows: readonly GateRow[], width: number): readonly Row[] | null => {
  const metrics = rows.flatMap(({ metric }) => metric ?? []);
  const lines = [...rows.map(lineOf), ...requestLines(rows)];
  const heads = headsOf(metrics);
  const columns = columnsOf(lines, heads, width);
  if (columns === null) return null;
  const head = cells(
    { title: 'check', canary: heads.canary, compared: heads.compared, limit: 'limit', rule: 'because' },
    columns,
  );
  return [row(safe`${head.join('')}result`, { dim: true }), ...lines.flatMap((line) => lineRows(line, columns, width))];
};

/** What the columns hold: a canary beside its control, or one value beside what it was. */
const headsOf = (metrics: readonly MetricRow[]): Heads => {
  const compared = [...new Set(metrics.flatMap(({ comparesWith }) => comparesWith ?? []))];
  const [only] = compared;
  return {
    canary: metrics.some(({ stableQuery }) => stableQuery !== null) ? 'canary' : 'now',
    compared: only === undefined ? '' : compared.length === 1 ? only : 'compared',
  };
};

const comparedWords = ({ comparesWith, words }: MetricRow): string =>
  comparesWith === null ? '' : comparesWith === 'stable' ? words.stable : words.baseline;

const lineOf = (each: GateRow): Line => {
  const { metric, title, value, limit, word, looks } = each;
  const words = metric?.words;
  return {
    title,
    canary: words === undefined ? value : words.canary || value,
    compared: metric === null ? '' : comparedWords(metric),
    limit: words === undefined ? limit : words.limit || (metric?.comparesWith == null ? limit : ''),
    rule: words === undefined || metric?.comparesWith == null ? '' : words.rule,
    word: wordOf(each),
    style: wordStyle(each),
    tally: words === undefined ? looks : words.tally,
    isText: metric === null,
    isBad: word === 'FAIL',
    below: (width) => becauseRows(each, width),
  };
};

interface Count {
  readonly name: string;
  readonly check: string;
  readonly seen: number;
  readonly needed: number;
}

const fewest = (counts: readonly Count[]): readonly Count[] =>
  counts.toSorted((a, b) => a.seen / a.needed - b.seen / b.needed).slice(0, 1);

/** The check with the fewest requests of those it needs tells for all; those of the whole gate only while they are too few. */
const requestLines = (rows: readonly GateRow[]): readonly Line[] => {
  const counts = (name: string, of: (metric: MetricRow) => RequestCount | null): readonly Count[] =>
    rows.flatMap(({ title, metric }): readonly Count[] => {
      const count = metric === null ? null : of(metric);
      return count === null || count.needed === null
        ? []
        : [{ name, check: title, seen: count.seen, needed: count.needed }];
    });
  const window = fewest(counts('requests', (metric) => metric.window));
  const total = fewest(counts('requests so far', (metric) => metric.requests));
  const lacking = total.filter(({ seen, needed }) => seen < needed);
  return [...(window.length === 0 && lacking.length === 0 ? total : window), ...lacking].map(requestLine);
};

const requestLine = ({ name, check, seen, needed }: Count): Line => {
  const word = seen >= needed ? 'ok' : 'wait';
  return {
    title: name,
    canary: countWords(seen),
    compared: '',
    limit: countWords(needed),
    rule: `enough for ${check}`,
    word: safeText(word),
    style: { tone: wordTone(word), bold: word !== 'ok' },
    tally: '',
    isText: false,
    isBad: false,
    below: () => [],
  };
};

const wordColumns = 6;
const longestWord = (text: string): number => Math.max(0, ...text.split(' ').map(widthOf));

/** What gives way where there is no room: space, tallies, the rules' column, then the width of titles. */
const columnsOf = (lines: readonly Line[], heads: Heads, width: number): Columns | null => {
  const most = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => widthOf(safeLine(text))));
  const numbers = lines.filter(({ isText }) => !isText);
  const numeric = numbers.map((line) => line.title);
  const full: Columns = {
    gap: 3,
    title: most([...lines.map((line) => line.title), 'check']),
    canary: most([...numbers.map((line) => line.canary), heads.canary]),
    compared: most([...numbers.map((line) => line.compared), heads.compared]),
    limit: most([...numbers.map((line) => line.limit), 'limit']),
    rule: numbers.every(({ rule }) => rule === '') ? 0 : most([...numbers.map((line) => line.rule), 'because']),
    tally: most(lines.map((line) => line.tally)),
  };
  const close = { ...full, gap: 2 };
  const short = { ...close, title: most([...numeric, 'check']) };
  const least = Math.max(5, ...numeric.map((text) => longestWord(safeLine(text))));
  const tries: readonly Columns[] = [
    full,
    close,
    { ...short, gap: 3 },
    short,
    { ...short, tally: 0 },
    { ...short, title: least },
    { ...short, title: least, tally: 0 },
    { ...short, rule: 0 },
    { ...short, rule: 0, tally: 0 },
    { ...short, title: least, rule: 0, tally: 0 },
  ];
  const found = tries.find((columns) => sizeOf(columns) <= width && textsFit(lines, columns));
  return found === undefined || found.title < short.title || found.title === full.title
    ? (found ?? null)
    : withTitles(found, full.title, width);
};

/** What space is left over goes to titles that would have to be shortened. */
const withTitles = (columns: Columns, longest: number, width: number): Columns => {
  const close = { ...columns, gap: 2 };
  return { ...close, title: Math.min(longest, columns.title + width - sizeOf(close)) };
};

/** A title of which as much is left in its column is still told apart from others. */
const leastShare = 0.4;

const titleBeside = ({ title }: Line, columns: Columns): SafeText | null => {
  const whole = safeLine(title);
  return columns.title < widthOf(whole) * leastShare ? null : shorten(whole, columns.title);
};

const sizeOf = ({ gap, title, canary, compared, limit, rule, tally }: Columns): number =>
  [title, canary, compared, limit, rule].filter((size) => size > 0).reduce((sum, size) => sum + size + gap, 0) +
  wordColumns +
  tally;

const valueSpan = ({ canary, compared, gap }: Columns): number => canary + (compared === 0 ? 0 : compared + gap);
const limitSpan = ({ limit, rule, gap }: Columns): number => limit + (rule === 0 ? 0 : rule + gap);

/** Words of checks without numbers are never broken. */
const textsFit = (lines: readonly Line[], columns: Columns): boolean =>
  lines.every(
    ({ isText, canary, limit }) =>
      !isText ||
      (longestWord(safeLine(canary)) <= valueSpan(columns) && longestWord(safeLine(limit)) <= limitSpan(columns)),
  );

type Cells = Pick<Line, 'title' | 'canary' | 'compared' | 'limit' | 'rule'>;

/** Title, canary, control, limit and rule, each with the space after it; numbers end under each other. */
const cells = (line: Cells, columns: Columns): readonly SafeText[] => {
  const space = ' '.repeat(columns.gap);
  const cell = (text: string, size: number, align: 'left' | 'right'): SafeText =>
    size === 0 ? safeText('') : safe`${padTo(safeLine(text), size, align)}${space}`;
  return [
    cell(line.title, columns.title, 'left'),
    cell(line.canary, columns.canary, 'right'),
    cell(line.compared, columns.compared, 'right'),
    cell(line.limit, columns.limit, 'right'),
    cell(line.rule, columns.rule, 'left'),
  ];
};

const lineRows = (line: Line, columns: Columns, width: number): readonly Row[] => {
  const result = [
    span(safe`${line.word.padEnd(wordColumns)}`, line.style),
    ...(columns.tally === 0 || line.tally === ''
      ? []
      : [span(safe`${line.tally}`, line.isBad ? line.style : { dim: true })]),
  ];
  const below = line.below(width);
  if (line.isText) return [...textRows(line, columns, width, result), ...below];
  const [title = '', ...more] = wrap(safeLine(line.title), columns.title);
  const [name, canary, ...rest] = cells({ ...line, title }, columns);
  const text = rest.join('');
  const first: Row = line.isBad
    ? [span(safe`${name ?? ''}`), span(safe`${canary ?? ''}`, line.style), span(safe`${text}`)]
    : [span(safe`${name ?? ''}${canary ?? ''}${text}`)];
  const rule = columns.rule === 0 && line.rule !== '' ? wrapRows(safeLine(line.rule), width, { dim: true }, 2) : [];
  return [[...first, ...result], ...more.map((each) => row(each)), ...rule, ...below];
};

/**
 * A check that tells words instead of numbers: they stand at the left of their place, over two columns; a title that is
 * longer than its column is shortened in the middle, and stands above them where too little of it would be left.
 */
const textRows = (line: Line, columns: Columns, width: number, result: Row): readonly Row[] => {
  const space = ' '.repeat(columns.gap);
  const values = wrap(safeLine(line.canary), valueSpan(columns));
  const limits = wrap(safeLine(line.limit), limitSpan(columns));
  const beside = titleBeside(line, columns);
  const above = beside === null ? wrapRows(safeLine(line.title), width) : [];
  const rows = Array.from({ length: Math.max(values.length, limits.length) }, (_, i): Row => {
    const title = (i === 0 ? beside : null) ?? safeText('');
    const text = safe`${padTo(title, columns.title)}${space}${padTo(values[i] ?? safeText(''), valueSpan(columns))}${space}${padTo(limits[i] ?? safeText(''), limitSpan(columns))}${space}`;
    return i === 0 ? [span(text), ...result] : [span(text)];
  });
  return [...above, ...rows];
};

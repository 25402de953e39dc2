import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { blank, type Row, row, rowWidth, span, wrapRow } from '../rows.ts';
import type { LogsDialog, Pager } from '../screen-state.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { fieldRow } from './field.ts';
import { outputRow } from './output-line.ts';

/** Where each line of an output begins on a screen of some width, without drawing any of it. */
export interface OutputMap {
  /** First row of each line; one more at the end: the number of rows. */
  readonly starts: readonly number[];
  readonly columns: number;
}

const maps = new WeakMap<readonly string[], OutputMap>();
const bare = (line: string): string => (line.includes('\u001B') ? line.replace(/\u001B\[[0-9;]*m/g, '') : line);
const drawnWidth = (line: string): number => (/^[\x20-\x7E]*$/.test(line) ? widthOf(line) : rowWidth(outputRow(line)));

export const outputMap = (lines: readonly string[], columns: number): OutputMap => {
  const known = maps.get(lines);
  if (known !== undefined && known.columns === columns) return known;
  const starts = [0];
  let at = 0;
  for (const line of lines) {
    // Wide characters may leave a column free at the end of a row: such lines are wrapped to be counted.
    const width = drawnWidth(line);
    at +=
      width <= columns
        ? 1
        : /^[\x20-\x7E]*$/.test(line)
          ? Math.ceil(width / columns)
          : wrapRow(outputRow(line), columns).length;
    starts.push(at);
  }
  const map = { starts, columns };
  maps.set(lines, map);
  return map;
};

/** The line that a row belongs to. */
export const lineAt = ({ starts }: OutputMap, rowNumber: number): number => {
  let low = 0;
  let high = Math.max(0, starts.length - 2);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= rowNumber) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** Line numbers that hold the query, ignoring case. */
export const hits = (lines: readonly string[], query: string): readonly number[] => {
  if (query === '') return [];
  const wanted = query.toLowerCase();
  return lines.flatMap((line, i) => (bare(line).toLowerCase().includes(wanted) ? [i] : []));
};

const bodyRows = (
  lines: readonly string[],
  scroll: number,
  columns: number,
  height: number,
  marked: ReadonlySet<number>,
): readonly Row[] => {
  const map = outputMap(lines, columns);
  const total = map.starts.at(-1) ?? 0;
  const rows: Row[] = Array.from({ length: total }, () => blank);
  const until = Math.min(total, scroll + height);
  for (let line = lineAt(map, scroll); line < lines.length && (map.starts[line] ?? 0) < until; line += 1) {
    const drawn = wrapRow(outputRow(lines[line] ?? ''), columns);
    for (const [i, part] of drawn.entries())
      rows[(map.starts[line] ?? 0) + i] = marked.has(line) ? part.map((piece) => ({ ...piece, inverse: true })) : part;
  }
  return rows;
};

const titleOf = (dialog: Pager, { view }: DialogContext): SafeText => {
  switch (dialog.kind) {
    case 'output': {
      const state = view.session.attempts[dialog.attempt];
      const script = state === undefined ? '' : `: ${state.spec.script.trim().split('\n')[0] ?? ''}`;
      return safe`Output of attempt ${dialog.attempt}${safeLine(script)}`;
    }
    case 'describe':
      return safe`Described: ${safeLine(dialog.reference)}`;
    case 'logs': {
      const names = dialog.sources.map(({ pod }) => pod);
      const which = names.length === 1 ? names[0] : `${names.length} pods`;
      return safe`Logs of ${safeLine(which ?? '')}${dialog.previous ? ', the run before the present one' : ''}`;
    }
  }
};

const emptyWords = (dialog: Pager): string =>
  dialog.kind === 'output'
    ? 'It wrote nothing.'
    : dialog.kind === 'describe'
      ? 'Nothing is known of it.'
      : dialog.ended.length === 0
        ? 'no line yet'
        : 'no lines';

/** How a stream of logs stands. */
const streamWords = ({ follows, unseen, ended }: LogsDialog): string => {
  if (ended.length > 0) return `ended: ${ended.join('; ')}`;
  if (follows) return 'following';
  return unseen === 0 ? 'standing still, G follows' : `${unseen} new ${unseen === 1 ? 'line' : 'lines'}, G follows`;
};

const keysOf = (dialog: Pager): string => {
  const all = 'j k PgDn PgUp g G scroll   / search   y copy';
  const next = '   n N next, previous';
  if (dialog.kind !== 'logs') return `${all}${next}   Esc back`;
  const other = dialog.previous
    ? '   p present run'
    : dialog.sources.some((each) => each.hasPrevious)
      ? '   p run before'
      : '';
  return `${all}${other}${next}   Esc back`;
};

/** A whole text, wrapped and never cut; only the rows in sight are drawn. */
export const outputView = (dialog: Pager, context: DialogContext): DialogView => {
  const { lines, query, field } = dialog;
  const { columns, height } = context;
  const map = lines === null ? null : outputMap(lines, columns);
  const total = map?.starts.at(-1) ?? 0;
  const atEnd = dialog.kind === 'logs' && dialog.follows;
  const scroll = atEnd ? Math.max(0, total - height) : dialog.scroll;
  const found = lines === null ? [] : hits(lines, query);
  const searched = found.length === 0 ? 'not found' : `${found.length} ${found.length === 1 ? 'line' : 'lines'}`;
  const at =
    map === null || lines === null ? 0 : atEnd ? lines.length : Math.min(lineAt(map, scroll) + 1, lines.length);
  const place = lines === null || lines.length === 0 ? '' : `line ${at} of ${lines.length}`;
  const stream = dialog.kind === 'logs' ? streamWords(dialog) : '';
  const rows =
    lines === null
      ? [row(safeText('reading it'), { dim: true })]
      : lines.length === 0
        ? [row(safeText(emptyWords(dialog)), { dim: true })]
        : bodyRows(lines, scroll, columns, height, new Set(found));
  return {
    title: titleOf(dialog, context),
    rows,
    scroll: atEnd ? total : scroll,
    menu: null,
    fixed:
      field === null
        ? []
        : [[span(safeText('/'), { tone: 'now', bold: true }), ...fieldRow(field, columns - 2, false, true)]],
    enter:
      field === null
        ? safe`${[place, stream, query === '' ? '' : `"${query}": ${searched}`, 'Esc goes back.'].filter((part) => part !== '').join('   ')}`
        : safeText('Enter searches.  Esc drops it.'),
    keys: safeText(keysOf(dialog)),
  };
};

import { safe, safeText } from '../../text/safe-text.ts';
import { type Row, row, span, wrapRows } from '../rows.ts';
import type { OutputDialog } from '../screen-state.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { fieldRow } from './field.ts';
import { outputRow } from './output-line.ts';

const plain = (line: string): string => line.replace(/\u001B\[[0-9;]*m/g, '').toLowerCase();

/** Line numbers that hold the query, ignoring case. */
export const hits = (lines: readonly string[], query: string): readonly number[] => {
  if (query === '') return [];
  const wanted = query.toLowerCase();
  return lines.flatMap((line, i) => (plain(line).includes(wanted) ? [i] : []));
};

/** The whole output, one row a line; only the lines in sight are drawn. */
export const outputView = (
  { attempt, lines, scroll, query, field }: OutputDialog,
  { view, columns, height }: DialogContext,
): DialogView => {
  const found = lines === null ? [] : hits(lines, query);
  const marked = new Set(found);
  const state = view.session.attempts[attempt];
  const title = safe`Output of attempt ${attempt}${state === undefined ? '' : `: ${state.spec.script.trim().split('\n')[0] ?? ''}`}`;
  const visible = (line: string, i: number): readonly Row[] => {
    if (i < scroll - 1 || i > scroll + height + 1) return [[]];
    const style = marked.has(i) ? [span(safeText('> '), { tone: 'now', bold: true })] : [];
    return [[...style, ...outputRow(line)]];
  };
  const rows =
    lines === null
      ? [row(safeText('reading …'), { dim: true })]
      : lines.length === 0
        ? [row(safeText('It wrote nothing.'), { dim: true })]
        : lines.flatMap(visible);
  const count = lines === null ? '' : `line ${Math.min(scroll + 1, lines.length)} of ${lines.length}`;
  const search =
    query === ''
      ? ''
      : `   "${query}": ${found.length === 0 ? 'not found' : `${found.length} ${found.length === 1 ? 'line' : 'lines'}`}`;
  return {
    title,
    tone: 'now',
    rows,
    scroll,
    menu: null,
    fixed:
      field === null
        ? []
        : [[span(safeText('/'), { tone: 'now', bold: true }), ...fieldRow(field, columns - 2, false, true)]],
    enter: field === null ? safe`${count}${search}` : safeText('Enter searches.  Esc drops it.'),
    keys: safeText('j k PgDn PgUp g G scroll   / search   n N next, previous   y copy   Esc back'),
  };
};

/** Long lines wrapped, for terminals that are narrower than the output. */
export const wrappedOutput = (text: string, columns: number): readonly string[] =>
  text
    .split('\n')
    .flatMap((line) =>
      line.length <= columns || line.includes('\u001B')
        ? [line]
        : wrapRows(safeText(line), columns).map((cut) => cut.map(({ text: piece }) => piece).join('')),
    );

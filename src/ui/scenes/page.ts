import { type SafeText, safe, safeText } from '../../text/safe-text.ts';
import { blank, fill, fitRow, type Row, row, rule, span } from '../rows.ts';
import type { Theme } from '../theme.ts';

export interface Page {
  readonly title: SafeText;
  /** Right of the title: where this is about. */
  readonly headline: SafeText | null;
  readonly rows: readonly Row[];
  readonly scroll: number;
  readonly enter: SafeText;
  readonly keys: SafeText;
}

/** Rows between the title and the two last lines. */
export const pageRoom = (rows: number): number => Math.max(1, rows - 5);

/** A screen of its own: title, body, what Enter does, keys. Exactly `rows` lines of `columns`. */
export const pageRows = (
  { title, headline, rows: body, scroll, enter, keys }: Page,
  columns: number,
  rows: number,
  theme: Theme,
): readonly Row[] => {
  const room = pageRoom(rows);
  const first = Math.max(0, Math.min(scroll, body.length - room));
  const shown = fill(body.slice(first, first + room), room);
  const below = body.length - first - room;
  const top: Row = [
    span(safe` ${title}`, { bold: true }),
    ...(headline === null ? [] : [span(safe`   ${headline}`, { dim: true })]),
  ];
  const foot =
    below > 0
      ? rule(safe`${below} more lines, PgDn`, columns, theme, { tone: 'wait', bold: true })
      : rule(null, columns, theme);
  return [
    fitRow(top, columns),
    rule(null, columns, theme),
    ...shown.map((line) => fitRow([span(safeText(' ')), ...line], columns)),
    foot,
    fitRow(row(safe` ${enter}`, { bold: true }), columns),
    fitRow(row(safe` ${keys}`, { dim: true }), columns),
  ];
};

export const tooSmallRows = (
  columns: number,
  rows: number,
  needs: { readonly columns: number; readonly rows: number },
): readonly Row[] =>
  fill(
    [
      row(safe`gonogo needs ${needs.columns}x${needs.rows}`),
      row(safe`this is ${columns}x${rows}`),
      row(safeText('everything goes on')),
      blank,
    ],
    rows,
  ).map((line) => fitRow(line, columns));

import { joinSafe, type SafeText, safe, safeText } from '../text/safe-text.ts';
import { truncate, widthOf, wrap } from '../text/width.ts';
import type { Theme } from './theme.ts';

/** What a text means; the theme gives it a colour. */
export type Tone = 'now' | 'ok' | 'wait' | 'fail' | 'blind';

export interface Style {
  readonly tone?: Tone;
  /** One of the 16 colours, for colours that a command wrote. */
  readonly color?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
}

/** A piece of a line in one style. Only safe text can be drawn. */
export interface Span extends Style {
  readonly text: SafeText;
}

/** One line of the screen. Views are functions that give rows; one widget draws them. */
export type Row = readonly Span[];

export const blank: Row = [];

export const span = (text: SafeText, style: Style = {}): Span => ({ text, ...style });
export const row = (text: SafeText, style: Style = {}): Row => [span(text, style)];

export const rowWidth = (of: Row): number => of.reduce((sum, { text }) => sum + widthOf(text), 0);
export const rowText = (of: Row): SafeText => joinSafe(of.map(({ text }) => text));

/** Cut with `…` or filled with spaces to exactly `columns`. */
export const fitRow = (of: Row, columns: number): Row => {
  const out: Span[] = [];
  let left = columns;
  for (const [i, piece] of of.entries()) {
    const width = widthOf(piece.text);
    const rest = of.slice(i + 1).some(({ text }) => text !== '');
    if (width < left || (width === left && !rest)) {
      out.push(piece);
      left -= width;
      continue;
    }
    if (left > 0) {
      const cut = width === left ? truncate(safe`${piece.text}  `, left) : truncate(piece.text, left);
      out.push({ ...piece, text: cut });
      left -= widthOf(cut);
    }
    break;
  }
  if (left > 0) out.push(span(safeText(' '.repeat(left))));
  return out;
};

/** Left and right on one line; the left part is cut first. */
export const leftRight = (left: Row, right: Row, columns: number): Row => {
  const width = Math.min(rowWidth(right), columns);
  const room = columns - width - (width === 0 ? 0 : 1);
  if (room <= 0) return fitRow(right, columns);
  return [...fitRow(left, room), ...(width === 0 ? [] : [span(safeText(' '))]), ...right];
};

/** A text wrapped to `columns`, never cut; `indent` columns in front of every line. */
export const wrapRows = (text: SafeText, columns: number, style: Style = {}, indent = 0): readonly Row[] => {
  const room = Math.max(1, columns - indent);
  const lead = safeText(' '.repeat(indent));
  return wrap(text, room).map((line) => (indent === 0 ? row(line, style) : [span(lead), span(line, style)]));
};

/** Styled text broken after `columns`, never cut; for output, which has no words to keep together. */
export const wrapRow = (of: Row, columns: number): readonly Row[] => {
  if (rowWidth(of) <= columns) return [of];
  const out: Row[] = [];
  let line: Span[] = [];
  let left = Math.max(1, columns);
  for (const piece of of) {
    let rest = piece.text;
    while (rest !== '') {
      const [head = '' as SafeText] = wrap(rest.replaceAll(' ', '\u00A0') as SafeText, left);
      const taken = widthOf(rest) <= left ? rest : (rest.slice(0, Math.max(1, head.length)) as SafeText);
      line.push({ ...piece, text: taken });
      rest = rest.slice(taken.length) as SafeText;
      left -= widthOf(taken);
      if (left > 0 && rest === '') break;
      out.push(line);
      line = [];
      left = Math.max(1, columns);
    }
  }
  return line.length === 0 ? out : [...out, line];
};

/** A label before wrapped text; continuation lines stand under the text. */
export const labelled = (
  label: SafeText,
  text: SafeText,
  columns: number,
  style: Style = {},
  labelStyle: Style = { dim: true },
): readonly Row[] => {
  const indent = widthOf(label);
  const lead = safeText(' '.repeat(indent));
  return wrap(text, Math.max(1, columns - indent)).map((line, i) => [
    span(i === 0 ? label : lead, i === 0 ? labelStyle : {}),
    span(line, style),
  ]);
};

/** Exactly `height` rows: cut at the end or filled with blank ones. */
export const fill = (rows: readonly Row[], height: number): readonly Row[] =>
  rows.length >= height
    ? rows.slice(0, Math.max(0, height))
    : [...rows, ...Array.from({ length: height - rows.length }, () => blank)];

export interface Section {
  readonly title: SafeText;
  readonly rows: readonly Row[];
  /** The title belongs to what the operator does now. */
  readonly accent?: boolean;
}

const edges = (theme: Theme) =>
  theme.border === 'single'
    ? { topLeft: '┌', topRight: '┐', left: '├', right: '┤', bottomLeft: '└', bottomRight: '┘', side: '│', line: '─' }
    : { topLeft: '+', topRight: '+', left: '+', right: '+', bottomLeft: '+', bottomRight: '+', side: '|', line: '-' };

/** A box of exactly `width` x `height` with titled sections; the last section takes what is left. */
export const pane = (sections: readonly Section[], width: number, height: number, theme: Theme): readonly Row[] => {
  const edge = edges(theme);
  const out: Row[] = [];
  const inner = Math.max(0, width - 4);
  const room = height - 1 - sections.length;
  let used = 0;
  for (const [i, { title, rows, accent }] of sections.entries()) {
    const [from, to] = i === 0 ? [edge.topLeft, edge.topRight] : [edge.left, edge.right];
    const shown = truncate(title, Math.max(0, width - 5));
    const rule = edge.line.repeat(Math.max(0, width - 4 - widthOf(shown)));
    const name: Span = accent === true ? span(shown, { tone: 'now', bold: true }) : span(shown, { bold: true });
    out.push([span(safeText(`${from} `), { dim: true }), name, span(safeText(` ${rule}${to}`), { dim: true })]);
    const last = i === sections.length - 1;
    const share = last ? room - used : Math.min(rows.length, room - used);
    for (const content of fill(rows, share))
      out.push([
        span(safeText(`${edge.side} `), { dim: true }),
        ...fitRow(content, inner),
        span(safeText(` ${edge.side}`), { dim: true }),
      ]);
    used += share;
  }
  out.push(
    row(safeText(`${edge.bottomLeft}${edge.line.repeat(Math.max(0, width - 2))}${edge.bottomRight}`), { dim: true }),
  );
  return fill(out, height);
};

/** Panes of equal height side by side. */
export const beside = (...panes: readonly (readonly Row[])[]): readonly Row[] => {
  const height = Math.max(...panes.map((rows) => rows.length));
  return Array.from({ length: height }, (_, i) => panes.flatMap((rows) => rows[i] ?? []));
};

/** A rule across the screen, with a title in it. */
export const rule = (title: SafeText | null, columns: number, theme: Theme, style: Style = { bold: true }): Row => {
  const line = theme.glyph.line;
  if (title === null) return row(safeText(line.repeat(columns)), { dim: true });
  const shown = truncate(title, Math.max(0, columns - 6));
  return [
    span(safeText(`${line}${line} `), { dim: true }),
    span(shown, style),
    span(safeText(` ${line.repeat(Math.max(0, columns - 4 - widthOf(shown)))}`), { dim: true }),
  ];
};

/** A bar of `columns` for a share from 0 to 1. */
export const bar = (share: number, columns: number, theme: Theme): SafeText => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return safeText(theme.glyph.barFull.repeat(full) + theme.glyph.barEmpty.repeat(columns - full));
};

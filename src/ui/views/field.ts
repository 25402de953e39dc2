import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { blank, type Row, span, wrapRows } from '../rows.ts';
import { fieldText, type TextField } from '../text-field.ts';

/** A field of one line with its cursor; it scrolls sideways under the cursor. */
export const fieldRow = (field: TextField, columns: number, secret: boolean, active: boolean): Row => {
  const shown = secret ? field.chars.map(() => '*') : field.chars.map((char) => safeLine(char));
  if (!active) return [span(safeText(shown.join('')))];
  const from = Math.max(0, field.cursor - Math.max(1, columns - 2));
  const before = shown.slice(from, field.cursor).join('');
  const under = shown[field.cursor] ?? ' ';
  const after = shown.slice(field.cursor + 1, field.cursor + 1 + Math.max(0, columns)).join('');
  return [
    span(safe`${before}`, { bold: true }),
    span(safe`${under}`, { inverse: true }),
    span(safe`${after}`, { bold: true }),
  ];
};

/** Text of several lines; the cursor stands in its line. */
export const editorRows = (
  field: TextField,
  columns: number,
): { readonly rows: readonly Row[]; readonly cursorRow: number } => {
  const rows: Row[] = [];
  let cursorRow = 0;
  let start = 0;
  for (const line of fieldText(field).split('\n')) {
    const length = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(line)].length;
    const at = field.cursor - start;
    if (at >= 0 && at <= length) {
      cursorRow = rows.length;
      rows.push(fieldRow({ chars: field.chars.slice(start, start + length), cursor: at }, columns, false, true));
    } else rows.push(...(line === '' ? [blank] : wrapRows(safeText(line), columns)));
    start += length + 1;
  }
  return { rows, cursorRow };
};

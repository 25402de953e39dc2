import { type SafeText, safe } from '../text/safe-text.ts';
import { padTo, widthOf } from '../text/width.ts';

/** Columns as wide as their longest cell, two spaces apart; the last one is not filled. */
export const table = (rows: readonly (readonly SafeText[])[]): readonly SafeText[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map(
    (row) => safe`${row.map((cell, i) => (i === row.length - 1 ? cell : padTo(cell, widths[i] ?? 0))).join('  ')}`,
  );
};

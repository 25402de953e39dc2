import { type SafeText, safe, safeText } from '../text/safe-text.ts';
import { padTo, widthOf } from '../text/width.ts';

/** Lines of a command that is not a run. */
export const print = (text: SafeText = safeText('')): void => void process.stdout.write(`${text}\n`);

export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

/** Columns as wide as their longest cell, two spaces apart; the last one is not filled. */
export const table = (rows: readonly (readonly SafeText[])[]): readonly SafeText[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map(
    (row) => safe`${row.map((cell, i) => (i === row.length - 1 ? cell : padTo(cell, widths[i] ?? 0))).join('  ')}`,
  );
};

import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { widthOf } from '../../text/width.ts';
import { labelled, type Row, span } from '../rows.ts';
import { fieldText, type TextField } from '../text-field.ts';
import { fieldRow } from './field.ts';

/** A word that is typed to go on. */
export interface AskedWord {
  readonly word: string;
  /** What it is: `holder`, `workload`, `check`. */
  readonly of: string;
}

/** The word, and under it letter by letter what is typed so far, and whether that can still become it. */
export const wordRows = ({ word, of }: AskedWord, field: TextField, columns: number): readonly Row[] => {
  const prompt = `Type the ${of}`;
  const soFar = 'typed so far';
  const width = Math.max(prompt.length, soFar.length) + 3;
  const text = fieldText(field).trim();
  const isWrong = !word.startsWith(text);
  const wrong = '   does not match';
  const room = Math.max(10, columns - width - (isWrong ? wrong.length : 0));
  return [
    ...labelled(safeText(prompt.padEnd(width)), safeLine(word), columns, { bold: true }, {}),
    [
      span(safeText(soFar.padEnd(width)), { dim: true }),
      ...fieldRow(field, room, false, true),
      ...(isWrong ? [span(safeText(wrong), { tone: 'fail', bold: true })] : []),
    ],
  ];
};

/** The same in one row, where the text above needs the others. */
export const wordLine = ({ word }: AskedWord, field: TextField, columns: number): readonly Row[] => {
  const prompt = safe`Type ${safeLine(word)}: `;
  return [[span(prompt, { bold: true }), ...fieldRow(field, Math.max(10, columns - widthOf(prompt)), false, true)]];
};

/** What Enter does now. */
export const wordEnter = ({ word }: AskedWord, field: TextField, does: string): SafeText =>
  fieldText(field).trim() === word
    ? safe`Enter ${does}.  Esc: no.`
    : safe`Enter does nothing until "${safeLine(word)}" is typed.  Esc: no.`;

/** Why Enter did nothing. */
export const wrongWord = ({ word, of }: AskedWord, text: string): string =>
  text === '' ? `type the ${of} "${word}", or Esc` : `"${text}" is not "${word}": nothing is done`;

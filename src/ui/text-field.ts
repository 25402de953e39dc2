import type { Press } from './press.ts';

/** Text that is being typed; `cursor` counts graphemes before it. */
export interface TextField {
  readonly chars: readonly string[];
  readonly cursor: number;
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
const split = (text: string): readonly string[] => [...segments.segment(text)].map(({ segment }) => segment);

export const textField = (text = ''): TextField => {
  const chars = split(text);
  return { chars, cursor: chars.length };
};

export const fieldText = (field: TextField): string => field.chars.join('');

/** Line breaks become spaces in a field of one line. */
export const insert = (field: TextField, text: string, multiline: boolean): TextField => {
  const clean = multiline ? text.replace(/\r\n?/g, '\n') : text.replace(/[\r\n]+/g, ' ').trimEnd();
  const added = split(clean);
  return { chars: field.chars.toSpliced(field.cursor, 0, ...added), cursor: field.cursor + added.length };
};

const at = (field: TextField, cursor: number): TextField => ({
  ...field,
  cursor: Math.max(0, Math.min(field.chars.length, cursor)),
});

const lineStart = (field: TextField, from: number): number => field.chars.lastIndexOf('\n', from - 1) + 1;
const lineEnd = (field: TextField, from: number): number => {
  const end = field.chars.indexOf('\n', from);
  return end === -1 ? field.chars.length : end;
};

const vertical = (field: TextField, by: 1 | -1): TextField => {
  const start = lineStart(field, field.cursor);
  const column = field.cursor - start;
  if (by === -1) {
    if (start === 0) return at(field, 0);
    const above = lineStart(field, start - 1);
    return at(field, Math.min(above + column, start - 1));
  }
  const end = lineEnd(field, field.cursor);
  if (end === field.chars.length) return at(field, end);
  return at(field, Math.min(end + 1 + column, lineEnd(field, end + 1)));
};

/** The field after a key; null when the key means nothing to it. Enter is left to the caller. */
export const edit = (field: TextField, press: Press): TextField | null => {
  switch (press.name) {
    case 'char':
      if (!press.ctrl) return insert(field, press.char, true);
      if (press.char === 'a') return at(field, lineStart(field, field.cursor));
      if (press.char === 'e') return at(field, lineEnd(field, field.cursor));
      if (press.char === 'u') {
        const start = lineStart(field, field.cursor);
        return { chars: field.chars.toSpliced(start, field.cursor - start), cursor: start };
      }
      return null;
    case 'backspace':
    case 'delete':
      return field.cursor === 0
        ? field
        : { chars: field.chars.toSpliced(field.cursor - 1, 1), cursor: field.cursor - 1 };
    case 'left':
      return at(field, field.cursor - 1);
    case 'right':
      return at(field, field.cursor + 1);
    case 'up':
      return vertical(field, -1);
    case 'down':
      return vertical(field, 1);
    case 'home':
      return at(field, lineStart(field, field.cursor));
    case 'end':
      return at(field, lineEnd(field, field.cursor));
    default:
      return null;
  }
};

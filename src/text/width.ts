import stringWidth from 'string-width';
import type { SafeText } from './safe-text.ts';

/** Columns that the text takes in a terminal. */
export const widthOf = (text: string): number => (/^[\x20-\x7E]*$/.test(text) ? text.length : stringWidth(text));

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

const take = (text: string, columns: number): string => {
  if (/^[\x20-\x7E]*$/.test(text)) return text.slice(0, columns);
  let out = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const width = widthOf(segment);
    if (used + width > columns) break;
    out += segment;
    used += width;
  }
  return out;
};

/** Cut to at most `columns`, with `…` as the last one when something is left out. */
export const truncate = (text: SafeText, columns: number): SafeText => {
  if (columns <= 0) return '' as SafeText;
  if (widthOf(text) <= columns) return text;
  return `${take(text, columns - 1)}…` as SafeText;
};

/** Cut to at most `columns` in the middle, so that both ends can be read: `pods app=ch…k=canary`. */
export const shorten = (text: SafeText, columns: number): SafeText => {
  if (columns < 3 || widthOf(text) <= columns) return truncate(text, columns);
  const head = take(text, Math.ceil((columns - 1) / 2));
  const room = columns - 1 - widthOf(head);
  let tail = '';
  for (const { segment } of [...segmenter.segment(text)].toReversed()) {
    if (widthOf(segment + tail) > room) break;
    tail = segment + tail;
  }
  return `${head}…${tail}` as SafeText;
};

/** Cut or fill with spaces to exactly `columns`. */
export const padTo = (text: SafeText, columns: number, align: 'left' | 'right' = 'left'): SafeText => {
  const cut = truncate(text, columns);
  const fill = ' '.repeat(Math.max(0, columns - widthOf(cut)));
  return (align === 'left' ? cut + fill : fill + cut) as SafeText;
};

/** Words wrapped to lines of at most `columns`; a longer word is broken; nothing is left out. Indentation of a line is kept for its continuation. */
export const wrap = (text: SafeText, columns: number): readonly SafeText[] => {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  for (const source of text.split('\n')) wrapLine(source, width, lines);
  return lines as SafeText[];
};

const wrapLine = (source: string, width: number, lines: string[]): void => {
  if (widthOf(source) <= width) {
    lines.push(source);
    return;
  }
  const indent = (/^ */.exec(source)?.[0] ?? '').slice(0, Math.floor(width / 2));
  let current = '';
  for (const piece of source.slice(indent.length).split(/(?<= )/)) {
    let word = piece;
    if (widthOf(indent + current + word.trimEnd()) > width && current !== '') {
      lines.push((indent + current).trimEnd());
      current = '';
    }
    while (widthOf(indent + current + word.trimEnd()) > width) {
      const head = take(word, width - widthOf(indent + current)) || word.slice(0, 1);
      lines.push(indent + current + head);
      current = '';
      word = word.slice(head.length);
    }
    current += word;
  }
  if (current !== '') lines.push((indent + current).trimEnd());
};

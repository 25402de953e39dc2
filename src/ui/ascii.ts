import type { SafeText } from '../text/safe-text.ts';
import { widthOf } from '../text/width.ts';

const near: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '-',
  '→': '>',
  '›': '>',
  '–': '-',
  '—': '-',
  '“': '"',
  '”': '"',
  '’': "'",
};
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** For a terminal that does not read UTF-8: the same width in ASCII, `?` for what has no likeness. */
export const asciiOf = (text: SafeText): SafeText => {
  if (/^[\x20-\x7E]*$/.test(text)) return text;
  let out = '';
  for (const { segment } of segments.segment(text))
    out += /^[\x20-\x7E]$/.test(segment) ? segment : (near[segment] ?? '?'.repeat(widthOf(segment)));
  return out as SafeText;
};

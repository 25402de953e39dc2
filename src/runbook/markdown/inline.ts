import MarkdownIt, { type Token } from 'markdown-it';

const parser = new MarkdownIt('commonmark', { maxNesting: 50 });
const hasMarkup = /[\\`*_[\]<&!]/;
/** Nobody reads a longer title; parsing it would only cost time. */
const longest = 4_000;

/** Markdown of one paragraph as the plain text that a reader sees: markup and HTML left out, white space collapsed. */
export const plainText = (markdown: string): string => {
  const source = markdown.length > longest ? markdown.slice(0, longest) : markdown;
  if (!hasMarkup.test(source)) return source.replace(/\s+/g, ' ').trim();
  const [inline] = parser.parseInline(source, {});
  return textOf(inline?.children ?? [])
    .replace(/\s+/g, ' ')
    .trim();
};

const textOf = (tokens: readonly Token[]): string => {
  let out = '';
  for (const token of tokens) {
    if (token.type === 'text' || token.type === 'text_special' || token.type === 'code_inline') out += token.content;
    else if (token.type === 'softbreak' || token.type === 'hardbreak') out += ' ';
  }
  return out;
};

/** A title: plain text without the colon that leads over to what follows. */
export const titleText = (markdown: string): string => plainText(markdown).replace(/\s*[:：]$/, '');

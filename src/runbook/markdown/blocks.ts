import MarkdownIt, { type Token } from 'markdown-it';

/**
 * Block structure of a document, with the source lines of every block (1-based, inclusive, blank lines at the end
 * left out). Inline text stays Markdown; `inline.ts` reads it where it is shown as a title.
 *
 * Blocks come from markdown-it: 250 kB take 17 ms and the worst text of 100 kB that we know 0.4 s, while micromark is
 * quadratic in the number of blocks (1.2 s and 73 s).
 */
export type Block = HeadingBlock | ParagraphBlock | CodeBlock | HtmlBlock | RuleBlock | QuoteBlock | ListBlock;

interface Lines {
  readonly from: number;
  readonly to: number;
}

export interface HeadingBlock extends Lines {
  readonly type: 'heading';
  readonly depth: number;
  readonly text: string;
}

export interface ParagraphBlock extends Lines {
  readonly type: 'paragraph';
  readonly text: string;
}

export interface CodeBlock extends Lines {
  readonly type: 'code';
  readonly fenced: boolean;
  /** False for a fence that ends with its container or the file. */
  readonly closed: boolean;
  /** The fence's characters; empty for an indented block. */
  readonly markup: string;
  readonly info: string;
  /** Content without the indentation and quote marks around it; entry i is source line `contentFrom + i`. */
  readonly content: readonly string[];
  readonly contentFrom: number;
}

export interface HtmlBlock extends Lines {
  readonly type: 'html';
  readonly text: string;
}

export interface RuleBlock extends Lines {
  readonly type: 'rule';
}

export interface QuoteBlock extends Lines {
  readonly type: 'quote';
  readonly children: readonly Block[];
}

export interface ListBlock extends Lines {
  readonly type: 'list';
  readonly ordered: boolean;
  readonly items: readonly ListItem[];
}

export interface ListItem extends Lines {
  /** As written: `-`, `*`, `1.`, `2)`. */
  readonly marker: string;
  readonly children: readonly Block[];
}

/** Lists count twice (the list and its item), quotes once: lists 100 deep are the limit. */
const maximumNesting = 200;

const containers: ReadonlySet<string> = new Set(['bullet_list_open', 'ordered_list_open', 'blockquote_open']);

const parser = new MarkdownIt('commonmark', { maxNesting: maximumNesting + 1 });

/** Blocks of the text; `tooDeepAt` is the line where nesting passes the limit, and then the blocks are incomplete. */
export const parseBlocks = (text: string): { blocks: readonly Block[]; tooDeepAt: number | null } => {
  const tokens: Token[] = [];
  parser.block.parse(text, parser, {}, tokens);
  const deepest = tokens.find(({ type, level }) => level >= maximumNesting && containers.has(type));
  if (deepest !== undefined) return { blocks: [], tooDeepAt: (deepest.map?.[0] ?? 0) + 1 };
  const cursor: Cursor = { tokens, position: 0, lines: text.split('\n') };
  return { blocks: readSequence(cursor, null), tooDeepAt: null };
};

interface Cursor {
  readonly tokens: readonly Token[];
  position: number;
  readonly lines: readonly string[];
}

/** Blocks up to the closing token `end`, or to the end of the document. */
const readSequence = (cursor: Cursor, end: string | null): Block[] => {
  const blocks: Block[] = [];
  while (cursor.position < cursor.tokens.length) {
    const token = cursor.tokens[cursor.position] as Token;
    cursor.position += 1;
    if (token.type === end) break;
    const block = readBlock(cursor, token);
    if (block !== null) blocks.push(block);
  }
  return blocks;
};

const readBlock = (cursor: Cursor, token: Token): Block | null => {
  const lines = linesOf(cursor, token);
  switch (token.type) {
    case 'heading_open':
      return {
        type: 'heading',
        ...lines,
        depth: Number(token.tag.slice(1)),
        text: readInline(cursor, 'heading_close'),
      };
    case 'paragraph_open':
      return { type: 'paragraph', ...lines, text: readInline(cursor, 'paragraph_close') };
    case 'fence':
    case 'code_block':
      return codeBlock(token, lines);
    case 'html_block':
      return { type: 'html', ...lines, text: token.content.trimEnd() };
    case 'hr':
      return { type: 'rule', ...lines };
    case 'blockquote_open':
      return { type: 'quote', ...lines, children: readSequence(cursor, 'blockquote_close') };
    case 'bullet_list_open':
      return { type: 'list', ...lines, ordered: false, items: readItems(cursor, 'bullet_list_close') };
    case 'ordered_list_open':
      return { type: 'list', ...lines, ordered: true, items: readItems(cursor, 'ordered_list_close') };
    default:
      return null;
  }
};

const readItems = (cursor: Cursor, end: string): ListItem[] => {
  const items: ListItem[] = [];
  while (cursor.position < cursor.tokens.length) {
    const token = cursor.tokens[cursor.position] as Token;
    cursor.position += 1;
    if (token.type === end) break;
    if (token.type !== 'list_item_open') continue;
    const lines = linesOf(cursor, token);
    items.push({ ...lines, marker: token.info + token.markup, children: readSequence(cursor, 'list_item_close') });
  }
  return items;
};

const readInline = (cursor: Cursor, end: string): string => {
  let text = '';
  while (cursor.position < cursor.tokens.length) {
    const token = cursor.tokens[cursor.position] as Token;
    cursor.position += 1;
    if (token.type === end) break;
    if (token.type === 'inline') text = token.content;
  }
  return text;
};

const codeBlock = (token: Token, lines: Lines): CodeBlock => {
  const [first, end] = token.map ?? [0, 0];
  const fenced = token.type === 'fence';
  const text = token.content.endsWith('\n') ? token.content.slice(0, -1) : token.content;
  const content = token.content === '' ? [] : text.split('\n');
  const closed = !fenced || end - first === content.length + 2;
  return {
    type: 'code',
    from: lines.from,
    to: closed ? end : lines.to,
    fenced,
    closed,
    markup: token.markup,
    info: token.info.trim(),
    content,
    contentFrom: first + (fenced ? 2 : 1),
  };
};

/** markdown-it counts the blank lines after a list, quote or open fence in; nobody means them. */
const linesOf = (cursor: Cursor, token: Token): Lines => {
  const [first, end] = token.map ?? [0, 1];
  let to = Math.max(first + 1, end);
  while (to > first + 1 && (cursor.lines[to - 1] ?? '').trim() === '') to -= 1;
  return { from: first + 1, to };
};

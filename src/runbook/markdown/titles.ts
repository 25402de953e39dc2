import { splitTrailingAttributes } from '../attributes.ts';
import { diagnosticAt } from '../diagnostic.ts';
import type { ListItem, ParagraphBlock } from './blocks.ts';
import type { DocumentContext, ItemAttributes } from './drafts.ts';
import { titleText } from './inline.ts';
import { softened } from './softened.ts';

const validBox = /^\[[ xX\n]\](?=\s)/;
/** `[X ]`, `[ x]`, `[]`, `[ ]text`: meant as a checkbox, shown as text by others. */
const crookedBox = /^\[(?: {2,}|\s*[xX]\s*|)\](?=\s|$)|^\[[ xX]\](?=[^\s([:])/;

/** Text of an item without its checkbox. */
export interface ItemText {
  readonly task: boolean;
  /** W302. */
  readonly crooked: boolean;
  readonly text: string;
}

export const itemText = (item: ListItem): ItemText => {
  const first = item.children[0];
  if (first?.type !== 'paragraph') return { task: false, crooked: false, text: '' };
  const valid = validBox.exec(first.text);
  if (valid !== null) return { task: true, crooked: false, text: first.text.slice(valid[0].length).trim() };
  if (/^\[[ xX]\]$/.test(first.text)) return { task: item.children.length > 1, crooked: false, text: '' };
  const crooked = crookedBox.exec(first.text);
  if (crooked !== null) return { task: true, crooked: true, text: first.text.slice(crooked[0].length).trim() };
  return { task: false, crooked: false, text: first.text };
};

/** Title and attributes of Markdown text whose first line may end in `{name=…}`. */
export const titleWithAttributes = (
  markdown: string,
  line: number,
  context: DocumentContext,
): { title: string; attributes: ItemAttributes | null } => {
  const [first = '', ...rest] = markdown.split('\n');
  const { text, attributes, problems } = splitTrailingAttributes(first);
  const source = context.lines[line - 1] ?? '';
  const place = { line, column: Math.max(0, source.lastIndexOf('{')) + 1 };
  for (const problem of problems) {
    context.report(softened(diagnosticAt(problem.code, place, problem.message, problem.hint), context.plain));
  }
  const has = Object.keys(attributes).length > 0;
  return { title: titleText([text, ...rest].join('\n')), attributes: has ? { values: attributes, place } : null };
};

/** The title alone of such a text. */
export const itemTitle = (markdown: string): string => {
  const [first = '', ...rest] = markdown.split('\n');
  return titleText([splitTrailingAttributes(first).text, ...rest].join('\n'));
};

/** Longest title taken from a paragraph as a whole. */
const comfortable = 160;

/** Title that a paragraph gives to the fence below it; null for tables, images, admonition marks and the like. */
export const leadTitle = (paragraph: ParagraphBlock): string | null => {
  if (/^\s*\|/.test(paragraph.text) || /\n\s*\|?\s*:?-{2,}:?\s*\|/.test(paragraph.text)) return null;
  if (/^(?:!!!|\?\?\?|:::|\{\{?[%<]|\[!\w+\])/.test(paragraph.text)) return null;
  const title = titleText(paragraph.text);
  if (title === '') return null;
  if (title.length <= comfortable) return title;
  const last = title.split(/(?<=[.!?])\s+(?=[\p{Lu}\d"'`])/u).at(-1) as string;
  return last.length <= comfortable ? last : title;
};

/** True when the title says everything that the paragraph says. */
export const saysItAll = (paragraph: ParagraphBlock, title: string): boolean =>
  title === titleText(paragraph.text) && !/\]\(|\]\[|<https?:|!\[/.test(paragraph.text);

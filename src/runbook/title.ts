import { decodeText } from './bytes.ts';
import { type HeadingBlock, parseBlocks } from './markdown/blocks.ts';
import { readFront, withoutFront } from './markdown/front.ts';
import { itemTitle } from './markdown/titles.ts';
import { isYamlRunbook } from './yaml/claim.ts';
import { readYaml } from './yaml/read.ts';
import { childOf } from './yaml/tree.ts';

/**
 * The title of a runbook, for lists of many: its steps are not read, which takes most of the time. What cannot be read
 * at all is called by the reason.
 */
export const runbookTitle = (bytes: Uint8Array, path: string): string => {
  const { text, diagnostics } = decodeText(bytes);
  if (text === null) return diagnostics[0]?.message ?? 'no runbook';
  return /\.ya?ml$/i.test(path) ? yamlTitle(text) : (markdownTitle(text) ?? baseName(path));
};

const markdownTitle = (text: string): string | null => {
  const { blocks } = parseBlocks(withoutFront(text));
  const first = blocks.find((block): block is HeadingBlock => block.type === 'heading' && block.depth === 1);
  const title = first === undefined ? '' : itemTitle(first.text);
  return title === '' ? (readFront(text).header?.title ?? null) : title;
};

const yamlTitle = (text: string): string => {
  if (!isYamlRunbook(text)) return 'no runbook';
  const { root } = readYaml(text, { quoting: 'everywhere', firstLine: 1, indent: 0 });
  const title = root === null ? undefined : childOf(root, 'title');
  return title?.kind === 'scalar' && title.text !== '' ? title.text : 'Untitled runbook';
};

/** What a file without a title is called. */
export const baseName = (path: string): string => {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return name.replace(/\.(?:md|markdown|mdx|ya?ml|txt)$/i, '') || name;
};

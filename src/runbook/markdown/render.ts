import type { Block, ListItem } from './blocks.ts';

/** A block as Markdown again, without the indentation and quote marks that were around it. */
export const renderBlock = (block: Block): string => {
  switch (block.type) {
    case 'heading':
      return `${'#'.repeat(block.depth)} ${block.text}`;
    case 'paragraph':
    case 'html':
      return block.text;
    case 'rule':
      return '---';
    case 'code': {
      if (!block.fenced) return block.content.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
      return [`${block.markup}${block.info}`, ...block.content, block.markup].join('\n');
    }
    case 'quote':
      return indent(renderBlocks(block.children), '> ', '> ').replace(/ +$/gm, '');
    case 'list':
      return join(block.items.map((item) => ({ from: item.from, to: item.to, text: renderItem(item) })));
  }
};

/** Neighbouring blocks, with the blank lines between them that the source has. */
export const renderBlocks = (blocks: readonly Block[]): string =>
  join(blocks.map((block) => ({ from: block.from, to: block.to, text: renderBlock(block) })));

const renderItem = (item: ListItem): string =>
  indent(renderBlocks(item.children), `${item.marker} `, ' '.repeat(item.marker.length + 1));

const indent = (text: string, first: string, rest: string): string =>
  text
    .split('\n')
    .map((line, i) => (i === 0 ? first + line : line === '' && rest.trim() === '' ? '' : rest + line))
    .join('\n');

const join = (parts: readonly { from: number; to: number; text: string }[]): string => {
  let out = '';
  let previousEnd = 0;
  for (const { from, to, text } of parts) {
    if (out !== '') out += from > previousEnd + 1 ? '\n\n' : '\n';
    out += text;
    previousEnd = to;
  }
  return out;
};

import type { Block, CodeBlock, ListBlock, ListItem } from './blocks.ts';

/**
 * A fence at the margin on the line right after a list item ends the list in Markdown, but its author meant it for
 * the item: it becomes the last block of that item, and so do the fences that follow it line by line.
 */
export const adoptMarginFences = (blocks: readonly Block[]): readonly Block[] => {
  const out: Block[] = [];
  for (const original of blocks) {
    const block = adoptInside(original);
    const previous = out.at(-1);
    if (previous?.type === 'list' && block.type === 'code' && block.fenced && block.from === previous.to + 1)
      out[out.length - 1] = withFence(previous, block);
    else out.push(block);
  }
  return out;
};

const adoptInside = (block: Block): Block => {
  if (block.type === 'quote') return { ...block, children: adoptMarginFences(block.children) };
  if (block.type !== 'list') return block;
  return { ...block, items: block.items.map((item) => ({ ...item, children: adoptMarginFences(item.children) })) };
};

const isTask = (item: ListItem): boolean => {
  const first = item.children[0];
  return first?.type === 'paragraph' && /^\[[ xX]?\s?\]/.test(first.text);
};

/** The last item takes it, or the last nested one when that is a step by itself. */
const withFence = (list: ListBlock, fence: CodeBlock): ListBlock => {
  const last = list.items.at(-1) as ListItem;
  const nested = last.children.at(-1);
  const children =
    nested?.type === 'list' && nested.to === list.to && endsInStep(nested)
      ? [...last.children.slice(0, -1), withFence(nested, fence)]
      : [...last.children, fence];
  return { ...list, to: fence.to, items: [...list.items.slice(0, -1), { ...last, to: fence.to, children }] };
};

const endsInStep = (list: ListBlock): boolean => list.ordered || isTask(list.items.at(-1) as ListItem);

import type { Block } from './blocks.ts';

/** Every block in document order, those inside quotes and lists included. */
export function* walkBlocks(blocks: readonly Block[]): Generator<Block> {
  for (const block of blocks) {
    yield block;
    if (block.type === 'quote') yield* walkBlocks(block.children);
    if (block.type === 'list') for (const item of block.items) yield* walkBlocks(item.children);
  }
}

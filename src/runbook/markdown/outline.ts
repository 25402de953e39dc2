import type { Block, HeadingBlock } from './blocks.ts';
import type { DocumentContext, PhaseDraft } from './drafts.ts';
import { StepReader } from './steps.ts';
import { titleWithAttributes } from './titles.ts';

/** A document as phases with their steps. */
export interface Outline {
  /** Text of the first H1. */
  readonly title: string | null;
  /** Markdown before the first phase; empty when steps stand there too (then it is phase 0's). */
  readonly introduction: string;
  /** Phase 0 first, if it has steps. */
  readonly phases: readonly PhaseDraft[];
}

/**
 * The first H1 is the title, every other heading a phase, nested by depth and numbered in document order.
 * Steps before the first phase are phase 0's; those right under a title that comes late are a phase of that title.
 */
export const readOutline = (blocks: readonly Block[], fallbackTitle: string, context: DocumentContext): Outline => {
  const reader = new StepReader(context);
  const titleBlock =
    blocks.find((block): block is HeadingBlock => block.type === 'heading' && block.depth === 1) ?? null;
  const title = titleBlock === null ? null : titleWithAttributes(titleBlock.text, titleBlock.from, context).title;
  const roots: PhaseDraft[] = [];
  const open: PhaseDraft[] = [];
  let count = 0;
  let introduction = '';
  for (const { heading, content } of sections(blocks)) {
    if (heading === null || heading === titleBlock) {
      open.length = 0;
      const zero = newPhase(0, title || fallbackTitle, null, content[0]?.from ?? 1);
      const phase =
        count === 0 ? (roots[0] ?? zero) : { ...zero, number: count + 1, heading, line: heading?.from ?? 1 };
      reader.readSection(content, phase);
      if (phase.steps.length > 0 && !roots.includes(phase)) {
        count = phase.number;
        roots.push(phase);
      }
      if (phase.steps.length === 0)
        introduction = [introduction, ...phase.prose].filter((text) => text !== '').join('\n\n');
      continue;
    }
    while (open.length > 0 && (open.at(-1) as PhaseDraft).depth >= heading.depth) open.pop();
    count += 1;
    const phase = newHeadingPhase(count, heading, context);
    (open.at(-1)?.phases ?? roots).push(phase);
    open.push(phase);
    reader.readSection(content, phase);
  }
  return { title: title === '' ? null : title, introduction, phases: roots };
};

/** Blocks by the heading above them; headings inside quotes and lists are text. */
function* sections(blocks: readonly Block[]): Generator<{ heading: HeadingBlock | null; content: readonly Block[] }> {
  let heading: HeadingBlock | null = null;
  let content: Block[] = [];
  for (const block of blocks) {
    if (block.type !== 'heading') {
      content.push(block);
      continue;
    }
    if (heading !== null || content.length > 0) yield { heading, content };
    heading = block;
    content = [];
  }
  if (heading !== null || content.length > 0) yield { heading, content };
}

const newHeadingPhase = (number: number, heading: HeadingBlock, context: DocumentContext): PhaseDraft => {
  const { title, attributes } = titleWithAttributes(heading.text, heading.from, context);
  return { ...newPhase(number, title, heading, heading.from), depth: heading.depth, attributes };
};

const newPhase = (number: number, title: string, heading: HeadingBlock | null, line: number): PhaseDraft => ({
  number,
  title,
  depth: heading?.depth ?? 1,
  heading,
  line,
  attributes: null,
  prose: [],
  steps: [],
  phases: [],
});

import { parseAttributes } from '../attributes.ts';
import { diagnosticAt } from '../diagnostic.ts';
import type { Block, CodeBlock, ListBlock, ListItem, ParagraphBlock, QuoteBlock } from './blocks.ts';
import type { ActiveCode, DocumentContext, StepDraft } from './drafts.ts';
import { Leads } from './leads.ts';
import { renderBlock } from './render.ts';
import { softened } from './softened.ts';
import { itemText, leadTitle, saysItAll, titleWithAttributes } from './titles.ts';
import { walkBlocks } from './walk-blocks.ts';

/** Where the steps and prose of a sequence of blocks go. */
interface Host {
  readonly addStep: (step: StepDraft) => void;
  readonly addProse: (markdown: string) => void;
  /** Takes a code block into the step that is being read; false when it must be a step of its own. */
  readonly takeCode: (code: ActiveCode) => boolean;
  readonly fallbackTitle: string;
}

/** Reads the blocks of a document into steps, phase by phase. */
export class StepReader {
  readonly #context: DocumentContext;
  /** The step of the last command, which an `undo` fence reverses. */
  #lastWithCommand: StepDraft | null = null;

  constructor(context: DocumentContext) {
    this.#context = context;
  }

  /** Blocks between two headings. `prose` belongs to the phase until it has a step, then to the last step. */
  readSection(blocks: readonly Block[], phase: { title: string; prose: string[]; steps: StepDraft[] }): void {
    this.#readSequence(blocks, {
      addStep: (step) => phase.steps.push(step),
      addProse: (markdown) => (phase.steps.at(-1)?.prose ?? phase.prose).push(markdown),
      takeCode: () => false,
      fallbackTitle: phase.title,
    });
  }

  #readSequence(blocks: readonly Block[], host: Host): void {
    const leads = new Leads();
    let pending: ParagraphBlock | null = null;
    const flush = (): void => {
      if (pending !== null) host.addProse(pending.text);
      pending = null;
    };
    for (const block of blocks) {
      const code = block.type === 'code' ? this.#activeCode(block) : null;
      if (code !== null) {
        if (this.#takeUndo(code)) flush();
        else if (host.takeCode(code)) flush();
        else {
          const step = newStep(leads.title ?? host.fallbackTitle, code.block.from, null);
          if (pending !== null && !saysItAll(pending, step.title)) step.prose.push((pending as ParagraphBlock).text);
          pending = null;
          step.code.push(code);
          if (code.reading.kind === 'command') this.#lastWithCommand = step;
          host.addStep(step);
        }
        leads.take();
        continue;
      }
      flush();
      leads.pass(block.type === 'code');
      if (block.type === 'paragraph') {
        const title = leadTitle(block);
        leads.paragraph(title);
        if (title === null) host.addProse(block.text);
        else pending = block;
      } else if (block.type === 'heading') {
        leads.heading(titleWithAttributes(block.text, block.from, this.#context).title || null);
        host.addProse(renderBlock(block));
      } else if (block.type === 'list') {
        this.#readList(block, host);
        leads.list(leadOfList(block));
      } else if (block.type === 'quote') this.#readQuote(block, host);
      else if (block.type !== 'rule') host.addProse(renderBlock(block));
      if (block.type === 'html') leads.html(block);
    }
    flush();
  }

  #readList(list: ListBlock, host: Host): void {
    if (isContents(list)) {
      host.addProse(renderBlock(list));
      return;
    }
    let plain: ListItem[] = [];
    const flush = (): void => {
      if (plain.length > 0) host.addProse(renderBlock({ ...list, items: plain }));
      plain = [];
    };
    for (const item of list.items) {
      if (this.#isStep(item, list)) {
        flush();
        host.addStep(this.#readItem(item, host.fallbackTitle));
      } else if (this.#hasSteps(item.children)) {
        flush();
        this.#readSequence(item.children, {
          ...host,
          addProse: (markdown) => host.addProse(`${item.marker} ${markdown}`),
        });
      } else plain.push(item);
    }
    flush();
  }

  #readQuote(quote: QuoteBlock, host: Host): void {
    if (!this.#hasSteps(quote.children) && !this.#hasActiveCode(quote.children)) {
      host.addProse(renderBlock(quote));
      return;
    }
    const quoted = (markdown: string): string => markdown.replace(/^/gm, '> ').replace(/ +$/gm, '');
    this.#readSequence(quote.children, { ...host, addProse: (markdown) => host.addProse(quoted(markdown)) });
  }

  #readItem(item: ListItem, parentTitle: string): StepDraft {
    const { text, crooked } = itemText(item);
    if (crooked) {
      const place = { line: item.from, column: (this.#context.lines[item.from - 1] ?? '').indexOf('[') + 1 };
      const message = 'checkbox is not "[ ]" or "[x]"';
      this.#context.report(diagnosticAt('W302', place, message, 'write "[ ]" with one character between the brackets'));
    }
    const first = item.children[0];
    const hasText = first?.type === 'paragraph';
    const { title, attributes } = titleWithAttributes(text, item.from, this.#context);
    const step = newStep(title || this.#titleOfCode(item) || parentTitle, item.from, attributes);
    if (hasText && !saysItAll({ ...first, text }, title) && attributes === null) step.prose.push(text);
    this.#readSequence(hasText ? item.children.slice(1) : item.children, {
      addStep: (nested) => step.steps.push(nested),
      addProse: (markdown) => step.prose.push(markdown),
      takeCode: (code) => {
        if (step.steps.length > 0) return false;
        step.code.push(code);
        if (code.reading.kind === 'command') this.#lastWithCommand = step;
        return true;
      },
      fallbackTitle: step.title,
    });
    return step;
  }

  /** An item without words is called by its first command line. */
  #titleOfCode(item: ListItem): string | null {
    const code = item.children.find((block) => block.type === 'code');
    const reading = code === undefined ? null : this.#context.readCode(code as CodeBlock);
    if (reading?.kind !== 'command') return null;
    return reading.source.script.find((line) => line.trim() !== '' && !line.trim().startsWith('#'))?.trim() ?? null;
  }

  #isStep(item: ListItem, list: ListBlock): boolean {
    return list.ordered || itemText(item).task || this.#hasActiveCode(item.children);
  }

  #hasActiveCode(blocks: readonly Block[]): boolean {
    for (const block of walkBlocks(blocks)) if (block.type === 'code' && this.#activeCode(block) !== null) return true;
    return false;
  }

  #hasSteps(blocks: readonly Block[]): boolean {
    for (const block of walkBlocks(blocks)) {
      if (
        block.type === 'list' &&
        !isContents(block) &&
        block.items.some((item) => block.ordered || itemText(item).task)
      )
        return true;
    }
    return false;
  }

  #activeCode(block: CodeBlock): ActiveCode | null {
    const reading = this.#context.readCode(block);
    return reading.kind === 'text' ? null : { block, reading };
  }

  /** An `undo` fence belongs to the step of the command before it. */
  #takeUndo(code: ActiveCode): boolean {
    if (code.reading.kind !== 'command' || !code.block.info.includes('undo')) return false;
    if (parseAttributes(code.block.info).attributes.undo !== 'true') return false;
    if (this.#lastWithCommand !== null) {
      this.#lastWithCommand.undo.unshift(code);
      return true;
    }
    const place = { line: code.block.from, column: 1 };
    const message = 'undo has no command before it';
    const problem = diagnosticAt('E217', place, message, 'put it after the command');
    this.#context.report(softened(problem, this.#context.plain));
    return false;
  }
}

const newStep = (title: string, line: number, attributes: StepDraft['attributes']): StepDraft => ({
  title,
  line,
  attributes,
  prose: [],
  code: [],
  undo: [],
  steps: [],
});

/** The last item of a list leads over to what follows when it ends in a colon. */
const leadOfList = (block: ListBlock): string | null => {
  const last = block.items.at(-1);
  const paragraph = last?.children.at(-1);
  if (last === undefined || paragraph?.type !== 'paragraph' || !/[:：]\s*$/.test(paragraph.text)) return null;
  return leadTitle(last.children.length === 1 ? { ...paragraph, text: itemText(last).text } : paragraph);
};

/** A table of contents: every item is a link into the same page. */
const isContents = (block: ListBlock): boolean =>
  block.items.every((item) =>
    item.children.every((child) =>
      child.type === 'list'
        ? isContents(child)
        : child.type === 'paragraph' && /^\[[^\]]*\]\(#[^)]*\)\.?$/.test(child.text),
    ),
  );

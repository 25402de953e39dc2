import { diagnosticAt } from '../diagnostic.ts';
import type { Diagnostic, LoadResult } from '../model.ts';
import { Anchors } from './anchors.ts';
import { assemblePhases, type OffPath } from './assemble.ts';
import { type Block, type CodeBlock, type HeadingBlock, parseBlocks } from './blocks.ts';
import { ActionBuilder } from './code-actions.ts';
import { type ActiveCode, type DocumentContext, hasSteps, type PhaseDraft, type StepDraft } from './drafts.ts';
import { type Reading, readCode } from './fence.ts';
import { readFront } from './front.ts';
import { plainText } from './inline.ts';
import { adoptMarginFences } from './margin-fences.ts';
import { mentionedTools } from './mentioned-tools.ts';
import { offPathOf } from './off-path.ts';
import { type Outline, readOutline } from './outline.ts';
import { sampleFence, swallowedFences } from './sample-fences.ts';
import { walkBlocks } from './walk-blocks.ts';

export interface MarkdownOptions {
  /** Title of a file that has none. */
  readonly fallbackTitle: string;
  /** `all`: rollback and reference phases are on the path too. */
  readonly offPath: 'auto' | 'all';
}

/** A Markdown document, plain or gonogo's, as a runbook. `text` has `\n` line breaks. */
export const loadMarkdown = (text: string, options: MarkdownOptions): LoadResult => {
  const front = readFront(text);
  const { header } = front;
  if (header === null) return { runbook: null, diagnostics: front.diagnostics };
  const { blocks: parsed, tooDeepAt } = parseBlocks(front.body);
  if (tooDeepAt !== null) {
    const message = 'lists or quotes nest deeper than 100';
    const problem = diagnosticAt('E304', { line: tooDeepAt, column: 1 }, message, 'nest less, or split the list');
    return { runbook: null, diagnostics: [...front.diagnostics, problem] };
  }
  const blocks = adoptMarginFences(parsed);
  const lines = text.split('\n');
  const context = documentContext(header.plain, lines, blocks);
  const outline = readOutline(blocks, header.title ?? options.fallbackTitle, context);
  const found: Diagnostic[] = [...front.diagnostics, ...context.diagnostics];
  if (!outline.phases.some(hasSteps)) {
    const hint = 'add a checklist item ("- [ ] …"), a numbered list or a shell fence';
    return {
      runbook: null,
      diagnostics: [...found, diagnosticAt('E102', { line: 1, column: 1 }, 'no steps found', hint)],
    };
  }
  const actions = new ActionBuilder(header, lines, outline.phases.flatMap(codeOfPhase));
  const title = outline.title ?? header.title ?? options.fallbackTitle;
  const { anchors, anchorOf } = headingAnchors(blocks);
  const phases = assemblePhases(outline.phases, {
    plain: header.plain,
    actions,
    anchors,
    anchorOf,
    offPathOf: offPathRule(outline, title, header.kind, options.offPath),
  });
  const inputs = [...header.inputs, ...actions.placeholders.values()];
  const summary = header.summary ?? (outline.introduction === '' ? null : outline.introduction);
  return { runbook: { ...header, title, summary, inputs, phases }, diagnostics: [...found, ...actions.diagnostics] };
};

const documentContext = (
  plain: boolean,
  lines: readonly string[],
  blocks: readonly Block[],
): DocumentContext & { readonly diagnostics: readonly Diagnostic[] } => {
  const readings = new Map<CodeBlock, Reading>();
  const tools = mentionedTools(lines.join('\n'));
  const read = (block: CodeBlock): Reading => {
    const reading = readings.get(block) ?? readCode(block, { plain, tools });
    readings.set(block, reading);
    return reading;
  };
  const code = [...walkBlocks(blocks)].filter((block) => block.type === 'code');
  const diagnostics = code.flatMap((block) =>
    [unclosed(block, lines), sampleFence(block, read(block), lines), ...swallowedFences(block, lines)].filter(
      (found) => found !== null,
    ),
  );
  return {
    plain,
    lines,
    diagnostics,
    report: (diagnostic) => diagnostics.push(diagnostic),
    readCode: read,
  };
};

const unclosed = (block: CodeBlock, lines: readonly string[]): Diagnostic | null => {
  if (block.closed) return null;
  const column = Math.max(0, (lines[block.from - 1] ?? '').indexOf(block.markup)) + 1;
  const message = `code block opened line ${block.from} never closed`;
  return diagnosticAt(
    'W301',
    { line: block.from, column },
    message,
    `close it with ${block.markup} on a line of its own`,
  );
};

/** Anchors of all headings, those in quotes and lists included, as a code host counts them. */
const headingAnchors = (
  blocks: readonly Block[],
): { anchors: Anchors; anchorOf: ReadonlyMap<HeadingBlock, string> } => {
  const anchors = new Anchors();
  const anchorOf = new Map<HeadingBlock, string>();
  for (const block of walkBlocks(blocks))
    if (block.type === 'heading') anchorOf.set(block, anchors.next(plainText(block.text)));
  return { anchors, anchorOf };
};

/** Off in kinds `rollback` and `incident`, when the title is of that sort, and when no other phase would have a step. */
const offPathRule = (
  outline: Outline,
  title: string,
  kind: string,
  setting: 'auto' | 'all',
): ((phase: PhaseDraft) => OffPath) => {
  const none = (): OffPath => null;
  if (setting === 'all' || kind === 'rollback' || kind === 'incident' || offPathOf(title) !== null) return none;
  const rule = (phase: PhaseDraft): OffPath => (phase.heading === null ? null : offPathOf(phase.title));
  const onPath = (phase: PhaseDraft): boolean =>
    rule(phase) === null && (phase.steps.length > 0 || phase.phases.some(onPath));
  return outline.phases.some(onPath) ? rule : none;
};

const codeOfPhase = (phase: PhaseDraft): ActiveCode[] => [
  ...phase.steps.flatMap(codeOfStep),
  ...phase.phases.flatMap(codeOfPhase),
];

const codeOfStep = (step: StepDraft): ActiveCode[] => [...step.code, ...step.undo, ...step.steps.flatMap(codeOfStep)];

import type { Place } from '../diagnostic.ts';
import type { Diagnostic } from '../model.ts';
import type { CodeBlock, HeadingBlock } from './blocks.ts';
import type { Reading } from './fence.ts';

/** A code block that does something, with what it was found to be. */
export interface ActiveCode {
  readonly block: CodeBlock;
  readonly reading: Exclude<Reading, { kind: 'text' }>;
}

/** Attributes in braces at the end of a heading or of the first line of an item. */
export interface ItemAttributes {
  readonly values: Readonly<Record<string, string>>;
  readonly place: Place;
}

/** A step while the document is read. */
export interface StepDraft {
  readonly title: string;
  readonly line: number;
  readonly attributes: ItemAttributes | null;
  readonly prose: string[];
  readonly code: ActiveCode[];
  readonly undo: ActiveCode[];
  readonly steps: StepDraft[];
}

/** A phase while the document is read; number 0 has no heading. */
export interface PhaseDraft {
  readonly number: number;
  readonly title: string;
  readonly depth: number;
  readonly heading: HeadingBlock | null;
  readonly line: number;
  readonly attributes: ItemAttributes | null;
  readonly prose: string[];
  readonly steps: StepDraft[];
  readonly phases: PhaseDraft[];
}

/** What the readers of a document share. */
export interface DocumentContext {
  readonly plain: boolean;
  /** Source lines of the file. */
  readonly lines: readonly string[];
  readonly readCode: (block: CodeBlock) => Reading;
  readonly report: (diagnostic: Diagnostic) => void;
}

export const hasSteps = (phase: PhaseDraft): boolean => phase.steps.length > 0 || phase.phases.some(hasSteps);

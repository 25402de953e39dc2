import type { Finding } from './finding.ts';

export interface Placeholder {
  /** As written, with its brackets: `<your-namespace>`. */
  readonly text: string;
  /** `P_YOUR_NAMESPACE`. */
  readonly variable: string;
}

export interface Rewritten {
  readonly script: string;
  /** One a text, in order of appearance. */
  readonly placeholders: readonly Placeholder[];
  readonly findings: readonly Finding[];
  /** Offset in the rewritten script -> offset in the original. */
  readonly toOriginal: (offset: number) => number;
}

/** `<your-namespace>` -> quoted references to `P_YOUR_NAMESPACE`. */
export const rewritePlaceholders = (script: string): Rewritten => ({
  script,
  placeholders: [],
  findings: [],
  toOriginal: (offset) => offset,
});

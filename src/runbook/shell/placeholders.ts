import type { Finding } from './finding.ts';
import { placeholderAt, variableFor } from './placeholder-text.ts';
import { type Context, contexts, scanQuoting } from './quoting.ts';

export interface Placeholder {
  /** As written, with its brackets: `<your-namespace>`. */
  readonly text: string;
  /** `P_YOUR_NAMESPACE`. */
  readonly variable: string;
}

/** Where one stands in the original script, and in which quoting. */
export interface PlaceholderUse extends Placeholder {
  readonly start: number;
  readonly end: number;
  readonly context: Context;
}

export interface Rewritten {
  readonly script: string;
  /** One a text, in order of appearance. */
  readonly placeholders: readonly Placeholder[];
  readonly uses: readonly PlaceholderUse[];
  readonly findings: readonly Finding[];
  /** Offset in the rewritten script -> offset in the original. */
  readonly toOriginal: (offset: number) => number;
}

/** Every placeholder of a script outside comments. */
export const findPlaceholders = (script: string): readonly PlaceholderUse[] => {
  if (!script.includes('<')) return [];
  const uses: PlaceholderUse[] = [];
  scanQuoting(script, (at, end, context) => {
    const text = placeholderAt(script, at, end, context !== contexts.bare);
    if (text === null || (context === contexts.single && text.includes("'"))) return null;
    uses.push({ text, variable: variableFor(text), start: at, end: at + text.length, context });
    return at + text.length;
  });
  return uses;
};

/** What replaces a use, for its quoting: the value stays one word and is never read as syntax. */
export const reference = (use: PlaceholderUse): string => {
  const value = `\${${use.variable}}`;
  if (use.context === contexts.bare) return `"${value}"`;
  if (use.context === contexts.single) return `'"${value}"'`;
  if (use.context === contexts.ansi) return `'"${value}"$'`;
  return value;
};

/**
 * `<your-namespace>` -> a quoted reference to `P_YOUR_NAMESPACE`. Where no quoting can hold a value
 * (a here-document with a quoted delimiter, arithmetic) it stays as it is and is reported as E418.
 */
export const rewritePlaceholders = (
  script: string,
  referenceTo: (use: PlaceholderUse) => string = reference,
): Rewritten => {
  const uses = findPlaceholders(script);
  const findings: Finding[] = [];
  const edits: Edit[] = [];
  let out = '';
  let from = 0;
  for (const use of uses) {
    const finding = unquotable(use);
    if (finding !== null) {
      findings.push(finding);
      continue;
    }
    out += script.slice(from, use.start);
    const text = referenceTo(use);
    edits.push({ start: use.start, end: use.end, newStart: out.length, newEnd: out.length + text.length });
    out += text;
    from = use.end;
  }
  const rewritten = out + script.slice(from);
  return { script: rewritten, placeholders: distinct(uses), uses, findings, toOriginal: mapBack(edits) };
};

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

const unquotable = (use: PlaceholderUse): Finding | null => {
  const problem = (message: string, hint: string): Finding => ({
    number: 418,
    severity: 'error',
    offset: use.start,
    message,
    hint,
  });
  if (use.context === contexts.quotedHeredoc) {
    return problem(`placeholder ${use.text} in a quoted heredoc`, 'write the delimiter without quotes: <<EOF');
  }
  if (use.context === contexts.arithmetic) {
    return problem(`placeholder ${use.text} in arithmetic`, 'put it into a variable first');
  }
  return null;
};

const distinct = (uses: readonly PlaceholderUse[]): Placeholder[] => {
  const byText = new Map<string, Placeholder>();
  for (const { text, variable } of uses) byText.set(text, { text, variable });
  return [...byText.values()];
};

const mapBack = (edits: readonly Edit[]) => {
  return (offset: number): number => {
    let low = 0;
    let high = edits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edits[middle] as Edit).newStart <= offset) low = middle + 1;
      else high = middle;
    }
    const edit = edits[low - 1];
    if (edit === undefined) return offset;
    return offset < edit.newEnd ? edit.start : edit.end + (offset - edit.newEnd);
  };
};

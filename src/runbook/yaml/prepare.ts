import { diagnosticAt } from '../diagnostic.ts';
import type { Diagnostic } from '../model.ts';
import { type FlowState, flowOpened, isComparisonAt, isOpen, scanFlow } from './flow.ts';

/** Where `key: OP number` is quoted: everywhere, below a `when:` key only, or nowhere. */
export type Quoting = 'everywhere' | 'when' | 'nowhere';

export interface Prepared {
  /** The text for the YAML parser: same lines, some values in quotes. */
  readonly text: string;
  /** E201, E204, E205, E216. The text must not reach the parser when there are any. */
  readonly diagnostics: readonly Diagnostic[];
}

const blockHeader = /[|>](?:[1-9][-+]?|[-+][1-9]?)?(?=\s*(?:\s#|$))/y;
const quotedKey = /(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?=\s|$)/y;
const plainKey = /[^\s[\]{}"'|>&*!%@`#,](?:(?!\s#).)*?:(?=\s|$)/y;
const property = /[&!]\S*(?:\s+|$)/y;
const indicator = /[-?:](?:\s+|$)/y;

/** Deeper than the limit on nodes, since columns only approximate levels; the tree is measured exactly later. */
const guardDepth = 48;

/**
 * The pass over the raw text before the YAML parser sees it: refuses what would hurt the parser (tabs, directives,
 * extreme nesting), reports `${` and operators inside brackets, and quotes `key: OP number …`.
 */
export const prepare = (text: string, quoting: Quoting): Prepared => {
  const scanner = new Scanner(quoting, text.split(/\r?\n/));
  return scanner.run();
};

class Scanner {
  readonly #quoting: Quoting;
  readonly #lines: readonly string[];
  readonly #out: string[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  /** Columns (0-based) at which the open block collections stand. */
  #levels: number[] = [];
  /** Indentation of the owner of the block scalar that is open. */
  #block: number | null = null;
  #flow: FlowState | null = null;
  /** Indentation of the `when:` key whose lines follow. */
  #when: number | null = null;
  #started = false;
  #tooDeep = false;

  constructor(quoting: Quoting, lines: readonly string[]) {
    this.#quoting = quoting;
    this.#lines = lines;
  }

  run(): Prepared {
    this.#lines.forEach((line, index) => {
      this.#out.push(this.#scanLine(line, index));
    });
    return { text: this.#out.join('\n'), diagnostics: this.#diagnostics };
  }

  #report(code: string, index: number, offset: number, message: string, hint: string): void {
    this.#diagnostics.push(diagnosticAt(code, { line: index + 1, column: offset + 1 }, message, hint));
  }

  #scanLine(line: string, index: number): string {
    const indent = line.search(/[^ ]/);
    if (this.#flow !== null) return this.#continueFlow(line, index, 0);
    if (indent < 0) return line;
    if (this.#block !== null) {
      if (indent > this.#block) return line;
      this.#block = null;
    }
    if (line[indent] === '\t') return this.#leadingTab(line, index, indent);
    if (line[indent] === '#' || /^\.\.\.(?:\s|$)/.test(line)) return line;
    if (/^---(?:\s|$)/.test(line)) return this.#scanEntry(line, index, skip(/---\s*/y, line, 0));
    if (line.startsWith('%') && !this.#started) {
      this.#report('E205', index, 0, 'YAML directives are not allowed', 'remove the line');
      return line;
    }
    this.#started = true;
    this.#trackWhen(line, indent);
    while ((this.#levels.at(-1) ?? -1) > indent) this.#levels.pop();
    return this.#scanEntry(line, index, indent);
  }

  #leadingTab(line: string, index: number, offset: number): string {
    const rest = line.trimStart();
    if (rest !== '' && !rest.startsWith('#')) {
      this.#report('E201', index, offset, 'tab used for indentation', 'indent with spaces');
    }
    return line;
  }

  #trackWhen(line: string, indent: number): void {
    if (this.#when !== null && (indent < this.#when || (indent === this.#when && line[indent] !== '-')))
      this.#when = null;
    const match = /^(\s*)when\s*:(?:\s|$)/.exec(line);
    if (this.#when === null && match !== null) this.#when = match[1]?.length ?? 0;
  }

  /** Indicators and keys of one line, up to the value. */
  #scanEntry(line: string, index: number, start: number): string {
    let at = start;
    let owner = this.#levels.at(-1) ?? -1;
    for (;;) {
      const next = skip(indicator, line, at);
      const afterKey = next === at ? (match(quotedKey, line, at) ?? match(plainKey, line, at)) : null;
      if (next === at && afterKey === null) break;
      this.#enter(at, index);
      owner = at;
      at = afterKey === null ? next : skip(/\s*/y, line, afterKey);
    }
    while (match(property, line, at) !== null) at = property.lastIndex;
    return this.#scanValue(line, index, at, owner);
  }

  #enter(column: number, index: number): void {
    if (this.#levels.at(-1) !== column) this.#levels.push(column);
    if (this.#levels.length > guardDepth) this.#deep(index, column);
  }

  #deep(index: number, offset: number): void {
    if (!this.#tooDeep) this.#report('E204', index, offset, 'nesting deeper than 32', 'flatten the structure');
    this.#tooDeep = true;
  }

  #quotes(): boolean {
    return this.#quoting === 'everywhere' || (this.#quoting === 'when' && this.#when !== null);
  }

  #scanValue(line: string, index: number, at: number, owner: number): string {
    if (match(blockHeader, line, at) !== null && !this.#isComparison(line, index, at, owner)) {
      this.#block = owner;
      return line;
    }
    if (this.#quotes() && isComparisonAt(line, at)) return quoteValue(line, at);
    const char = line[at];
    if (char === '[' || char === '{' || char === '"' || char === "'") {
      this.#flow = flowOpened();
      return this.#continueFlow(line, index, at);
    }
    return line;
  }

  /** `>2` is also a block scalar with an indentation indicator; then deeper lines follow. */
  #isComparison(line: string, index: number, at: number, owner: number): boolean {
    if (!this.#quotes() || !isComparisonAt(line, at)) return false;
    const next = this.#lines.slice(index + 1, index + 50).find((other) => other.trim() !== '');
    return next === undefined || next.search(/[^ ]/) <= owner;
  }

  #continueFlow(line: string, index: number, from: number): string {
    const state = this.#flow as FlowState;
    const after = scanFlow(line, from, state, {
      depthReached: (depth, offset) => {
        if (depth + this.#levels.length > guardDepth) this.#deep(index, offset);
      },
      unquoted: (what, offset) => this.#unquoted(what, line, index, offset),
    });
    if (isOpen(state)) return line;
    this.#flow = null;
    const value = match(/\s*:(?:\s+|$)/y, line, after);
    return value === null ? line : this.#scanValue(line, index, value, this.#levels.at(-1) ?? -1);
  }

  #unquoted(what: 'reference' | 'operator', line: string, index: number, offset: number): void {
    if (what === 'reference') {
      this.#report('E216', index, offset, 'quote values that contain ${', "write '${name}' with quotes");
    } else if (this.#quotes() || line[offset] === '>') {
      this.#report('E216', index, offset, 'quote comparisons inside brackets', "write '> 5%' with quotes");
    }
  }
}

const match = (pattern: RegExp, line: string, at: number): number | null => {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : null;
};

const skip = (pattern: RegExp, line: string, at: number): number => match(pattern, line, at) ?? at;

/** The value from `at` up to ` #` or the end of the line, in single quotes. */
const quoteValue = (line: string, at: number): string => {
  const rest = line.slice(at);
  const comment = rest.search(/\s#/);
  const value = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  return `${line.slice(0, at)}'${value.replaceAll("'", "''")}'${rest.slice(value.length)}`;
};

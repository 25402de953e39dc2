/** An operator that YAML would take for a block scalar or for text, before a number or a word of the expressions. */
const operatorValue = /(?:>=|<=|==|[<>])\s*(?:[-+]?\.?\d|\$\{|(?:stable|baseline)\b)/y;

export const isComparisonAt = (line: string, at: number): boolean => {
  operatorValue.lastIndex = at;
  return operatorValue.test(line);
};

/** What is open: brackets, or a quoted scalar that may go on over lines. */
export interface FlowState {
  depth: number;
  quote: '"' | "'" | null;
  /** A scalar may begin here: only there a quote or an operator has a meaning. */
  tokenStart: boolean;
}

export interface FlowFindings {
  depthReached(depth: number, offset: number): void;
  unquoted(what: 'reference' | 'operator', offset: number): void;
}

export const flowOpened = (): FlowState => ({ depth: 0, quote: null, tokenStart: true });

export const isOpen = (state: FlowState): boolean => state.depth > 0 || state.quote !== null;

/**
 * Reads a bracketed or quoted value from `at` to its end or the end of the line, and returns the offset after it.
 * `state` carries what is still open to the next line.
 */
export const scanFlow = (line: string, from: number, state: FlowState, found: FlowFindings): number => {
  let at = from;
  while (at < line.length) {
    if (state.quote !== null) at = scanQuoted(line, at, state);
    else at = scanToken(line, at, state, found);
    if (!isOpen(state)) return at;
  }
  return at;
};

const scanQuoted = (line: string, from: number, state: FlowState): number => {
  for (let at = from; at < line.length; at += 1) {
    const char = line[at];
    if (char === '\\' && state.quote === '"') at += 1;
    else if (char === state.quote) {
      if (char === "'" && line[at + 1] === "'") {
        at += 1;
        continue;
      }
      state.quote = null;
      state.tokenStart = false;
      return at + 1;
    }
  }
  return line.length;
};

const scanToken = (line: string, at: number, state: FlowState, found: FlowFindings): number => {
  const char = line[at] as string;
  if (char === ' ' || char === '\t') return at + 1;
  if (char === '#' && (at === 0 || /\s/.test(line[at - 1] as string))) return line.length;
  if (char === '[' || char === '{') return openBracket(line, at, state, found);
  if (char === ']' || char === '}') {
    state.depth -= 1;
    state.tokenStart = false;
    return at + 1;
  }
  if (state.tokenStart && (char === '"' || char === "'")) {
    state.quote = char;
    return at + 1;
  }
  if (state.tokenStart && isComparisonAt(line, at)) found.unquoted('operator', at);
  state.tokenStart = char === ',' || (char === ':' && /^(?:[\s,[\]{}"']|$)/.test(line.slice(at + 1, at + 2)));
  return at + 1;
};

const openBracket = (line: string, at: number, state: FlowState, found: FlowFindings): number => {
  const reference = /\$\{[A-Za-z_][\w.-]*\}/y;
  reference.lastIndex = at - 1;
  if (state.depth > 0 && at > 0 && reference.test(line)) {
    found.unquoted('reference', at - 1);
    state.tokenStart = false;
    return reference.lastIndex;
  }
  state.depth += 1;
  state.tokenStart = true;
  found.depthReached(state.depth, at);
  return at + 1;
};

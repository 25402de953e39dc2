import { bareNode, childrenOf, isConstantFallback, operatorOf, type PromqlNode, parsePromql } from './promql-tree.ts';

/** What a query's text says about its answers. Source: 30-gates, "Samples", "Low traffic", "Statistics". */
export interface QueryFacts {
  /** How far back it looks: the largest range selector, with that of a subquery around it, ms; 0 = none. */
  readonly rangeMs: number;
  /** The highest quantile that a `histogram_quantile` of it takes; null = none. */
  readonly quantile: number | null;
  /**
   * Its vector selectors without range, `offset` and `@`, each once: what tells the age of its data. Those inside an
   * `… or vector(0)` operand are left out: no 5xx yet is not a dead source.
   */
  readonly selectors: readonly string[];
  /** Both sides of an outermost division, factors such as `* 100` taken off; null = it is none. */
  readonly ratio: { readonly numerator: string; readonly denominator: string } | null;
}

const nothing: QueryFacts = { rangeMs: 0, quantile: null, selectors: [], ratio: null };

/** The facts of a rendered query; of one that does not parse nothing is known. */
export const queryFacts = (query: string): QueryFacts => {
  const root = parsePromql(query);
  if (root === null) return nothing;
  const quantiles = quantilesOf(root, query);
  return {
    rangeMs: rangeOf(root, query),
    quantile: quantiles.length === 0 ? null : Math.max(...quantiles),
    selectors: [...new Set(selectorsOf(root, query))],
    ratio: ratioOf(root, query),
  };
};

const textOf = ({ from, to }: PromqlNode, query: string): string => query.slice(from, to);

const rangeOf = (node: PromqlNode, query: string): number => {
  const inside = Math.max(0, ...childrenOf(node).map((child) => rangeOf(child, query)));
  if (node.name !== 'MatrixSelector' && node.name !== 'SubqueryExpr') return inside;
  const range = childrenOf(node).find(({ name }) => name === 'DurationExpr');
  return inside + (range === undefined ? 0 : durationOf(range, query));
};

/** A duration, or a sum or difference of durations, ms; 0 when it cannot be told from the text. */
const durationOf = (node: PromqlNode, query: string): number => {
  const parts = childrenOf(node).filter(({ name }) => name === 'DurationExpr');
  const [left, right] = parts;
  if (left === undefined) return literalMs(textOf(node, query));
  if (right === undefined) return durationOf(left, query);
  const sign = childrenOf(node).some(({ name }) => name === 'Sub') ? -1 : 1;
  const isSum = childrenOf(node).some(({ name }) => name === 'Add' || name === 'Sub');
  return isSum ? Math.max(0, durationOf(left, query) + sign * durationOf(right, query)) : 0;
};

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** `1h30m`; a bare number is seconds. */
const literalMs = (text: string): number => {
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds * 1000;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(amount) * (unitMs[unit ?? ''] ?? 0);
  return total;
};

const quantilesOf = (node: PromqlNode, query: string): readonly number[] => {
  const inside = childrenOf(node).flatMap((child) => quantilesOf(child, query));
  const name = node.name === 'FunctionCall' ? node.firstChild?.firstChild?.name : undefined;
  if (name !== 'HistogramQuantile' && name !== 'HistogramQuantiles') return inside;
  const body = childrenOf(node).find((child) => child.name === 'FunctionCallBody');
  const given = body === undefined ? [] : childrenOf(body);
  const own = (name === 'HistogramQuantile' ? given.slice(0, 1) : given.slice(2))
    .map((child) => constantOf(child, query))
    .filter((value) => value !== null && value > 0 && value < 1);
  return [...inside, ...(own as number[])];
};

/** `0.99`, `99 / 100`, `1 - 0.01`; null when it is no constant. */
const constantOf = (outer: PromqlNode, query: string): number | null => {
  const node = bareNode(outer);
  if (node.name === 'NumberDurationLiteral') {
    const value = Number(textOf(node, query));
    return Number.isFinite(value) ? value : null;
  }
  const operator = operatorOf(node);
  if (operator === null || node.firstChild === null || node.lastChild === null) return null;
  const [left, right] = [constantOf(node.firstChild, query), constantOf(node.lastChild, query)];
  if (left === null || right === null) return null;
  switch (operator) {
    case 'Add':
      return left + right;
    case 'Sub':
      return left - right;
    case 'Mul':
      return left * right;
    case 'Div':
      return left / right;
    default:
      return null;
  }
};

const selectorsOf = (node: PromqlNode, query: string): readonly string[] => {
  if (node.name === 'VectorSelector') return [textOf(node, query)];
  if (isConstantFallback(node, query)) return [];
  return childrenOf(node).flatMap((child) => selectorsOf(child, query));
};

const ratioOf = (root: PromqlNode, query: string): QueryFacts['ratio'] => {
  const above: string[] = [];
  const below: string[] = [];
  const visit = (outer: PromqlNode, isInverse: boolean): void => {
    const node = bareNode(outer);
    const operator = operatorOf(node);
    const [left, right] = [node.firstChild, node.lastChild];
    if ((operator === 'Div' || operator === 'Mul') && left !== null && right !== null) {
      visit(left, isInverse);
      visit(right, operator === 'Div' ? !isInverse : isInverse);
    } else if (constantOf(node, query) === null) (isInverse ? below : above).push(textOf(outer, query));
  };
  visit(root, false);
  const [numerator, denominator] = [above[0], below[0]];
  if (numerator === undefined || denominator === undefined || above.length + below.length > 2) return null;
  return { numerator, denominator };
};

import { parser } from '@prometheus-io/lezer-promql';
import type { Unit } from './amount.ts';

/** One problem of a metric's queries. Source: 30-gates, "Expressions". */
export interface QueryProblem {
  readonly code: 'E321' | 'E323' | 'W324' | 'E325';
  readonly query: 'query' | 'stable';
  readonly message: string;
  readonly hint: string;
}

export interface MetricQueries {
  readonly query: string;
  readonly stable: string | null;
  readonly unit: Unit;
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/**
 * What can be said of queries from their text alone. A query that does not parse gets no finding here: the server's
 * own message, shown before the run, is better than ours.
 */
export const lintQueries = (metric: MetricQueries): readonly QueryProblem[] => {
  const problems = lintQuery('query', metric.query, metric.unit);
  if (metric.stable === null) return problems;
  const same = isSameQuery(metric.query, metric.stable) ? [sameProblem] : [];
  return [...problems, ...lintQuery('stable', metric.stable, metric.unit), ...same];
};

const sameProblem: QueryProblem = {
  code: 'E325',
  query: 'stable',
  message: 'the query and the stable query are the same text',
  hint: 'select the stable track in one and the canary in the other',
};

/** E325 holds for rendered queries too: two texts that differ in white space only. */
export const isSameQuery = (a: string, b: string): boolean => normal(a) === normal(b);

const normal = (query: string): string => query.replaceAll(/\s+/g, ' ').trim();

const lintQuery = (which: 'query' | 'stable', text: string, unit: Unit): readonly QueryProblem[] => {
  const query = withoutReferences(text);
  const tree = parser.parse(query);
  const top = tree.topNode.firstChild;
  if (top === null || hasError(tree)) return [];
  const root = bare(top);
  const found: QueryProblem[] = [];
  if (isConstantFallback(root, query)) {
    found.push({
      code: 'E323',
      query: which,
      message: '"or vector(…)" around the whole expression turns missing data into a value',
      hint: 'remove it; a missing numerator is written (… or vector(0)) / …',
    });
  }
  if (unit === 'percent' && isUnscaledDivision(root, query)) {
    found.push({
      code: 'E321',
      query: which,
      message: 'a division declared as percent without "* 100"',
      hint: 'multiply by 100, or declare unit: ratio',
    });
  }
  const ratio = unit === 'ratio' || unit === 'percent';
  if (ratio && divisions(tree.topNode).some((node) => mayLackNumerator(node, query))) {
    found.push({
      code: 'W324',
      query: which,
      message: 'the numerator may be absent (no such request yet), and then there is no value',
      hint: 'write (… or vector(0)) / …',
    });
  }
  return found;
};

/** `${name}` where no string holds it would not parse: `[${window}]` becomes a duration, others a name. */
const withoutReferences = (text: string): string =>
  text
    .replaceAll(/\[\s*\$\{[^}]*\}/g, '[5m')
    .replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => name.replaceAll(/\W/g, '_'));

const hasError = (tree: ReturnType<typeof parser.parse>): boolean => {
  let error = false;
  tree.iterate({
    enter: (node) => {
      error ||= node.type.isError;
    },
  });
  return error;
};

const children = (node: Node): readonly Node[] => {
  const found: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
};

/** The expression inside parentheses. */
const bare = (node: Node): Node => {
  const inner = node.name === 'ParenExpr' || node.name === 'StepInvariantExpr' ? node.firstChild : null;
  return inner === null ? node : bare(inner);
};

const operator = (node: Node): string | null => {
  if (node.name !== 'BinaryExpr') return null;
  return children(node).find((child) => operatorNames.has(child.name))?.name ?? null;
};

const operatorNames = new Set(['Or', 'Div', 'Mul', 'Add', 'Sub', 'And', 'Unless', 'Mod', 'Pow', 'Atan2']);

const isConstantFallback = (node: Node, query: string): boolean => {
  if (operator(node) !== 'Or' || node.lastChild === null) return false;
  return isConstantVector(bare(node.lastChild), query);
};

const isConstantVector = (node: Node, query: string): boolean =>
  /^vector\s*\(\s*[-+]?[\d.]+\s*\)$/.test(query.slice(node.from, node.to));

/** An outermost chain of `*` and `/` with a division and without a factor of 100. */
const isUnscaledDivision = (root: Node, query: string): boolean => {
  let divided = false;
  let scaled = false;
  const visit = (node: Node, inverse: boolean): void => {
    const name = operator(node);
    if (name === 'Div' || name === 'Mul') {
      divided ||= name === 'Div';
      const [left, right] = [node.firstChild, node.lastChild];
      if (left !== null) visit(bare(left), inverse);
      if (right !== null) visit(bare(right), name === 'Div' ? !inverse : inverse);
    } else {
      const value = Number(query.slice(node.from, node.to));
      scaled ||= inverse ? value === 0.01 : value === 100;
    }
  };
  visit(root, false);
  return divided && !scaled;
};

const divisions = (root: Node): readonly Node[] => {
  const here = operator(root) === 'Div' ? [root] : [];
  return [...here, ...children(root).flatMap(divisions)];
};

/** True when the numerator selects less than the denominator and nothing stands in for its absence. */
const mayLackNumerator = (division: Node, query: string): boolean => {
  const [above, below] = [division.firstChild, division.lastChild];
  if (above === null || below === null) return false;
  if (descendants(above).some((node) => isConstantFallback(node, query))) return false;
  const denominator = new Set(selectors(below, query));
  const numerator = selectors(above, query);
  return denominator.size > 0 && numerator.some((selector) => !denominator.has(selector));
};

const descendants = (node: Node): readonly Node[] => [node, ...children(node).flatMap(descendants)];

const selectors = (root: Node, query: string): readonly string[] =>
  descendants(root)
    .filter((node) => node.name === 'VectorSelector')
    .map((node) => query.slice(node.from, node.to).replaceAll(/\s+/g, ''));

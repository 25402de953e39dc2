import type { Unit } from './amount.ts';
import { rangeWords } from './minimums.ts';
import { bareNode, childrenOf, isConstantFallback, operatorOf, type PromqlNode, parsePromql } from './promql-tree.ts';
import { queryFacts } from './query-facts.ts';

/** One problem of a metric's queries. Source: 30-gates, "Expressions". */
export interface QueryProblem {
  readonly code: 'E321' | 'E323' | 'W324' | 'E325' | 'E326';
  readonly query: 'query' | 'stable';
  readonly message: string;
  readonly hint: string;
}

export interface MetricQueries {
  readonly query: string;
  readonly stable: string | null;
  readonly unit: Unit;
}

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

/**
 * E326: a test over a soak takes each look for a new one, which looks closer than the largest range are not. Null when
 * the step is as long as that, or an input's value says how long it is.
 */
export const lintTestStep = (
  { query, stable }: Pick<MetricQueries, 'query' | 'stable'>,
  everyMs: number | null,
): QueryProblem | null => {
  if (everyMs === null) return null;
  const found = (['query', 'stable'] as const).find((which) => {
    const text = which === 'query' ? query : stable;
    return text !== null && !/\[\s*\$\{/.test(text) && queryFacts(withoutReferences(text)).rangeMs > everyMs;
  });
  if (found === undefined) return null;
  const range = rangeWords(queryFacts(withoutReferences((found === 'query' ? query : stable) ?? '')).rangeMs);
  return {
    code: 'E326',
    query: found,
    message: `looks every ${rangeWords(everyMs)} share requests: the query looks back over ${range}`,
    hint: `write "every: ${range}" or leave it out`,
  };
};

const normal = (query: string): string => query.replaceAll(/\s+/g, ' ').trim();

const lintQuery = (which: 'query' | 'stable', text: string, unit: Unit): readonly QueryProblem[] => {
  const query = withoutReferences(text);
  const top = parsePromql(query);
  if (top === null) return [];
  const root = bareNode(top);
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
  if (ratio && divisions(top).some((node) => mayLackNumerator(node, query))) {
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

/** An outermost chain of `*` and `/` with a division and without a factor of 100. */
const isUnscaledDivision = (root: PromqlNode, query: string): boolean => {
  let divided = false;
  let scaled = false;
  const visit = (node: PromqlNode, inverse: boolean): void => {
    const name = operatorOf(node);
    if (name === 'Div' || name === 'Mul') {
      divided ||= name === 'Div';
      const [left, right] = [node.firstChild, node.lastChild];
      if (left !== null) visit(bareNode(left), inverse);
      if (right !== null) visit(bareNode(right), name === 'Div' ? !inverse : inverse);
    } else {
      const value = Number(query.slice(node.from, node.to));
      scaled ||= inverse ? value === 0.01 : value === 100;
    }
  };
  visit(root, false);
  return divided && !scaled;
};

const divisions = (root: PromqlNode): readonly PromqlNode[] => {
  const here = operatorOf(root) === 'Div' ? [root] : [];
  return [...here, ...childrenOf(root).flatMap(divisions)];
};

/** True when the numerator selects less than the denominator and nothing stands in for its absence. */
const mayLackNumerator = (division: PromqlNode, query: string): boolean => {
  const [above, below] = [division.firstChild, division.lastChild];
  if (above === null || below === null) return false;
  if (descendants(above).some((node) => isConstantFallback(node, query))) return false;
  const denominator = new Set(selectors(below, query));
  const numerator = selectors(above, query);
  return denominator.size > 0 && numerator.some((selector) => !denominator.has(selector));
};

const descendants = (node: PromqlNode): readonly PromqlNode[] => [node, ...childrenOf(node).flatMap(descendants)];

const selectors = (root: PromqlNode, query: string): readonly string[] =>
  descendants(root)
    .filter((node) => node.name === 'VectorSelector')
    .map((node) => query.slice(node.from, node.to).replaceAll(/\s+/g, ''));

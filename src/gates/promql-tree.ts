import { parser } from '@prometheus-io/lezer-promql';

export type PromqlNode = ReturnType<typeof parser.parse>['topNode'];

/** The expression of a query; null when it does not parse. */
export const parsePromql = (query: string): PromqlNode | null => {
  const tree = parser.parse(query);
  let broken = false;
  tree.iterate({
    enter: (node) => {
      broken ||= node.type.isError;
    },
  });
  return broken ? null : (childrenOf(tree.topNode).find(({ name }) => name !== 'LineComment') ?? null);
};

export const childrenOf = (node: PromqlNode): readonly PromqlNode[] => {
  const found: PromqlNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
};

/** The expression inside parentheses. */
export const bareNode = (node: PromqlNode): PromqlNode => {
  const inner = node.name === 'ParenExpr' || node.name === 'StepInvariantExpr' ? node.firstChild : null;
  return inner === null ? node : bareNode(inner);
};

const operators = new Set(['Or', 'Div', 'Mul', 'Add', 'Sub', 'And', 'Unless', 'Mod', 'Pow', 'Atan2']);

/** `Or`, `Div` … of a binary expression; null for everything else. */
export const operatorOf = (node: PromqlNode): string | null => {
  if (node.name !== 'BinaryExpr') return null;
  return childrenOf(node).find((child) => operators.has(child.name))?.name ?? null;
};

/** `… or vector(0)`. */
export const isConstantFallback = (node: PromqlNode, query: string): boolean => {
  if (operatorOf(node) !== 'Or' || node.lastChild === null) return false;
  const { from, to } = bareNode(node.lastChild);
  return /^vector\s*\(\s*[-+]?[\d.]+\s*\)$/.test(query.slice(from, to));
};

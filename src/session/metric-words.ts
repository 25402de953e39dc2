import type { Expression, MetricMeaning } from '../gates/expression.ts';

const numberWithUnit = /(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(%|\/s|[A-Za-z]+)/g;

/**
 * A metric's expression as a rule: `115 % of stable`, `<= 1 %`, `> 5 %`. Of a comparison with the control or the
 * baseline the operator is left out when it is the one that goes without saying.
 */
export const ruleWords = ({ text, op, bound }: Expression, { worse }: MetricMeaning): string => {
  const spaced = text.replaceAll(numberWithUnit, '$1 $2');
  const usual = worse === 'higher' ? '<=' : worse === 'lower' ? '>=' : null;
  return op === usual && bound.kind !== 'absolute' ? spaced.replace(/^(?:<=|>=)\s*/, '') : spaced;
};

import { partOf, partsOf, type Raw, textOf, textsOf } from './raw.ts';

const expressionText = (expression: Raw): string | null => {
  const key = textOf(expression.key);
  const values = Array.isArray(expression.values) ? expression.values.filter((value) => typeof value === 'string') : [];
  if (key === null) return null;
  switch (expression.operator) {
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return null;
  }
};

/** A label selector as the API's query takes it: `app=checkout,tier in (web)`. Null when it selects nothing named. */
export const selectorText = (selector: Raw): string | null => {
  const labels = Object.entries(textsOf(partOf(selector, 'matchLabels'))).map(([key, value]) => `${key}=${value}`);
  const expressions = partsOf(selector.matchExpressions).flatMap((expression) => expressionText(expression) ?? []);
  const parts = [...labels, ...expressions];
  return parts.length === 0 ? null : parts.join(',');
};

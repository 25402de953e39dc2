import { limitWords, ruleWords } from './limits.ts';
import type { MetricCheck, MetricReading } from './metric.ts';
import { metricSample, type References } from './metric-sample.ts';
import type { Sample } from './sample.ts';

/** A check's metric before anything is judged on it: what it is now, and what that will be held against. */
export interface MetricNow {
  /** `398 ms`; empty when there is no value. Not yet safe text. */
  readonly value: string;
  /** Absolute: `458 ms`; empty while nothing says what it is. */
  readonly limit: string;
  /** `115 % of stable`; empty when the limit is all there is. */
  readonly rule: string;
  readonly kind: Sample['kind'];
  /** Why it could not be judged now, or that it would not pass; null when all is well. */
  readonly because: string | null;
  /** All of it: `398 ms now, limit 458 ms (115 % of stable)`. */
  readonly text: string;
}

/** For preflight: a metric's value now, and its limit as an absolute number. */
export const metricNow = (check: MetricCheck, reading: MetricReading, references: References): MetricNow => {
  const { value, kind, because, figures } = metricSample(check, reading, references);
  const { unit } = check.meaning;
  const limit = limitWords(figures?.limits ?? [], unit);
  const rule = ruleWords(check.expression, unit);
  const measured = limit === '' ? rule : `${limitName(check)} ${limit}${rule === '' ? '' : ` (${rule})`}`;
  const now = value === '' ? (because ?? 'no value') : `${value} now`;
  return { value, limit, rule, kind, because, text: [now, measured].filter((words) => words !== '').join(', ') };
};

const limitName = ({ expression: { op, bound } }: MetricCheck): string => {
  if (bound.kind === 'within') return 'limits';
  return op === '==' ? 'must be' : 'limit';
};

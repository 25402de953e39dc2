import { amountIn } from '../gates/amount.ts';
import { amountWords } from '../gates/amount-words.ts';
import { type Bound, type Expression, type MetricMeaning, parseExpression } from '../gates/expression.ts';
import { referenceOf, ruleWords } from '../gates/limits.ts';
import type { MetricCheck } from '../gates/metric.ts';
import { missingFreshness } from '../gates/metric-sample.ts';
import { interpolate, lookupIn } from '../runbook/interpolate.ts';
import type { Gate } from '../runbook/model.ts';
import type { CheckOf } from './gate-checks.ts';
import { type MetricOf, metricsOf } from './metric-of.ts';
import type { FrameState } from './state.ts';

/** Whose death is acknowledged for everything that asks it: one run has one metrics server. */
export const metricsSource = 'metrics';

const days = { '1d': 86_400_000, '7d': 7 * 86_400_000 };

/** The check of a metric with the values of its frame in queries, expression and floor. */
export const metricCheckOf = (
  frame: FrameState,
  name: string,
  written: string,
  { floor, shift, critical }: Pick<Gate, 'floor' | 'shift' | 'critical'>,
): Omit<CheckOf, 'index'> => {
  const metric = metricsOf(frame).find((each) => each.name === name);
  const unknown = { name, title: metric?.title ?? name, limit: written, source: metricsSource, check: null };
  if (metric === undefined) return { ...unknown, problem: 'this runbook has no such metric' };
  if (metric.problem !== null) return { ...unknown, problem: metric.problem };
  const ageless = missingFreshness(metric, { critical, production: frame.production });
  if (ageless !== null) return { ...unknown, problem: ageless };
  const expression = expressionOf(frame, metric, written);
  if ('problem' in expression) return { ...unknown, problem: expression.problem };
  const least = floorOf(frame, metric, floor);
  if (typeof least === 'object' && least !== null) return { ...unknown, problem: least.problem };
  const { problem: _, lacks: __, ...question } = metric;
  const check: MetricCheck = {
    kind: 'metric',
    ...question,
    counts: isFisher(expression.bound),
    expression,
    floor: least,
    shiftMs: shift === null ? null : days[shift],
  };
  return { ...unknown, limit: metricLimit(expression, metric.meaning), check, problem: null };
};

/** `<= 1 %`, `115 % of stable`, `> 125 % of baseline`: an operator that goes without saying is left out of a comparison. */
export const metricLimit = (expression: Expression, { unit, worse }: MetricMeaning): string => {
  const { op, bound } = expression;
  if (bound.kind === 'absolute') return `${op ?? ''} ${amountWords(bound.value, unit)}`;
  const usual = worse === 'higher' ? '<=' : worse === 'lower' ? '>=' : null;
  return `${op === null || op === usual ? '' : `${op} `}${ruleWords(expression, unit)}`;
};

interface Problem {
  readonly problem: string;
}

const filled = (frame: FrameState, text: string): string | Problem => {
  const { text: found, unknown } = interpolate(text, lookupIn(frame.inputs, frame.captures, frame.builtIns), 'plain');
  return unknown.length === 0 ? found : { problem: `there is no value for ${unknown.join(', ')}` };
};

const expressionOf = (frame: FrameState, metric: MetricOf, written: string): Expression | Problem => {
  const text = filled(frame, written);
  if (typeof text !== 'string') return text;
  const parsed = parseExpression(text, metric.meaning);
  if ('code' in parsed) return { problem: `${parsed.message} (${parsed.code})` };
  if (metric.stable === null && referenceOf(parsed.expression.bound) === 'stable')
    return { problem: 'the metric has no stable query to compare with' };
  return parsed.expression;
};

const floorOf = (frame: FrameState, metric: MetricOf, written: string | null): number | null | Problem => {
  if (written === null) return null;
  const text = filled(frame, written);
  if (typeof text !== 'string') return text;
  const amount = amountIn(text, metric.meaning.unit);
  return typeof amount === 'number' ? amount : { problem: `floor: "${text}" is not an amount of it` };
};

const isFisher = (bound: Bound): boolean => bound.kind === 'not-worse' && bound.test.kind === 'fisher';

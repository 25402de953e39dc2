import { amountIn, type Unit } from './amount.ts';

/** Where a metric's rise or fall is bad, and what its query returns. */
export interface MetricMeaning {
  readonly unit: Unit;
  readonly worse: 'higher' | 'lower' | 'either';
}

export type Operator = '<=' | '<' | '>=' | '>' | '==';
export type Reference = 'stable' | 'baseline';

/** What a value is compared with. Numbers are in the unit that the metric's query returns. */
export type Bound =
  | { readonly kind: 'absolute'; readonly value: number }
  /** `110% of stable`: `factor` is 1.1. */
  | { readonly kind: 'relative'; readonly factor: number; readonly of: Reference }
  /** `baseline + 1pp`: `amount` is signed. */
  | { readonly kind: 'offset'; readonly amount: number; readonly from: Reference }
  /** `within 10% of baseline`: `share` is 0.1. */
  | { readonly kind: 'within'; readonly share: number; readonly of: Reference }
  | { readonly kind: 'not-worse'; readonly than: Reference; readonly test: StatisticalTest };

export type StatisticalTest =
  | { readonly kind: 'fisher' }
  | { readonly kind: 'mann-whitney' /** Smallest shift that counts. */; readonly effect: number };

/** A parsed check of a metric. Source: 30-gates, "Expressions". */
export interface Expression {
  /** Null for `within` and `not worse than`, which bring their own comparison. */
  readonly op: Operator | null;
  /** True when the operator was written, false when the metric's `worse` gave it. */
  readonly stated: boolean;
  readonly bound: Bound;
  /** As written, without outer white space. */
  readonly text: string;
}

export interface ExpressionProblem {
  readonly code: 'E320' | 'E322';
  readonly message: string;
  readonly hint: string;
}

export type ParsedExpression = { readonly expression: Expression } | ExpressionProblem;

const number = String.raw`[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?`;
const reference = 'stable|baseline';
const operators = /^(<=|>=|==|<|>)\s*/;
const relative = new RegExp(`^(${number})\\s*%\\s+of\\s+(${reference})$`);
const within = new RegExp(`^within\\s+(${number})\\s*%\\s+of\\s+(${reference})$`);
const offset = new RegExp(`^(${reference})\\s*([-+])\\s*(.+)$`);
const notWorse = new RegExp(`^not\\s+worse\\s+than\\s+(${reference})\\s*\\(([^()]*)\\)$`);
const forms = 'write for example "<= 1%", "<= 110% of stable", "baseline + 1pp" or "within 10% of baseline"';

/**
 * Parses `[op] bound` for a metric. Errors: E320 when it is not understood or does not fit the metric's unit,
 * E322 for `baseline + N%`, which can be read in two ways.
 */
export const parseExpression = (text: string, metric: MetricMeaning): ParsedExpression => {
  const whole = text.trim().replaceAll(/\s+/g, ' ');
  if (whole.length > 200) return problem('the expression is longer than 200 characters', forms);
  const stated = operators.exec(whole);
  const rest = stated === null ? whole : whole.slice(stated[0].length);
  const bound = parseBound(rest, whole, metric);
  if ('code' in bound) return bound;
  if (bound.kind === 'within' || bound.kind === 'not-worse') {
    if (stated !== null)
      return problem(
        `"${whole}": an operator does not go with "${bound.kind === 'within' ? 'within' : 'not worse than'}"`,
        `write "${rest}"`,
      );
    return { expression: { op: null, stated: false, bound, text: whole } };
  }
  const op = (stated?.[1] as Operator | undefined) ?? impliedOperator(metric);
  if (op === null)
    return problem(
      `"${whole}": no operator, and the metric is worse in either direction`,
      'start with <=, <, >=, > or ==',
    );
  return { expression: { op, stated: stated !== null, bound, text: whole } };
};

/** `<=` when higher is worse, `>=` when lower is worse. */
const impliedOperator = (metric: MetricMeaning): Operator | null => {
  if (metric.worse === 'either') return null;
  return metric.worse === 'higher' ? '<=' : '>=';
};

const parseBound = (text: string, whole: string, metric: MetricMeaning): Bound | ExpressionProblem => {
  const ratio = relative.exec(text);
  if (ratio !== null) return share(ratio, whole, (factor, of) => ({ kind: 'relative', factor, of }));
  const near = within.exec(text);
  if (near !== null) return share(near, whole, (part, of) => ({ kind: 'within', share: part, of }));
  const shifted = offset.exec(text);
  if (shifted !== null) return parseOffset(shifted, whole, metric);
  const test = notWorse.exec(text);
  if (test !== null) return parseTest(test, whole, metric);
  const amount = amountIn(text, metric.unit);
  if (typeof amount === 'number') return { kind: 'absolute', value: amount };
  return amount === 'not-an-amount'
    ? problem(`"${whole}" is not understood`, forms)
    : misfit(whole, amount, metric.unit);
};

const share = (
  found: RegExpExecArray,
  whole: string,
  make: (share: number, of: Reference) => Bound,
): Bound | ExpressionProblem => {
  const percent = Number(found[1]);
  if (!(percent >= 0)) return problem(`"${whole}": the percentage is negative`, 'write a number of 0 or more');
  return make(percent / 100, found[2] as Reference);
};

const parseOffset = (found: RegExpExecArray, whole: string, metric: MetricMeaning): Bound | ExpressionProblem => {
  const [, from, sign, amountText] = found as unknown as [string, Reference, '+' | '-', string];
  const percent = /^(\d+(?:\.\d+)?|\.\d+)\s*%$/.exec(amountText);
  if (percent !== null) return ambiguous(from, sign, Number(percent[1]), metric.unit);
  const amount = /^[-+]/.test(amountText) ? 'not-an-amount' : amountIn(amountText, metric.unit, 'points');
  if (amount === 'not-an-amount') return problem(`"${whole}" is not understood`, forms);
  if (typeof amount !== 'number') return misfit(whole, amount, metric.unit);
  return { kind: 'offset', amount: sign === '+' ? amount : -amount, from };
};

/** `baseline + 15%` means 115 % of it to some and 15 percentage points more to others. */
const ambiguous = (from: Reference, sign: '+' | '-', percent: number, unit: Unit): ExpressionProblem => {
  const written = `${from} ${sign} ${percent}%`;
  const factor = Number((sign === '+' ? 100 + percent : 100 - percent).toFixed(6));
  const points = unit === 'ratio' || unit === 'percent';
  const other = points ? ` or ${from} ${sign} ${percent}pp` : '';
  const message = points
    ? `"${written}" can mean ${factor}% of ${from} or ${percent} percentage points ${sign === '+' ? 'more' : 'less'}`
    : `"${written}" can be read as a share or as points`;
  return { code: 'E322', message, hint: `write ${factor}% of ${from}${other}` };
};

const parseTest = (found: RegExpExecArray, whole: string, metric: MetricMeaning): Bound | ExpressionProblem => {
  const than = found[1] as Reference;
  const words = (found[2] as string).trim();
  if (words === 'fisher') return { kind: 'not-worse', than, test: { kind: 'fisher' } };
  const effect = /^mann-whitney\s*,\s*effect\s+(.+)$/.exec(words)?.[1];
  if (effect === undefined) {
    return problem(`"${whole}": no such test`, 'write (fisher) or (mann-whitney, effect 20ms)');
  }
  const amount = amountIn(effect, metric.unit, 'points');
  if (amount === 'not-an-amount')
    return problem(`"${whole}": "${effect}" is not a number`, 'write (mann-whitney, effect 20ms)');
  if (typeof amount !== 'number') return misfit(whole, amount, metric.unit);
  if (!(amount > 0)) return problem(`"${whole}": the effect must be above 0`, 'write the smallest shift that matters');
  return { kind: 'not-worse', than, test: { kind: 'mann-whitney', effect: amount } };
};

const misfit = (
  whole: string,
  found: { readonly unit: string; readonly allowed: readonly string[] },
  unit: Unit,
): ExpressionProblem => {
  const { allowed } = found;
  const units = allowed.length === 0 ? 'a number without a unit' : `a number with ${allowed.join(', ')} or no unit`;
  return problem(`"${whole}": "${found.unit}" does not fit a metric in ${unit}`, `write ${units}`);
};

const problem = (message: string, hint: string): ExpressionProblem => ({ code: 'E320', message, hint });

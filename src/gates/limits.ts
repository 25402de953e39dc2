import type { Unit } from './amount.ts';
import { amountsApart, amountWords, differenceWords } from './amount-words.ts';
import type { Comparison } from './comparison.ts';
import { holds } from './comparison.ts';
import type { Bound, Expression, Reference } from './expression.ts';

/** What a check may be compared with, in the unit of its query; null = not known. */
export interface ReferenceValues {
  readonly stable: number | null;
  readonly baseline: number | null;
}

/** The control or the baseline that a bound is measured by; null for a number. */
export const referenceOf = (bound: Bound): Reference | null => {
  switch (bound.kind) {
    case 'absolute':
      return null;
    case 'relative':
    case 'within':
      return bound.of;
    case 'offset':
      return bound.from;
    case 'not-worse':
      return bound.than;
  }
};

/** The limit as an absolute number, two for `within`, the lower first; none when it cannot be told or a test decides. */
export const boundLimits = ({ bound }: Expression, references: ReferenceValues): readonly number[] => {
  if (bound.kind === 'absolute') return [bound.value];
  const reference = referenceOf(bound);
  const value = reference === null ? null : references[reference];
  if (value === null || bound.kind === 'not-worse') return [];
  switch (bound.kind) {
    case 'relative':
      return [value * bound.factor + 0];
    case 'offset':
      return [value + bound.amount];
    case 'within': {
      const margin = Math.abs(value) * bound.share;
      return [value - margin, value + margin];
    }
  }
};

/** Whether a value is on the side that the expression states. Null when there is no limit to hold it against. */
export const isWithinLimits = (
  { op }: Pick<Expression, 'op'>,
  limits: readonly number[],
  value: number,
): boolean | null => {
  const [first, second] = limits;
  if (first === undefined) return null;
  if (op !== null) return holds({ op, value: first } satisfies Comparison, value);
  return second === undefined ? null : value >= first && value <= second;
};

const percent = (share: number): string => `${Number((share * 100).toFixed(6))} %`;

/** The rule beside a limit: `115 % of stable`, `stable + 1 pp`; empty when the limit is all there is. */
export const ruleWords = ({ bound }: Expression, unit: Unit): string => {
  switch (bound.kind) {
    case 'absolute':
      return '';
    case 'relative':
      return `${percent(bound.factor)} of ${bound.of}`;
    case 'within':
      return `within ${percent(bound.share)} of ${bound.of}`;
    case 'offset':
      return `${bound.from} ${bound.amount < 0 ? '-' : '+'} ${differenceWords(Math.abs(bound.amount), unit)}`;
    case 'not-worse':
      return bound.test.kind === 'fisher'
        ? `not worse than ${bound.than} (Fisher)`
        : `not worse than ${bound.than} (Mann-Whitney, ${differenceWords(bound.test.effect, unit)})`;
  }
};

/** `458 ms`, `90 /s to 110 /s`; empty when there is none. */
export const limitWords = (limits: readonly number[], unit: Unit): string => {
  const [first, second] = limits;
  if (first === undefined) return '';
  return second === undefined
    ? amountWords(first, unit)
    : `${amountWords(first, unit)} to ${amountWords(second, unit)}`;
};

/** `548 ms, limit 458 ms`: in digits enough to tell them apart. */
export const beyondWords = (value: number, limits: readonly number[], unit: Unit): string => {
  const [first, second] = limits;
  if (first === undefined) return amountWords(value, unit);
  if (second !== undefined) return `${amountWords(value, unit)}, limits ${limitWords(limits, unit)}`;
  const [own, limit] = amountsApart(value, first, unit);
  return `${own}, limit ${limit}`;
};

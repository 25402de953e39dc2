import type { Operator } from './expression.ts';

/** `<= 0`: what a number is compared with. */
export interface Comparison {
  readonly op: Operator;
  readonly value: number;
}

/** Null when it is not an operator and a number. */
export const parseComparison = (text: string): Comparison | null => {
  const match = /^\s*(<=|>=|==|<|>)\s*([-+]?(?:\d+(?:\.\d+)?|\.\d+))\s*$/.exec(text);
  return match === null ? null : { op: match[1] as Operator, value: Number(match[2]) };
};

export const holds = ({ op, value }: Comparison, actual: number): boolean => {
  switch (op) {
    case '<=':
      return actual <= value;
    case '<':
      return actual < value;
    case '>=':
      return actual >= value;
    case '>':
      return actual > value;
    case '==':
      return actual === value;
  }
};

export const comparisonWords = ({ op, value }: Comparison): string => `${op} ${value}`;

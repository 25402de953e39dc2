import { isWithinLimits, referenceOf } from '../gates/limits.ts';
import type { MetricCheck } from '../gates/metric.ts';
import type { Sample } from '../gates/sample.ts';
import type { CheckOf } from '../session/gate-checks.ts';
import type { Judging } from './replay-gate.ts';

/** How the numbers of a sample are held against its limits. */
export type Holding = Pick<Judging['checks'][number], 'op' | 'floor'>;

/** A floor holds where something is compared with the control or the baseline only. */
export const holdingOf = ({ check }: CheckOf): Holding => {
  if (check?.kind !== 'metric') return { op: null, floor: null };
  const { expression, floor }: MetricCheck = check;
  return { op: expression.op, floor: referenceOf(expression.bound) === null ? null : floor };
};

/** Whether a sample says GOOD or BAD while its own numbers say the other; what has no numbers or limits cannot. */
export const isContrary = ({ op, floor }: Holding, { kind, figures }: Sample): boolean => {
  if (figures === undefined || figures.value === null || (kind !== 'GOOD' && kind !== 'BAD')) return false;
  const value = floor === null ? figures.value : Math.max(figures.value, floor);
  const within = isWithinLimits({ op }, figures.limits, value);
  return within !== null && within !== (kind === 'GOOD');
};

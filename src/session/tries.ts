import { spoken } from '../text/duration.ts';
import type { ExecSpec } from './exec-spec.ts';

/** `up to 3 tries, 10 s apart`; of a change, what is asked once only. Null for a command that is run once. */
export const triesWords = ({
  attempts,
  everyMs,
  risk,
}: Pick<ExecSpec, 'attempts' | 'everyMs' | 'risk'>): string | null => {
  if (attempts <= 1) return null;
  const tries = `up to ${attempts} tries, ${spoken(everyMs)} apart`;
  return risk === 'read' ? tries : `${tries}, target and lock are asked before the first only`;
};

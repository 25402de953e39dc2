import type { Clock } from '../ports/clock.ts';
import type { TargetCheck } from '../ports/target.ts';

/** A question that takes longer does not keep the criteria waiting. */
const patienceMs = 2_000;

const unreachableWords = ({ because, nextStep }: Extract<TargetCheck, { kind: 'unreachable' }>): string =>
  nextStep === null ? because : `${because}; ${nextStep}`;

/** Asks who the target is; gives why that cannot be told, null when it is the right one. One question at a time. */
export const identityAsker = (
  ask: (() => Promise<TargetCheck>) | null,
  clock: Clock,
  onMismatch: (check: Extract<TargetCheck, { kind: 'mismatch' }>) => void,
): (() => Promise<string | null>) => {
  let because: string | null = null;
  let asking: Promise<void> | null = null;
  const asked = async (question: () => Promise<TargetCheck>): Promise<void> => {
    const check = await question();
    because = check.kind === 'unreachable' ? unreachableWords(check) : null;
    if (check.kind === 'mismatch') onMismatch(check);
  };
  return async () => {
    if (ask === null) return null;
    asking ??= asked(ask).finally(() => {
      asking = null;
    });
    let stop = (): void => undefined;
    const long = new Promise<void>((done) => {
      stop = clock.after(patienceMs, done);
    });
    await Promise.race([asking, long]).finally(stop);
    return because;
  };
};

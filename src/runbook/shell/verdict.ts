import type { Risk } from '../model.ts';

/** How dangerous one command is, and why; reads need no reason. */
export interface Verdict {
  readonly risk: Risk;
  /** `kubectl delete: deletes objects`. */
  readonly because: string | null;
  /** It asks a person for more. */
  readonly session?: boolean;
}

const severity: Readonly<Record<Risk, number>> = { read: 0, change: 1, destroy: 2 };

export const isWorse = (a: Risk, b: Risk): boolean => severity[a] > severity[b];

/** The worst risk, and every distinct reason, those of the worst first. */
export const worst = (verdicts: readonly Verdict[]): { risk: Risk; because: readonly string[] } => {
  let risk: Risk = 'read';
  for (const verdict of verdicts) if (isWorse(verdict.risk, risk)) risk = verdict.risk;
  const reasons = [...verdicts].sort((a, b) => severity[b.risk] - severity[a.risk]).map(({ because }) => because);
  return { risk, because: [...new Set(reasons.filter((because) => because !== null))] };
};

export const read: Verdict = { risk: 'read', because: null };
export const change = (because: string): Verdict => ({ risk: 'change', because });
export const session = (name: string): Verdict => ({
  risk: 'change',
  because: `${name}: opens a session`,
  session: true,
});
export const destroy = (because: string): Verdict => ({ risk: 'destroy', because });

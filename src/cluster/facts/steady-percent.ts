import type { RolloutFacts } from '../../gates/workload.ts';

/** How a rollout stood when it was last looked at. */
export interface LastStand {
  readonly revision: string | null;
  readonly percent: number;
  readonly desired: number;
  readonly available: number;
  /** Why it went back to this percent; null when it did not. */
  readonly because: string | null;
}

const whyBack = (last: LastStand, revision: string | null, rollout: RolloutFacts): string | null => {
  if (rollout.because !== null) return rollout.because;
  if (revision !== last.revision) return revision === null ? 'the spec has changed' : `new revision ${revision}`;
  if (rollout.desired !== last.desired) return `replicas ${last.desired} -> ${rollout.desired}`;
  if (rollout.available < last.available) return `available ${last.available} -> ${rollout.available}`;
  return null;
};

/** Percent never goes back without a reason, which is said until it goes on; without one it stays where it was. */
export const steadyPercent = (
  last: LastStand | null,
  revision: string | null,
  rollout: RolloutFacts,
): { readonly rollout: RolloutFacts; readonly last: LastStand } => {
  const { desired, available } = rollout;
  const shown = (percent: number, because: string | null) => ({
    rollout: { ...rollout, percent, because: rollout.because ?? because },
    last: { revision, percent, desired, available, because },
  });
  if (last === null || rollout.percent > last.percent) return shown(rollout.percent, null);
  if (rollout.percent === last.percent) return shown(rollout.percent, last.because);
  const because = whyBack(last, revision, rollout);
  return because === null ? shown(last.percent, last.because) : shown(rollout.percent, because);
};

import { latest } from './raw.ts';
import type { SeenPod } from './seen-pod.ts';

/** Since when a workload is complete without a restart or a pod that is not ready. */
export interface Stability {
  /** UTC ms; null = it is not. */
  readonly since: number | null;
  /** The last time a pod became ready, started or ended, UTC ms. */
  readonly unrestAt: number;
}

export const notStable: Stability = { since: null, unrestAt: 0 };

const isDone = (pod: SeenPod): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed' || pod.deletedBy !== null;

/** The last change of readiness or of a container among pods; null when one is not ready. */
export const lastUnrest = (pods: readonly SeenPod[]): number | null => {
  let last = 0;
  for (const pod of pods) {
    if (isDone(pod)) continue;
    if (pod.ready !== 'True' || pod.closedGate !== null) return null;
    last = latest(last, pod.readySince);
    for (const { kind, at, lastAt } of pod.containers) if (kind !== 'init') last = latest(last, at, lastAt);
  }
  return last;
};

/** A restart between two looks shows as later unrest, although every pod is ready again. */
export const nextStability = (
  before: Stability,
  isComplete: boolean,
  unrestAt: number | null,
  now: number,
): Stability => {
  if (!isComplete || unrestAt === null) return notStable;
  if (before.since === null || unrestAt > before.unrestAt) return { since: now, unrestAt };
  return before;
};

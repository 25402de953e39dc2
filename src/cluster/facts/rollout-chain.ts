import type { RolloutFacts, RolloutPhase } from '../../gates/workload.ts';
import type { SeenAnalysis } from './seen-others.ts';
import type { SeenWorkload } from './seen-workload.ts';

/** What a rollout is judged with beside its own status. */
export interface RolloutContext {
  /** Old pods of its own that are being deleted. */
  readonly endingOld: number;
  /** Available pods of the new revision; null when its ReplicaSet is not known. */
  readonly newAvailable: number | null;
  /** A recent `FailedCreate` of its controller: quota, admission; null = none. */
  readonly createFailure: string | null;
  readonly analyses: readonly SeenAnalysis[];
}

export interface Stand {
  readonly phase: RolloutPhase;
  readonly text: string;
  readonly because: string | null;
}

export const stand = (phase: RolloutPhase, text: string, because: string | null = null): Stand => ({
  phase,
  text,
  because,
});

export const waitingForController = (workload: SeenWorkload): Stand | null =>
  workload.observedGeneration !== null && workload.observedGeneration < workload.generation
    ? stand('waiting-for-controller', 'WAITING FOR CONTROLLER')
    : null;

/** Counts of pods, from being replaced to being gone. `wanted` = updated pods it goes for. */
export const byCounts = (workload: SeenWorkload, wanted: number, endingOld: number): Stand => {
  const { desired, total, updated, available } = workload;
  const old = total - updated;
  if (updated < wanted) return stand('updating', `UPDATING ${updated}/${wanted}`);
  if (wanted === desired && old > 0) return stand('draining', `DRAINING ${old} old`);
  if (available < desired) return stand('waiting', `WAITING ${available}/${desired} available`);
  if (endingOld > 0) return stand('ending', `ENDING ${endingOld}`);
  return stand('complete', 'COMPLETE');
};

/** In percent: new pods made, new pods available, old pods gone. */
const shares = { made: 20, usable: 70, gone: 10 } as const;

/** 100 is kept for complete. */
export const percentOf = (
  { desired, total, updated, available }: SeenWorkload,
  newAvailable: number | null,
  isComplete: boolean,
): number => {
  if (isComplete) return 100;
  const old = Math.max(0, total - updated);
  if (desired === 0) return old > 0 ? 50 : 99;
  const made = Math.min(updated, desired);
  const usable = Math.min(newAvailable ?? Math.max(0, available - old), desired);
  const gone = desired - Math.min(old, desired);
  return Math.max(
    0,
    Math.min(99, Math.floor((shares.made * made + shares.usable * usable + shares.gone * gone) / desired)),
  );
};

/** Of a new revision that the controller has not begun nothing is done. */
const isNotBegun = (found: Stand, { newAvailable }: RolloutContext): boolean =>
  found.phase === 'waiting-for-controller' && newAvailable === null;

export const rolloutFacts = (
  workload: SeenWorkload,
  context: RolloutContext,
  found: Stand,
  more: Partial<Pick<RolloutFacts, 'percent' | 'step' | 'analysis'>> = {},
): RolloutFacts => ({
  ...found,
  desired: workload.desired,
  total: workload.total,
  updated: workload.updated,
  ready: workload.ready,
  available: workload.available,
  percent: isNotBegun(found, context)
    ? 0
    : (more.percent ?? percentOf(workload, context.newAvailable, found.phase === 'complete')),
  step: more.step ?? null,
  analysis: more.analysis ?? [],
});

import type { ClusterFacts } from '../gates/workload.ts';
import { unownedChanges } from './foreign.ts';
import type { SessionState } from './state.ts';

/** Whether this run has scaled a workload to 0: pods that are looked for in vain then have not gone by themselves. */
export const scaledToZero = (state: SessionState, facts: ClusterFacts | null): boolean => {
  if (state.firstChangeAt === null) return false;
  const unowned = unownedChanges(state).map(({ workload }) => workload);
  return (facts?.workloads ?? []).some(
    ({ reference, rollout }) => rollout?.desired === 0 && !unowned.includes(reference),
  );
};

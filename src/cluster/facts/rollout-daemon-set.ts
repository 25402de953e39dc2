import type { RolloutFacts } from '../../gates/workload.ts';
import { byCounts, type RolloutContext, rolloutFacts, waitingForController } from './rollout-chain.ts';
import { createFailed, onDelete } from './rollout-stateful-set.ts';
import type { SeenWorkload } from './seen-workload.ts';

export const daemonSetRollout = (workload: SeenWorkload, context: RolloutContext): RolloutFacts => {
  const found =
    waitingForController(workload) ??
    createFailed(workload, context) ??
    onDelete(workload, byCounts(workload, workload.desired, context.endingOld));
  return rolloutFacts(workload, context, found);
};

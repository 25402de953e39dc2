import type { RolloutFacts } from '../../gates/workload.ts';
import {
  byCounts,
  type RolloutContext,
  rolloutFacts,
  type Stand,
  stand,
  waitingForController,
} from './rollout-chain.ts';
import type { SeenWorkload } from './seen-workload.ts';

/** `OnDelete`: the controller replaces a pod only when somebody deletes it. */
export const onDelete = (workload: SeenWorkload, found: Stand): Stand =>
  workload.isOnDelete && found.phase === 'updating'
    ? { ...found, because: 'update strategy OnDelete: each pod is replaced when it is deleted' }
    : found;

export const createFailed = (workload: SeenWorkload, context: RolloutContext): Stand | null =>
  context.createFailure !== null && workload.total < workload.desired
    ? stand('failing', 'FAILING', context.createFailure)
    : null;

/** Pods below the partition keep the old revision: the rollout is complete when the others have the new one. */
const inPartition = (workload: SeenWorkload, wanted: number, found: Stand): Stand =>
  wanted < workload.desired && found.phase === 'complete'
    ? { ...found, text: `COMPLETE ${wanted}/${workload.desired}, partition ${workload.partition}` }
    : found;

export const statefulSetRollout = (workload: SeenWorkload, context: RolloutContext): RolloutFacts => {
  const { desired, partition, isOnDelete, updated } = workload;
  const wanted = isOnDelete ? desired : Math.max(0, desired - partition);
  const counted = inPartition(workload, wanted, byCounts(workload, wanted, context.endingOld));
  const found = waitingForController(workload) ?? createFailed(workload, context) ?? onDelete(workload, counted);
  const isPartial = !isOnDelete && partition > 0 && desired > 0;
  const weight = Math.round((100 * wanted) / Math.max(1, desired));
  return rolloutFacts(workload, context, found, {
    step: isPartial ? { index: Math.min(updated, wanted), of: desired, weight } : null,
  });
};

import type { RolloutFacts } from '../../gates/workload.ts';
import {
  byCounts,
  type RolloutContext,
  rolloutFacts,
  type Stand,
  stand,
  waitingForController,
} from './rollout-chain.ts';
import { conditionOf, type SeenWorkload } from './seen-workload.ts';

const failure = (workload: SeenWorkload): Stand | null => {
  const progressing = conditionOf(workload, 'Progressing');
  if (progressing?.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded')
    return stand('failed', 'FAILED', progressing.message ?? 'progress deadline exceeded');
  const replicas = conditionOf(workload, 'ReplicaFailure');
  return replicas?.status === 'True' ? stand('failing', 'FAILING', replicas.message ?? replicas.reason) : null;
};

export const deploymentRollout = (workload: SeenWorkload, context: RolloutContext): RolloutFacts => {
  const found = workload.isPaused
    ? stand('paused', 'PAUSED', 'spec.paused is true')
    : (waitingForController(workload) ?? failure(workload) ?? byCounts(workload, workload.desired, context.endingOld));
  return rolloutFacts(workload, context, found);
};

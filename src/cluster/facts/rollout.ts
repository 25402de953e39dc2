import type { RolloutFacts } from '../../gates/workload.ts';
import { argoRollout } from './rollout-argo.ts';
import type { RolloutContext } from './rollout-chain.ts';
import { daemonSetRollout } from './rollout-daemon-set.ts';
import { deploymentRollout } from './rollout-deployment.ts';
import { jobRollout } from './rollout-job.ts';
import { statefulSetRollout } from './rollout-stateful-set.ts';
import type { SeenWorkload, WorkloadKind } from './seen-workload.ts';

const byKind: Readonly<Record<WorkloadKind, (workload: SeenWorkload, context: RolloutContext) => RolloutFacts>> = {
  Deployment: deploymentRollout,
  StatefulSet: statefulSetRollout,
  DaemonSet: daemonSetRollout,
  Job: jobRollout,
  Rollout: argoRollout,
};

/** How far the controller of a workload has come. Source: 40-cluster, "Rollout". */
export const rolloutOf = (workload: SeenWorkload, context: RolloutContext): RolloutFacts =>
  byKind[workload.kind](workload, context);

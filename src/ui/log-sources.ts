import type { EngineView } from '../engine/view.ts';
import type { ClusterFacts, PodRow, WorkloadFacts } from '../gates/workload.ts';
import { worstPod } from '../session/cluster-words.ts';

/** A pod whose log can be read. */
export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string | null;
  readonly hasPrevious: boolean;
}

/** More pods at once can neither be read nor told apart. */
export const mostLogs = 5;

export const logSource = ({ namespace }: WorkloadFacts, { name, container, hasPrevious }: PodRow): LogSource => ({
  namespace,
  pod: name,
  container,
  hasPrevious,
});

/** Pods that fail, those of the new revision first; without any the pods of the new revision of all workloads. */
export const logSources = ({ cluster }: EngineView): readonly LogSource[] => {
  if (cluster === null) return [];
  const of = (choose: (workload: WorkloadFacts) => readonly PodRow[]): readonly LogSource[] =>
    cluster.workloads.flatMap((workload) => choose(workload).map((pod) => logSource(workload, pod))).slice(0, mostLogs);
  const fails = ({ class: is }: PodRow): boolean => is === 'DOOMED' || is === 'FAILING' || is === 'STUCK';
  const failing = of(({ troubled }) => troubled.filter((pod) => pod.isNew && fails(pod)));
  if (failing.length > 0) return failing;
  const fresh = of(({ pods }) => pods.filter(({ isNew }) => isNew));
  return fresh.length > 0 ? fresh : of(({ pods }) => pods);
};

/** `pod/checkout-7d9f-abc`: the worst pod, else the first workload; null without either. */
export const describable = (cluster: ClusterFacts | null): string | null => {
  for (const workload of cluster?.workloads ?? []) {
    const pod = worstPod(workload);
    if (pod !== null) return `pod/${pod.name}`;
  }
  return cluster?.workloads[0]?.reference ?? null;
};

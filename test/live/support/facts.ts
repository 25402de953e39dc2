import { createClusterWatch } from '../../../src/cluster/cluster-watch.ts';
import { readKubeconfig } from '../../../src/cluster/pin/kubeconfig.ts';
import { openCluster } from '../../../src/cluster/pin/open-cluster.ts';
import { pinnedContext } from '../../../src/cluster/pin/pinned-context.ts';
import { systemClock } from '../../../src/engine/clock.ts';
import type { ClusterFacts, WorkloadFacts } from '../../../src/gates/workload.ts';
import type { ClusterWatch } from '../../../src/ports/cluster.ts';
import type { LiveCluster } from './cluster.ts';

export interface Watching {
  readonly watch: ClusterWatch;
  /** Waits for facts, by their changes; the error says what was seen last. */
  until(what: string, isSo: (facts: ClusterFacts) => boolean, seconds?: number): Promise<ClusterFacts>;
  /** The same of one workload. */
  workload(reference: string, isSo: (facts: WorkloadFacts) => boolean, seconds?: number): Promise<WorkloadFacts>;
  close(): Promise<void>;
}

export const factsOf = (facts: ClusterFacts, reference: string): WorkloadFacts => {
  const found = facts.workloads.find((workload) => workload.reference === reference);
  if (found === undefined) throw new Error(`${reference} is not watched`);
  return found;
};

const shortly = (facts: ClusterFacts): string =>
  JSON.stringify(
    facts.workloads.map(({ reference, source, rollout, newPods, troubled }) => ({
      reference,
      source: source.state,
      because: source.because,
      rollout: rollout?.text,
      newPods,
      troubled: troubled.map(({ reason }) => reason),
    })),
  );

/** Watches workloads of the namespace `default` as the administrator. */
export const watchWorkloads = (
  cluster: LiveCluster,
  workloads: readonly string[],
  options: { readonly runBeganAt?: number; readonly kubeconfig?: string } = {},
): Watching => {
  const context = pinnedContext(readKubeconfig([options.kubeconfig ?? cluster.kubeconfig]), cluster.context);
  const { connection } = openCluster(context, { environment: cluster.env, clock: systemClock, onSecret: () => {} });
  const watch = createClusterWatch({
    connection,
    namespace: 'default',
    workloads,
    runBeganAt: options.runBeganAt ?? Date.now(),
    clock: systemClock,
  });
  const until: Watching['until'] = (what, isSo, seconds = 30) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        unsubscribe();
      };
      const look = (): void => {
        const facts = watch.facts();
        if (!isSo(facts)) return;
        stop();
        resolve(facts);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`waited ${seconds} s in vain for ${what}; last: ${shortly(watch.facts())}`));
      }, seconds * 1_000);
      const unsubscribe = watch.onChange(look);
      look();
    });
  return {
    watch,
    until,
    workload: async (reference, isSo, seconds) =>
      factsOf(await until(reference, (facts) => isSo(factsOf(facts, reference)), seconds), reference),
    close: async () => {
      await watch.close();
      await connection.close();
    },
  };
};

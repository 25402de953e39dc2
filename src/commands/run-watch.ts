import { systemClock } from '../engine/clock.ts';
import type { ClusterFacts } from '../gates/workload.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { SeenWorkload } from '../session/state.ts';
import type { RunTargetParts } from './run-target.ts';

/** What of the cluster is watched beside a run. */
export interface WatchPlace {
  readonly namespace: string | null;
  /** With its inputs filled in. */
  readonly workloads: readonly string[];
  /** Restarts since then count, UTC ms. */
  readonly beganAt: number;
  /** What an earlier process of the run saw of the workloads last. */
  readonly lastSeen?: Readonly<Record<string, Omit<SeenWorkload, 'foundAtWork'>>>;
}

/** Null for a run without a cluster. Throws `ExpectedError` for a workload of a kind that cannot be watched. */
export const openRunWatch = async (
  cluster: RunTargetParts['cluster'],
  { namespace, workloads, beganAt, lastSeen = {} }: WatchPlace,
): Promise<ClusterWatch | null> => {
  if (cluster === null) return null;
  const { createClusterWatch } = await import('../cluster/cluster-watch.ts');
  return createClusterWatch({
    connection: cluster.connection,
    namespace: namespace ?? 'default',
    workloads,
    runBeganAt: beganAt,
    clock: systemClock,
    lastSeen,
  });
};

const patienceMs = 2_000;

/** What is watched, once every workload has been seen or cannot be; at the latest after 2 s. */
export const firstFacts = (watch: ClusterWatch | null): Promise<ClusterFacts | null> => {
  if (watch === null) return Promise.resolve(null);
  const known = (): boolean => watch.facts().workloads.every(({ source }) => source.state !== 'loading');
  return new Promise((done) => {
    const stops: (() => void)[] = [];
    const end = (): void => {
      for (const stop of stops) stop();
      done(watch.facts());
    };
    if (known()) return end();
    stops.push(
      systemClock.after(patienceMs, end),
      watch.onChange(() => known() && end()),
    );
  });
};

import type { Clock } from '../ports/clock.ts';
import type { ResourceQuery } from './api/resource.ts';
import type { ClusterBook } from './facts/cluster-book.ts';
import { workloadPath } from './facts/references.ts';
import { seenEvent } from './facts/seen-event.ts';
import { seenAnalysis } from './facts/seen-others.ts';
import { seenPod } from './facts/seen-pod.ts';
import { seenControllerRevision, seenReplicaSet } from './facts/seen-revision.ts';
import { type SeenWorkload, seenWorkload } from './facts/seen-workload.ts';
import type { Looking } from './facts/spec-book.ts';
import type { WorkloadBook } from './facts/workload-book.ts';
import { mapStore, type RowStore, sharedStore, type WatchGroup } from './watch-group.ts';

const replicaSetKinds: readonly SeenWorkload['kind'][] = ['Deployment', 'Rollout'];

export interface WorkloadWatching {
  readonly group: WatchGroup;
  readonly book: ClusterBook;
  readonly clock: Clock;
  /** Server's clock minus ours, as far as it counts. */
  skewMs(): number;
}

const query = (path: string, labelSelector: string | null, fieldSelector: string | null = null): ResourceQuery => ({
  path,
  labelSelector,
  fieldSelector,
});

const watchPods = (watching: WorkloadWatching, workload: WorkloadBook, selector: string): void => {
  const { group, clock, skewMs } = watching;
  const path = `/api/v1/namespaces/${encodeURIComponent(workload.namespace)}/pods`;
  group.watch(`${workload.wanted.reference} pods`, query(path, selector), seenPod, {
    put: (pod) => workload.putPod(pod, clock.now(), skewMs()),
    remove: (uid) => workload.pods.remove(uid),
    keepOnly: (uids) => workload.pods.keepOnly(uids),
    health: (health) => {
      workload.health.pods = health;
    },
  });
};

const watchRevisions = (watching: WorkloadWatching, workload: WorkloadBook, selector: string): void => {
  const { kind, reference } = workload.wanted;
  if (kind === 'Job') return;
  const isReplicaSet = replicaSetKinds.includes(kind);
  const plural = isReplicaSet ? 'replicasets' : 'controllerrevisions';
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(workload.namespace)}/${plural}`;
  const project = isReplicaSet ? seenReplicaSet : seenControllerRevision;
  watching.group.watch(`${reference} revisions`, query(path, selector), project, {
    ...mapStore(workload.revisions),
    health: (health) => {
      workload.health.revisions = health;
    },
  });
};

/** AnalysisRuns carry the hash of their revision but not the labels of the workload; kept if owned. */
const watchAnalyses = ({ group }: WorkloadWatching, workload: WorkloadBook): void => {
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${encodeURIComponent(workload.namespace)}/analysisruns`;
  const name = `${workload.wanted.reference} analyses`;
  group.watch(name, query(path, 'rollouts-pod-template-hash'), seenAnalysis, mapStore(workload.analyses));
};

const watchJobs = ({ group, book }: WorkloadWatching, workload: WorkloadBook, selector: string): void => {
  const project = (object: unknown) => seenWorkload('Job', object);
  const path = workloadPath('Job', workload.namespace);
  group.watch(`${workload.wanted.reference} jobs`, query(path, selector), project, sharedStore(mapStore(book.jobs)));
};

const watchSteps = ({ group, book }: WorkloadWatching, workload: WorkloadBook): void => {
  const { kind, name, reference } = workload.wanted;
  const path = `/api/v1/namespaces/${encodeURIComponent(workload.namespace)}/events`;
  const field = `involvedObject.kind=${kind},involvedObject.name=${name},type=Normal`;
  group.watch(`${reference} steps`, query(path, null, field), seenEvent, sharedStore(book.events));
};

/** What is watched beside the workload follows from its selector, as soon as that is known. */
const follow = (watching: WorkloadWatching, workload: WorkloadBook, row: SeenWorkload): void => {
  if (row.selector === null) return;
  watchRevisions(watching, workload, row.selector);
  watchPods(watching, workload, row.selector);
  if (row.kind !== 'Job') watchJobs(watching, workload, row.selector);
  if (row.kind === 'Rollout') watchAnalyses(watching, workload);
};

const looking = ({ book, clock, skewMs }: WorkloadWatching): Looking => ({
  now: clock.now(),
  own: book.ownWindows,
  skewMs: skewMs(),
});

/** What an earlier process saw of the workloads last is compared with what is seen now. */
export const compareWithLastSeen = (watching: WorkloadWatching): void => {
  for (const workload of watching.book.workloads)
    watching.book.noteForeign(workload.compareWithLastSeen(looking(watching)));
};

const workloadStore = (watching: WorkloadWatching, workload: WorkloadBook): RowStore<SeenWorkload> => {
  const { book } = watching;
  return {
    put: (row) => {
      book.noteForeign(workload.putWorkload(row, looking(watching)));
      follow(watching, workload, row);
    },
    remove: (uid) => book.noteForeign(workload.removeWorkload(uid, looking(watching))),
    keepOnly: (uids) => book.noteForeign(workload.listed(uids, looking(watching))),
    health: (health) => {
      workload.health.workload = health;
    },
  };
};

/** Watches one workload by its name, and what it owns by its selector. */
export const watchWorkload = (watching: WorkloadWatching, workload: WorkloadBook): void => {
  const { kind, name, reference } = workload.wanted;
  const path = workloadPath(kind, workload.namespace);
  const project = (object: unknown) => seenWorkload(kind, object);
  watching.group.watch(
    reference,
    query(path, null, `metadata.name=${name}`),
    project,
    workloadStore(watching, workload),
  );
  watchSteps(watching, workload);
};

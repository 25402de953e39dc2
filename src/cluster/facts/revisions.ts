import type { RevisionFacts } from '../../gates/workload.ts';
import type { SeenRevision } from './seen-revision.ts';
import type { SeenWorkload } from './seen-workload.ts';

const mostShown = 10;

const newestFirst = (left: SeenRevision, right: SeenRevision): number =>
  (right.number ?? 0) - (left.number ?? 0) || right.createdAt - left.createdAt || (left.name < right.name ? -1 : 1);

/** The controller takes the oldest ReplicaSet whose template is the Deployment's; its annotation tells it otherwise. */
const ofDeployment = (workload: SeenWorkload, owned: readonly SeenRevision[]): SeenRevision | null => {
  const same = owned.filter(({ templateHash }) => templateHash === workload.templateHash);
  const oldest = same.toSorted((left, right) => left.createdAt - right.createdAt)[0];
  if (oldest !== undefined) return oldest;
  return owned.find(({ number }) => number !== null && number === workload.revisionNumber) ?? null;
};

const isBehind = ({ observedGeneration, generation }: SeenWorkload): boolean =>
  observedGeneration !== null && observedGeneration < generation;

/** What pods of the new revision carry; null while the controller has not made it. A Job has but one. */
export const newRevisionKey = (workload: SeenWorkload, owned: readonly SeenRevision[]): string | null => {
  switch (workload.kind) {
    case 'Deployment': {
      const known = ofDeployment(workload, owned);
      return known !== null && (known.templateHash === workload.templateHash || !isBehind(workload)) ? known.key : null;
    }
    case 'DaemonSet':
      return isBehind(workload) ? null : (owned.toSorted(newestFirst)[0]?.key ?? null);
    case 'Job':
      return null;
    default:
      return isBehind(workload) ? null : workload.updateRevision;
  }
};

export interface PodsByRevision {
  readonly total: number;
  readonly ready: number;
}

/** The new revision, those that have pods, and the ones to go back to; newest first, at most 10. */
export const revisionFacts = (
  owned: readonly SeenRevision[],
  newKey: string | null,
  pods: ReadonlyMap<string, PodsByRevision>,
): readonly RevisionFacts[] =>
  owned
    .toSorted(newestFirst)
    .map((revision) => ({
      name: revision.name,
      number: revision.number,
      images: revision.images,
      isNew: revision.key === newKey,
      total: revision.total ?? pods.get(revision.key)?.total ?? 0,
      ready: revision.ready ?? pods.get(revision.key)?.ready ?? 0,
    }))
    .filter(({ isNew, total }, index) => isNew || total > 0 || index < mostShown)
    .slice(0, mostShown);

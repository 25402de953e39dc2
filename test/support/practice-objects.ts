import { createHash } from 'node:crypto';

/** One version of a practice Deployment's pods. */
export interface PracticeRevision {
  readonly number: number;
  readonly image: string;
  readonly pods: number;
  /** `false`: the registry does not have the image. */
  readonly pulls: boolean;
  /** UTC ms. */
  readonly since: number;
}

/** A Deployment as a controller leaves it; the last revision is the wanted one. */
export interface PracticeDeployment {
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly generation: number;
  readonly revisions: readonly PracticeRevision[];
}

export type Collection = 'deployments' | 'replicasets' | 'pods';

export interface PracticeObject {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}

const hashOf = (image: string): string => createHash('sha256').update(image).digest('hex').slice(0, 10);
const time = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** An image whose tag ends in `-missing` is in no registry. */
const pulls = (image: string): boolean => !image.endsWith('-missing');

export const practiceDeployment = (
  name: string,
  namespace: string,
  image: string,
  now: number,
): PracticeDeployment => ({
  name,
  namespace,
  replicas: 3,
  generation: 1,
  revisions: [
    { number: 40, image: `${image}-before`, pods: 0, pulls: true, since: now - 7_200_000 },
    { number: 41, image, pods: 3, pulls: true, since: now - 3_600_000 },
  ],
});

/** Gives it another image, or an earlier one again: all pods are new at once, or the first of them is never pulled. */
export const rolledOut = (before: PracticeDeployment, image: string, now: number): PracticeDeployment => {
  const last = before.revisions.at(-1) as PracticeRevision;
  if (last.image === image) return before;
  const number = last.number + 1;
  const known = before.revisions.find((revision) => revision.image === image);
  const others = before.revisions.filter((revision) => revision !== known);
  const runs = pulls(image);
  const own: PracticeRevision = {
    number,
    image,
    pods: runs ? before.replicas : 1,
    pulls: runs,
    since: known !== undefined && known.pods > 0 ? known.since : now,
  };
  const rest = others.map((revision) => (runs || !revision.pulls ? { ...revision, pods: 0 } : revision));
  return { ...before, generation: before.generation + 1, revisions: [...rest, own] };
};

/** The image of a revision, 0 = the one before the last. */
export const imageOf = ({ revisions }: PracticeDeployment, number: number): string | null =>
  (number === 0 ? revisions.at(-2) : revisions.find((revision) => revision.number === number))?.image ?? null;

/** What the API has of it, as real controllers write it. */
export const objectsOf = (deployment: PracticeDeployment): Readonly<Record<Collection, readonly PracticeObject[]>> => ({
  deployments: [deploymentObject(deployment)],
  replicasets: deployment.revisions.map((revision) => replicaSetObject(deployment, revision)),
  pods: deployment.revisions.flatMap((revision) =>
    Array.from({ length: revision.pods }, (_, index) => podObject(deployment, revision, index)),
  ),
});

const template = (labels: object, image: string): object => ({
  metadata: { labels },
  spec: { containers: [{ name: 'app', image, resources: {} }] },
});

const revisionNote = (number: number): object => ({ 'deployment.kubernetes.io/revision': String(number) });

const deploymentObject = ({ name, namespace, replicas, generation, revisions }: PracticeDeployment): PracticeObject => {
  const last = revisions.at(-1) as PracticeRevision;
  const labels = { app: name };
  const total = revisions.reduce((sum, { pods }) => sum + pods, 0);
  const available = revisions.reduce((sum, { pods, pulls: runs }) => sum + (runs ? pods : 0), 0);
  const reason = last.pulls ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated';
  const object = {
    metadata: {
      uid: `uid-${name}`,
      name,
      namespace,
      generation,
      labels,
      annotations: revisionNote(last.number),
      creationTimestamp: time(revisions[0]?.since ?? 0),
    },
    spec: {
      replicas,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: template(labels, last.image),
    },
    status: {
      observedGeneration: generation,
      replicas: total,
      updatedReplicas: last.pods,
      readyReplicas: available,
      availableReplicas: available,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True', reason },
      ],
    },
  };
  return object;
};

const replicaSetObject = (
  { name, namespace }: PracticeDeployment,
  { number, image, pods, pulls: runs, since }: PracticeRevision,
): PracticeObject => {
  const hash = hashOf(image);
  const labels = { app: name, 'pod-template-hash': hash };
  const available = runs ? pods : 0;
  const object = {
    metadata: {
      uid: `uid-${name}-${hash}`,
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: revisionNote(number),
      creationTimestamp: time(since),
      ownerReferences: [{ kind: 'Deployment', name, uid: `uid-${name}`, controller: true }],
    },
    spec: { replicas: pods, selector: { matchLabels: labels }, template: template(labels, image) },
    status: { replicas: pods, readyReplicas: available, availableReplicas: available, observedGeneration: 1 },
  };
  return object;
};

const podObject = (
  { name, namespace }: PracticeDeployment,
  { image, pulls: runs, since }: PracticeRevision,
  index: number,
): PracticeObject => {
  const hash = hashOf(image);
  const at = time(since);
  const ready = { status: runs ? 'True' : 'False', lastTransitionTime: at };
  const waiting = { reason: 'ErrImagePull', message: `manifest for ${image} not found: manifest unknown` };
  const object = {
    metadata: {
      uid: `uid-${name}-${hash}-${index}`,
      name: `${name}-${hash}-${'abcdefghij'[index]}${'klmno'}`,
      namespace,
      labels: { app: name, 'pod-template-hash': hash },
      creationTimestamp: at,
      ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-${hash}`, uid: `uid-${name}-${hash}`, controller: true }],
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'app', image, resources: {} }] },
    status: {
      phase: runs ? 'Running' : 'Pending',
      startTime: at,
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: at },
        { type: 'Initialized', status: 'True', lastTransitionTime: at },
        { type: 'Ready', ...ready },
        { type: 'ContainersReady', ...ready },
      ],
      containerStatuses: [
        {
          name: 'app',
          image,
          imageID: '',
          ready: runs,
          started: runs,
          restartCount: 0,
          lastState: {},
          state: runs ? { running: { startedAt: at } } : { waiting },
        },
      ],
    },
  };
  return object;
};

import type { WatchedRow } from '../api/resource.ts';
import { internOrNull } from './intern.ts';
import { numberOf, partOf, type Raw, textOf, timeOf } from './raw.ts';
import { controllerOf } from './seen-pod.ts';
import { imagesOf } from './seen-workload.ts';
import { templateHash } from './template-hash.ts';

/** A ReplicaSet or ControllerRevision: one version of a workload's pods. */
export interface SeenRevision extends WatchedRow {
  readonly name: string;
  readonly ownerUid: string | null;
  /** What its pods carry as their revision. */
  readonly key: string;
  /** `rev 41`; null when it is not numbered. */
  readonly number: number | null;
  readonly images: readonly string[];
  readonly templateHash: string;
  readonly createdAt: number;
  /** Null: a ControllerRevision counts no pods. */
  readonly desired: number | null;
  readonly total: number | null;
  readonly ready: number | null;
  readonly available: number | null;
}

const base = (object: unknown) => {
  const metadata = partOf(object, 'metadata');
  return {
    metadata,
    uid: textOf(metadata.uid),
    resourceVersion: textOf(metadata.resourceVersion) ?? '',
    name: textOf(metadata.name) ?? '',
    ownerUid: internOrNull(textOf(controllerOf(metadata)?.uid)),
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
  };
};

const annotated = (metadata: Raw): number | null => {
  const annotations = partOf(metadata, 'annotations');
  const text = textOf(annotations['deployment.kubernetes.io/revision'] ?? annotations['rollout.argoproj.io/revision']);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
};

export const seenReplicaSet = (object: unknown): SeenRevision | null => {
  const { metadata, uid, ...rest } = base(object);
  if (uid === null) return null;
  const labels = partOf(metadata, 'labels');
  const template = partOf(object, 'spec', 'template');
  const status = partOf(object, 'status');
  return {
    uid,
    ...rest,
    key: textOf(labels['pod-template-hash']) ?? textOf(labels['rollouts-pod-template-hash']) ?? rest.name,
    number: annotated(metadata),
    images: imagesOf(template).map(({ image }) => image),
    templateHash: templateHash(template),
    desired: numberOf(partOf(object, 'spec').replicas) ?? 1,
    total: numberOf(status.replicas) ?? 0,
    ready: numberOf(status.readyReplicas) ?? 0,
    available: numberOf(status.availableReplicas) ?? 0,
  };
};

/** Pods of a StatefulSet carry the revision's name, those of a DaemonSet its hash. */
export const seenControllerRevision = (object: unknown): SeenRevision | null => {
  const { metadata, uid, ...rest } = base(object);
  if (uid === null) return null;
  const isDaemonSet = controllerOf(metadata)?.kind === 'DaemonSet';
  const template = partOf(object, 'data', 'spec', 'template');
  return {
    uid,
    ...rest,
    key: (isDaemonSet ? textOf(partOf(metadata, 'labels')['controller-revision-hash']) : null) ?? rest.name,
    number: numberOf(partOf(object).revision),
    images: imagesOf(template).map(({ image }) => image),
    templateHash: templateHash(template),
    desired: null,
    total: null,
    ready: null,
    available: null,
  };
};

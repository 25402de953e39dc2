import type { WorkloadFacts, WorkloadSpec } from '../../gates/workload.ts';
import type { WatchedRow } from '../api/resource.ts';
import { intern } from './intern.ts';
import { ownersOf } from './owners.ts';
import { numberOf, partOf, partsOf, type Raw, shortCopy, textOf, timeOf } from './raw.ts';
import { argoStatus, type SeenArgo } from './seen-argo.ts';
import { jobStatus, type SeenJob } from './seen-job.ts';
import { selectorText } from './selector.ts';
import { templateHash } from './template-hash.ts';

export type WorkloadKind = WorkloadFacts['kind'];

export interface SeenCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  readonly message: string | null;
}

/** Who wrote the spec last, of the managed fields. */
export type SeenManager = WorkloadSpec['managers'][number];

export type SeenImage = WorkloadSpec['images'][number];

/** What is kept of a workload of any kind. */
export interface SeenWorkload extends WatchedRow, WorkloadSpec {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly namespace: string;
  /** The generation the controller has acted on; null when its status does not say (Job, Argo's old releases). */
  readonly observedGeneration: number | null;
  /** Of its pods; null when it has none. */
  readonly selector: string | null;
  readonly minReadyMs: number;
  /** `deployment.kubernetes.io/revision`. */
  readonly revisionNumber: number | null;
  /** As the status names it: StatefulSet `updateRevision`, Argo Rollout `currentPodHash`. */
  readonly updateRevision: string | null;
  readonly isOnDelete: boolean;
  readonly total: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly conditions: readonly SeenCondition[];
  readonly owners: readonly string[];
  readonly job: SeenJob | null;
  readonly argo: SeenArgo | null;
}

export const imagesOf = (template: Raw): readonly SeenImage[] => {
  const spec = partOf(template, 'spec');
  return [...partsOf(spec.initContainers), ...partsOf(spec.containers)].map((container) => ({
    container: intern(textOf(container.name) ?? ''),
    image: intern(textOf(container.image) ?? ''),
  }));
};

const conditionsOf = (status: Raw): readonly SeenCondition[] =>
  partsOf(status.conditions).map((condition) => ({
    type: textOf(condition.type) ?? '',
    status: textOf(condition.status) ?? '',
    reason: textOf(condition.reason),
    message: shortCopy(condition.message),
  }));

const managersOf = (metadata: Raw): readonly SeenManager[] =>
  partsOf(metadata.managedFields)
    .filter(({ subresource }) => subresource !== 'status')
    .map((entry) => ({
      name: intern(textOf(entry.manager) ?? 'unknown'),
      subresource: textOf(entry.subresource),
      at: timeOf(entry.time),
    }));

type Counts = Pick<SeenWorkload, 'desired' | 'total' | 'updated' | 'ready' | 'available'>;

const count = (value: unknown): number => numberOf(value) ?? 0;

const countsOf = (kind: WorkloadKind, spec: Raw, status: Raw): Counts => {
  if (kind === 'DaemonSet') {
    return {
      desired: count(status.desiredNumberScheduled),
      total: count(status.currentNumberScheduled),
      updated: count(status.updatedNumberScheduled),
      ready: count(status.numberReady),
      available: count(status.numberAvailable),
    };
  }
  if (kind === 'Job') {
    const active = count(status.active);
    const succeeded = count(status.succeeded);
    return {
      desired: numberOf(spec.completions) ?? numberOf(spec.parallelism) ?? 1,
      total: active + succeeded,
      updated: active + succeeded,
      ready: count(status.ready),
      available: succeeded,
    };
  }
  return {
    desired: numberOf(spec.replicas) ?? 1,
    total: count(status.replicas),
    updated: count(status.updatedReplicas),
    ready: count(status.readyReplicas),
    available: count(status.availableReplicas),
  };
};

const observed = (value: unknown): number | null => {
  const generation = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return numberOf(generation);
};

const wholeNumber = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null);

const isPausedBy = (kind: WorkloadKind, spec: Raw): boolean =>
  kind === 'Job' ? spec.suspend === true : spec.paused === true;

/** Of the pods it owns. An Argo Rollout that refers to a workload has it only in its status, as text. */
const podSelector = (kind: WorkloadKind, spec: Raw, status: Raw): string | null =>
  selectorText(partOf(spec, 'selector')) ?? (kind === 'Rollout' ? textOf(status.selector) : null);

/** A Deployment, StatefulSet, DaemonSet, Job or Argo Rollout. Null when it has no uid. */
export const seenWorkload = (kind: WorkloadKind, object: unknown): SeenWorkload | null => {
  const metadata = partOf(object, 'metadata');
  const spec = partOf(object, 'spec');
  const status = partOf(object, 'status');
  const uid = textOf(metadata.uid);
  if (uid === null) return null;
  const strategy = partOf(spec, 'updateStrategy');
  const template = partOf(spec, 'template');
  return {
    uid,
    resourceVersion: textOf(metadata.resourceVersion) ?? '',
    kind,
    name: textOf(metadata.name) ?? '',
    namespace: textOf(metadata.namespace) ?? '',
    generation: count(metadata.generation),
    observedGeneration: kind === 'Job' ? null : observed(status.observedGeneration ?? (kind === 'Rollout' ? null : 0)),
    selector: podSelector(kind, spec, status),
    isPaused: isPausedBy(kind, spec),
    ...countsOf(kind, spec, status),
    minReadyMs: count(spec.minReadySeconds) * 1_000,
    images: imagesOf(template),
    templateHash: templateHash(template),
    revisionNumber: wholeNumber(
      textOf(
        partOf(metadata, 'annotations')[
          kind === 'Rollout' ? 'rollout.argoproj.io/revision' : 'deployment.kubernetes.io/revision'
        ],
      ),
    ),
    updateRevision: textOf(kind === 'Rollout' ? status.currentPodHash : status.updateRevision),
    partition: count(partOf(strategy, 'rollingUpdate').partition),
    isOnDelete: strategy.type === 'OnDelete',
    conditions: conditionsOf(status),
    managers: managersOf(metadata),
    owners: ownersOf(metadata),
    job: kind === 'Job' ? jobStatus(spec, status) : null,
    argo: kind === 'Rollout' ? argoStatus(spec, status) : null,
  };
};

export const specOf = (workload: WorkloadSpec): WorkloadSpec => {
  const { uid, generation, images, templateHash, desired, isPaused, partition, managers } = workload;
  return { uid, generation, images, templateHash, desired, isPaused, partition, managers };
};

export const conditionOf = (workload: SeenWorkload, type: string): SeenCondition | null =>
  workload.conditions.find((condition) => condition.type === type) ?? null;

import type { WatchedRow } from '../api/resource.ts';
import { intern, internOrNull } from './intern.ts';
import { latest, numberOf, partOf, partsOf, type Raw, shortCopy, textOf, timeOf } from './raw.ts';

/** What is kept of one container of a pod. Times are UTC ms. */
export interface SeenContainer {
  readonly name: string;
  /** `sidecar`: an init container that is restarted always. */
  readonly kind: 'main' | 'init' | 'sidecar';
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** `none`: the kubelet has not spoken of it yet. */
  readonly state: 'none' | 'waiting' | 'running' | 'terminated';
  readonly reason: string | null;
  readonly message: string | null;
  readonly exitCode: number | null;
  /** Started when running, finished when terminated. */
  readonly at: number | null;
  /** The run before the present one. */
  readonly lastReason: string | null;
  readonly lastExitCode: number | null;
  readonly lastAt: number | null;
}

/** What is kept of one pod: some hundred bytes of its 11 KB. */
export interface SeenPod extends WatchedRow {
  readonly name: string;
  /** Pod template hash or controller revision. */
  readonly revision: string | null;
  readonly ownerUid: string | null;
  readonly node: string | null;
  readonly phase: string | null;
  readonly reason: string | null;
  readonly message: string | null;
  readonly createdAt: number;
  /** When its grace period is over, UTC ms; null = it is not being deleted. */
  readonly deletedBy: number | null;
  readonly ready: 'True' | 'False' | 'Unknown' | null;
  readonly readySince: number | null;
  readonly readyMessage: string | null;
  /** The first readiness gate that is not true. */
  readonly closedGate: string | null;
  /** Reason and message of `PodScheduled=False`. */
  readonly unscheduled: { readonly reason: string; readonly message: string | null; readonly since: number } | null;
  /** The last change of a condition or container. */
  readonly changedAt: number;
  readonly probeBudgetMs: number;
  readonly containers: readonly SeenContainer[];
  readonly restarts: number;
  /** Ready, running, never restarted, not being deleted: nothing to look at but its minReadySeconds. */
  readonly isCalm: boolean;
}

const revisionLabels = ['pod-template-hash', 'rollouts-pod-template-hash', 'controller-revision-hash'];

/** The controller among the owner references. */
export const controllerOf = (metadata: Raw): Raw | null =>
  partsOf(metadata.ownerReferences).find((owner) => owner.controller === true) ?? null;

const probeMs = (probe: Raw): number => {
  if (Object.keys(probe).length === 0) return 0;
  const period = numberOf(probe.periodSeconds) ?? 10;
  const failures = numberOf(probe.failureThreshold) ?? 3;
  return ((numberOf(probe.initialDelaySeconds) ?? 0) + period * failures) * 1_000;
};

const leastBudgetMs = 30_000;

/** How long a started container may take to become ready: its startup probe's allowance, then its readiness probe's. */
const probeBudget = (containers: readonly Raw[]): number =>
  containers.reduce(
    (most, container) =>
      Math.max(most, probeMs(partOf(container, 'startupProbe')) + probeMs(partOf(container, 'readinessProbe'))),
    leastBudgetMs,
  );

const stateOf = (status: Raw): Pick<SeenContainer, 'state' | 'reason' | 'message' | 'exitCode' | 'at'> => {
  const { waiting, running, terminated } = partOf(status, 'state');
  if (typeof running === 'object' && running !== null)
    return { state: 'running', reason: null, message: null, exitCode: null, at: timeOf(partOf(running).startedAt) };
  const ended = typeof terminated === 'object' && terminated !== null;
  const detail = partOf(ended ? terminated : waiting);
  return {
    state: ended ? 'terminated' : typeof waiting === 'object' && waiting !== null ? 'waiting' : 'none',
    reason: internOrNull(textOf(detail.reason)),
    message: shortCopy(detail.message),
    exitCode: ended ? (numberOf(detail.exitCode) ?? 0) : null,
    at: ended ? timeOf(detail.finishedAt) : null,
  };
};

const seenContainer = (spec: Raw, kind: SeenContainer['kind'], statuses: readonly Raw[]): SeenContainer => {
  const name = textOf(spec.name) ?? '';
  const status = statuses.find((candidate) => candidate.name === name) ?? {};
  const last = partOf(status, 'lastState', 'terminated');
  return {
    name: intern(name),
    kind,
    image: intern(textOf(spec.image) ?? textOf(status.image) ?? ''),
    ready: status.ready === true,
    restarts: numberOf(status.restartCount) ?? 0,
    ...stateOf(status),
    lastReason: internOrNull(textOf(last.reason)),
    lastExitCode: numberOf(last.exitCode),
    lastAt: timeOf(last.finishedAt),
  };
};

const containersOf = (spec: Raw, status: Raw): readonly SeenContainer[] => {
  const initStatuses = partsOf(status.initContainerStatuses);
  const mainStatuses = partsOf(status.containerStatuses);
  return [
    ...partsOf(spec.initContainers).map((container) =>
      seenContainer(container, container.restartPolicy === 'Always' ? 'sidecar' : 'init', initStatuses),
    ),
    ...partsOf(spec.containers).map((container) => seenContainer(container, 'main', mainStatuses)),
  ];
};

const conditionStates: readonly unknown[] = ['True', 'False', 'Unknown'];

const conditionsOf = (spec: Raw, status: Raw) => {
  const conditions = partsOf(status.conditions);
  const find = (type: unknown): Raw => conditions.find((condition) => condition.type === type) ?? {};
  const ready = find('Ready');
  const scheduled = find('PodScheduled');
  const gate = partsOf(spec.readinessGates).find(({ conditionType }) => find(conditionType).status !== 'True');
  return {
    ready: conditionStates.includes(ready.status) ? (ready.status as SeenPod['ready']) : null,
    readySince: timeOf(ready.lastTransitionTime),
    readyMessage: shortCopy(ready.message),
    closedGate: internOrNull(textOf(gate?.conditionType)),
    unscheduled:
      scheduled.status === 'False'
        ? {
            reason: intern(textOf(scheduled.reason) ?? 'not scheduled'),
            message: internOrNull(shortCopy(scheduled.message)),
            since: timeOf(scheduled.lastTransitionTime) ?? 0,
          }
        : null,
    conditionsChangedAt: conditions.reduce((at, { lastTransitionTime }) => latest(at, timeOf(lastTransitionTime)), 0),
  };
};

const revisionOf = (metadata: Raw): string | null => {
  const labels = partOf(metadata, 'labels');
  for (const label of revisionLabels) {
    const revision = textOf(labels[label]);
    if (revision !== null) return intern(revision);
  }
  return null;
};

/** One pod of the API. Null when it has no uid. */
export const seenPod = (object: unknown): SeenPod | null => {
  const metadata = partOf(object, 'metadata');
  const spec = partOf(object, 'spec');
  const status = partOf(object, 'status');
  const uid = textOf(metadata.uid);
  if (uid === null) return null;
  const containers = containersOf(spec, status);
  const { conditionsChangedAt, ...conditions } = conditionsOf(spec, status);
  const createdAt = timeOf(metadata.creationTimestamp) ?? 0;
  const deletedBy = timeOf(metadata.deletionTimestamp);
  const phase = internOrNull(textOf(status.phase));
  const reason = internOrNull(textOf(status.reason));
  const restarts = containers.reduce((sum, container) => sum + container.restarts, 0);
  return {
    uid,
    resourceVersion: textOf(metadata.resourceVersion) ?? '',
    name: textOf(metadata.name) ?? '',
    revision: revisionOf(metadata),
    ownerUid: internOrNull(textOf(controllerOf(metadata)?.uid)),
    node: internOrNull(textOf(spec.nodeName)),
    phase,
    reason,
    message: internOrNull(shortCopy(status.message)),
    createdAt,
    deletedBy,
    ...conditions,
    changedAt: containers.reduce(
      (at, container) => latest(at, container.at, container.lastAt),
      latest(createdAt, timeOf(status.startTime), conditionsChangedAt),
    ),
    probeBudgetMs: probeBudget(partsOf(spec.containers)),
    containers,
    restarts,
    isCalm:
      phase === 'Running' &&
      reason === null &&
      deletedBy === null &&
      restarts === 0 &&
      conditions.ready === 'True' &&
      conditions.closedGate === null &&
      containers.every(({ kind, state }) => kind === 'init' || state === 'running'),
  };
};

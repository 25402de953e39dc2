import { spoken } from '../../text/duration.ts';
import { type Finding, finding, imageMessage, isImageTrouble } from './container-trouble.ts';
import { inContainer, shortMessage } from './pod-words.ts';
import { latest } from './raw.ts';
import type { SeenEvent } from './seen-event.ts';
import type { SeenContainer, SeenPod } from './seen-pod.ts';

const pullGraceMs = 60_000;
const sandboxGraceMs = 60_000;
const scheduleGraceMs = 30_000;
const quietGraceMs = 3 * 60_000;

const sandboxEvents = new Set([
  'FailedCreatePodSandBox',
  'FailedPodSandBoxStatus',
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'NetworkNotReady',
]);

/** The container that a pod waits for before it runs; null when it is past that. */
const waitedFor = (pod: SeenPod): SeenContainer | null => {
  if (pod.phase !== 'Pending' || pod.unscheduled !== null || pod.node === null) return null;
  const isPending = ({ kind, state, exitCode, ready }: SeenContainer): boolean => {
    if (kind === 'init') return !(state === 'terminated' && exitCode === 0);
    if (kind === 'sidecar' && state === 'running') return !ready;
    return state === 'none' || state === 'waiting';
  };
  return pod.containers.find(isPending) ?? null;
};

/** When the images began to be pulled: the start of the pod, or the end of the init container before. */
const pullsSince = (pod: SeenPod): number =>
  pod.containers.reduce(
    (since, { kind, state, at }) => (kind === 'init' && state === 'terminated' ? latest(since, at) : since),
    pod.createdAt,
  );

const unpulled = (pod: SeenPod, warnings: readonly SeenEvent[], now: number): Finding | null => {
  const container = pod.containers.find(isImageTrouble);
  if (container === undefined) return null;
  const told = warnings.filter(({ message }) => message.includes(`"${container.image}"`));
  const first = told.reduce((at, { firstAt }) => Math.min(at, firstAt), Number.POSITIVE_INFINITY);
  const since = Number.isFinite(first) ? first : pullsSince(pod);
  return now - since > pullGraceMs
    ? finding(container, () => inContainer(container.reason ?? '', container.name, imageMessage(container, warnings)))
    : null;
};

const unscheduled = (pod: SeenPod, now: number): Finding | null => {
  const { unscheduled: why } = pod;
  if (why === null || why.reason !== 'Unschedulable' || now - why.since <= scheduleGraceMs) return null;
  return finding(null, () => (why.message === null ? 'Unschedulable' : `Unschedulable: ${shortMessage(why.message)}`));
};

const unmounted = (pod: SeenPod, warnings: readonly SeenEvent[], now: number): Finding | null => {
  const container = waitedFor(pod);
  if (container === null) return null;
  const told = warnings.find(({ reason }) => sandboxEvents.has(reason));
  if (told === undefined || now - told.firstAt <= sandboxGraceMs) return null;
  return finding(container, () => `${told.reason}: ${shortMessage(told.message)}`);
};

const quiet = (pod: SeenPod, now: number): Finding | null => {
  const container = waitedFor(pod);
  if (container === null || now - pod.changedAt <= quietGraceMs) return null;
  const what = container.kind === 'main' ? (container.reason ?? 'ContainerCreating') : 'Init';
  return finding(
    container,
    () => `${inContainer(what, container.name, null)} without change for over ${spoken(quietGraceMs)}`,
  );
};

/** Why a pod waits for something that should have come by now; null when it does not. */
export const stuckReason = (pod: SeenPod, warnings: readonly SeenEvent[], now: number): Finding | null =>
  unpulled(pod, warnings, now) ?? unscheduled(pod, now) ?? unmounted(pod, warnings, now) ?? quiet(pod, now);

/** What a pod that is not ready yet is waiting for. */
export const pendingReason = (pod: SeenPod): Finding => {
  if (pod.unscheduled !== null) {
    const { reason, message } = pod.unscheduled;
    return finding(null, () => (message === null ? reason : `${reason}: ${shortMessage(message)}`));
  }
  if (pod.phase === 'Pending' && pod.node === null) return finding(null, () => 'not scheduled yet');
  const waiting = pod.containers.find(({ kind, state }) => kind !== 'init' && state === 'waiting');
  const before = waitedFor(pod);
  if (before !== null && before.kind !== 'main') return finding(before, () => inContainer('Init', before.name, null));
  if (waiting !== undefined)
    return finding(waiting, () => inContainer(waiting.reason ?? 'waiting', waiting.name, waiting.message));
  if (before !== null) return finding(before, () => inContainer('ContainerCreating', before.name, null));
  const container = pod.containers.find(({ kind, ready }) => kind !== 'init' && !ready) ?? null;
  const gate = pod.closedGate === null ? 'not ready yet' : `waits for readiness gate ${pod.closedGate}`;
  return finding(container, () => gate);
};

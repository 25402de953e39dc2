import { inContainer } from './pod-words.ts';
import type { SeenEvent } from './seen-event.ts';
import type { SeenContainer, SeenPod } from './seen-pod.ts';

/** Why a pod does not come up, and of which container that is said. */
export interface Finding {
  readonly container: string | null;
  /** Called only for the few that are shown. */
  readonly reason: () => string;
}

export const finding = (container: SeenContainer | null, reason: () => string): Finding => ({
  container: container?.name ?? null,
  reason,
});

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** What no waiting cures: the image is not there, or not for us. */
const refusedImage =
  /not ?found|does not exist|unauthorized|authentication required|denied|forbidden|manifest unknown/i;

const doomedReasons = new Set(['InvalidImageName', 'ErrImageNeverPull']);

const failingReasons = new Set([
  'StartError',
  'ContainerCannotRun',
  'RunContainerError',
  'CreateContainerError',
  'PostStartHookError',
]);

export const isImageTrouble = (container: SeenContainer): boolean =>
  container.state === 'waiting' && imageReasons.has(container.reason ?? '');

const isStartTrouble = (container: SeenContainer): boolean =>
  container.state !== 'running' && failingReasons.has(container.reason ?? '');

const withoutNames = (message: string, image: string): string =>
  (image === '' ? message : message.replaceAll(image, '')).replace(/"[^"]*"/g, '');

/**
 * What the kubelet says of an image: older kubelets wait with `Back-off pulling image` alone and give the cause only
 * in the event of the try before.
 */
export const imageMessage = (container: SeenContainer, warnings: readonly SeenEvent[]): string => {
  const own = container.message ?? '';
  if (/:\s*\S/.test(own.replace(/"[^"]*"/g, ''))) return own;
  const told = warnings.find(({ reason, message }) => reason === 'Failed' && message.includes(`"${container.image}"`));
  return told?.message ?? own;
};

const mostAnswers = 5_000;
const answers = new Map<string, boolean>();

/** The same few messages are asked about for every pod and at every look. */
const isRefused = (message: string, image: string): boolean => {
  const question = `${image}\n${message}`;
  const known = answers.get(question);
  if (known !== undefined) return known;
  if (answers.size >= mostAnswers) answers.clear();
  const answer = refusedImage.test(withoutNames(message, image));
  answers.set(question, answer);
  return answer;
};

const isDoomed = (container: SeenContainer, message: string): boolean => {
  if (container.state !== 'waiting') return false;
  if (doomedReasons.has(container.reason ?? '')) return true;
  if (container.reason === 'CreateContainerConfigError') return !/failed to sync .*cache/i.test(message);
  return isImageTrouble(container) && isRefused(message, container.image);
};

/** The first container that no waiting will start; null when there is none. */
export const doomedContainer = (pod: SeenPod, warnings: readonly SeenEvent[]): Finding | null => {
  for (const container of pod.containers) {
    const message = isImageTrouble(container) ? imageMessage(container, warnings) : (container.message ?? '');
    if (isDoomed(container, message))
      return finding(container, () =>
        inContainer(container.reason ?? '', container.name, message === '' ? null : message),
      );
  }
  return null;
};

export const startTrouble = (pod: SeenPod): Finding | null => {
  const container = pod.containers.find(isStartTrouble);
  return container === undefined
    ? null
    : finding(container, () => inContainer(container.reason ?? '', container.name, container.message));
};

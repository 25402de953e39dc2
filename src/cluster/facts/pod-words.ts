import type { SeenContainer, SeenPod } from './seen-pod.ts';

const mostCharacters = 160;

const preambles: readonly RegExp[] = [
  /^Back-off pulling image "[^"]*":\s*/,
  /^ErrImagePull:\s*/,
  /^Failed to pull image "[^"]*":\s*/,
  /^rpc error: code = \w+ desc = /,
  /^failed to pull and unpack image "[^"]*":\s*/,
  /^failed to resolve reference "[^"]*":\s*/,
  /^Error response from daemon:\s*/,
  /^failed to create containerd task:\s*/,
  /^failed to create shim task:\s*/,
];

const withoutPreambles = (message: string): string => {
  let rest = message;
  for (let changed = true; changed; ) {
    const before = rest;
    for (const preamble of preambles) rest = rest.replace(preamble, '');
    changed = rest !== before && rest !== '';
  }
  return rest === '' ? message : rest;
};

/** A kubelet's or scheduler's message on one line: its cause, without the layers it came through. */
export const shortMessage = (message: string): string => {
  const line = withoutPreambles(message.replace(/\s+/g, ' ').trim())
    .replace(/\s*preemption: .*$/, '')
    .replace(/\s+(restarting failed )?container=\S+ pod=\S+$/, '');
  return line.length <= mostCharacters ? line : `${line.slice(0, mostCharacters - 1)}…`;
};

/** `ImagePullBackOff in checkout: docker.io/shop/checkout:v9: not found`. */
export const inContainer = (reason: string, container: string, message: string | null): string =>
  message === null ? `${reason} in ${container}` : `${reason} in ${container}: ${shortMessage(message)}`;

/** `exit 137, OOMKilled`, `exit 1`: how the run before ended; null when there was none. */
export const lastExit = (container: SeenContainer): string | null => {
  if (container.lastAt === null && container.lastExitCode === null) return null;
  const exit = `exit ${container.lastExitCode ?? 0}`;
  return container.lastReason === null || container.lastReason === 'Error' || container.lastReason === 'Completed'
    ? exit
    : `${exit}, ${container.lastReason}`;
};

export const times = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** `CrashLoopBackOff in checkout: 6 restarts, last exit 1`. */
export const crashLoop = (container: SeenContainer): string => {
  const exit = lastExit(container);
  const restarts = times(container.restarts, 'restart');
  return inContainer('CrashLoopBackOff', container.name, exit === null ? restarts : `${restarts}, last ${exit}`);
};

/** `Evicted: The node was low on resource: memory.` */
export const podReason = (pod: SeenPod, fallback: string): string => {
  const reason = pod.reason ?? fallback;
  return pod.message === null ? reason : `${reason}: ${shortMessage(pod.message)}`;
};

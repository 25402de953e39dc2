import type { RunLock } from '../session/lock-state.ts';
import { forgetKubeconfigs } from '../shell/attempt-kubeconfig.ts';

/** Kept, or not known to be free: `gonogo unlock` asks the cluster of the run. */
const mayKeep: readonly RunLock['kind'][] = ['held', 'parked', 'lost'];

interface Ended {
  readonly finished: unknown;
  readonly lock: RunLock;
}

/** Removes the logins from the folder of a run that is over. Its journal keeps their hash. */
export const forgetLogin = (runDir: string, { finished, lock }: Ended): void => {
  if (finished !== null && !mayKeep.includes(lock.kind)) forgetKubeconfigs(runDir);
};

import { readdirSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dirname } from 'node:path';
import type { Cluster } from './thousands.ts';

const threadsOf = (pid: string): readonly number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
};

const commandLine = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
};

const lower = (pid: string): void => {
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch {
      // It has ended meanwhile.
    }
  }
};

/**
 * A cluster runs on machines of its own: here, on the same cores, its servers take what the operator's terminal leaves.
 * A priority belongs to a thread in Linux; new ones take that of the thread that makes them.
 */
export const giveWay = ({ kubeconfig }: Pick<Cluster, 'kubeconfig'>): void => {
  const folder = dirname(kubeconfig);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    if (commandLine(pid).includes(folder)) lower(pid);
};

/** The same for a process that plays the cluster's part. */
export const giveWayProcess = (pid: number | undefined): void => {
  if (pid !== undefined) lower(String(pid));
};

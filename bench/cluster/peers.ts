import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { programOf } from '../../test/live/support/binaries.ts';
import type { Cluster } from './thousands.ts';

export interface PeerFigures {
  readonly ms: number;
  /** Most memory the process ever had, bytes. */
  readonly memory: number;
}

const peakOf = (pid: number | undefined): number => {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

/** One kubectl to its end, its output thrown away. */
export const runPeer = async (cluster: Cluster, args: readonly string[]): Promise<PeerFigures> => {
  const from = performance.now();
  const child = spawn(programOf('kubernetes', 'kubectl'), args, { env: cluster.env, stdio: ['ignore', 'ignore', 2] });
  let memory = 0;
  const look = setInterval(() => {
    memory = Math.max(memory, peakOf(child.pid));
  }, 20);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(look);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}`);
  return { ms: performance.now() - from, memory };
};

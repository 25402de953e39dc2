import { setTimeout as delay } from 'node:timers/promises';
import { processesWithMarker, signalProcess } from './processes.ts';

const patienceMs = 10_000;

/** TERM to every process of the attempt that still runs, and KILL to those that are there after 10 s. */
export const endSurvivors = async (marker: string, patience: number = patienceMs): Promise<void> => {
  for (const { pid } of processesWithMarker(marker)) signalProcess(pid, 'SIGTERM');
  const until = performance.now() + patience;
  while (performance.now() < until) {
    if (processesWithMarker(marker).length === 0) return;
    await delay(50);
  }
  for (const { pid } of processesWithMarker(marker)) signalProcess(pid, 'SIGKILL');
};

import { setTimeout as delay } from 'node:timers/promises';
import { processesWithMarker, signalProcess } from './processes.ts';

const patienceMs = 10_000;
/** The kernel takes a moment for what was killed. */
const killedMs = 1_000;

/** TERM to every process of the attempt that still runs, and KILL to those that are there after 10 s. */
export const endSurvivors = async (marker: string, patience: number = patienceMs): Promise<void> => {
  for (const { pid } of processesWithMarker(marker)) signalProcess(pid, 'SIGTERM');
  if (await gone(marker, patience)) return;
  for (const { pid } of processesWithMarker(marker)) signalProcess(pid, 'SIGKILL');
  await gone(marker, killedMs);
};

/** Waits until none is left, at most `ms`. */
const gone = async (marker: string, ms: number): Promise<boolean> => {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    if (processesWithMarker(marker).length === 0) return true;
    await delay(50);
  }
  return false;
};

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processGroupOf, signalProcess } from './processes.ts';

const termBit = 1n << 14n;

/** Whether TERM ends the process at once: it neither catches nor ignores nor blocks it. */
const diesOfTerm = (pid: number): boolean => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const masks = [...status.matchAll(/^Sig(?:Blk|Ign|Cgt):\s*([0-9a-f]+)$/gm)];
    return masks.length === 3 && masks.every((mask) => (BigInt(`0x${mask[1]}`) & termBit) === 0n);
  } catch {
    return false;
  }
};

const membersOf = (group: number): readonly number[] =>
  readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) && processGroupOf(Number(name)) === group ? [Number(name)] : [],
  );

/** A process that was being started while the signal went out is there by then. */
const lookedAfterMs = [20, 60, 150, 400, 1_000];

/**
 * Sends TERM to a process group. A shell that starts a program at that very moment takes the signal on behalf of the
 * program and then waits for it: whoever would have died of the signal and lives a moment later has not had it, and gets
 * it again. Nobody is signalled twice: for some programs a second TERM means "drop everything".
 */
export const terminateGroup = async (group: number): Promise<void> => {
  signalProcess(-group, 'SIGTERM');
  for (const ms of lookedAfterMs) {
    await delay(ms);
    const members = membersOf(group);
    if (members.length === 0) return;
    for (const pid of members) if (diesOfTerm(pid)) signalProcess(pid, 'SIGTERM');
  }
};

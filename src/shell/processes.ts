import { readdirSync, readFileSync } from 'node:fs';

/** Enough to know a process again: pids are reused, a pid with its start time in one boot is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat. */
  readonly startTime: string;
  readonly boot: string;
}

/** Id of the running kernel; changes with every boot. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** Fields 3 and later of /proc/PID/stat; null when there is no such process. The name before them may hold spaces and brackets. */
const statFields = (pid: number): readonly string[] | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
};

/** Start time of a process that still runs; null when it is gone or a zombie. */
export const startTimeOf = (pid: number): string | null => {
  const fields = statFields(pid);
  if (fields === null || fields[0] === 'Z' || fields[0] === 'X') return null;
  return fields[19] ?? null;
};

/** Process group of a process that still runs; null when it is gone. */
export const processGroupOf = (pid: number): number | null => {
  const fields = statFields(pid);
  return fields === null || fields[0] === 'Z' ? null : Number(fields[2]);
};

export const identityOf = (pid: number): ProcessIdentity => ({
  pid,
  startTime: startTimeOf(pid) ?? '',
  boot: bootId(),
});

export const isAlive = (identity: ProcessIdentity): boolean =>
  identity.boot === bootId() && identity.startTime !== '' && startTimeOf(identity.pid) === identity.startTime;

/** Sends a signal and tells whether there was somebody to get it. A negative pid means the process group. */
export const signalProcess = (pid: number, signal: NodeJS.Signals): boolean => {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
};

const nameOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '?';
  }
};

/** The variable that every process of an attempt inherits: how those that outlive it are found. */
export const markerVariable = 'GONOGO_ATTEMPT';

export const markerOf = (run: string, attempt: number): string => `${run}/${attempt}`;

/**
 * Processes whose environment carries the marker. Only the name is given, never the arguments: they may hold a secret.
 * Processes of other users, and those that replaced their environment, are not seen.
 */
export const processesWithMarker = (marker: string): readonly { readonly pid: number; readonly command: string }[] => {
  const entry = `\0${markerVariable}=${marker}\0`;
  const found: { pid: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (!`\0${readFileSync(`/proc/${name}/environ`, 'latin1')}`.includes(entry)) continue;
    } catch {
      continue;
    }
    const pid = Number(name);
    if (startTimeOf(pid) !== null) found.push({ pid, command: nameOf(pid) });
  }
  return found.sort((a, b) => a.pid - b.pid);
};

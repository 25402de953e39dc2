import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { uptime } from 'node:os';

/** Time as journal lines carry it. */
export interface Clock {
  /** UTC ms. */
  now(): number;
  /** Ms since the machine's start, standing still while it sleeps. */
  mono(): number;
  /** Changes with every start of the machine. */
  readonly boot: string;
}

export const systemClock = (): Clock => ({
  now: () => Date.now(),
  mono: () => Number(process.hrtime.bigint() / 1_000_000n),
  boot: bootId(),
});

/** The kernel's id of this boot; without /proc the minute of the start, which is good enough to tell two boots apart. */
export const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `boot-${Math.round((Date.now() / 1000 - uptime()) / 60)}`;
  }
};

/** What tells a process from a later one with the same number. */
export interface ProcessIdentity {
  /** Clock ticks since boot on Linux, `ps` text elsewhere: only good for comparing. */
  readonly startTime: string;
  readonly uid: number;
}

/** Null when there is no such process. */
export const processIdentity = (pid: number): ProcessIdentity | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name may hold spaces and brackets; the fields after its last bracket start with the third.
    const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const dead = rest[0] === 'Z' || rest[0] === 'X';
    return dead ? null : { startTime: rest[19] ?? '', uid: statSync(`/proc/${pid}`).uid };
  } catch (error) {
    if (statExists('/proc/self/stat')) return null;
    return identityFromPs(pid, error);
  }
};

const statExists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

const identityFromPs = (pid: number, cause: unknown): ProcessIdentity | null => {
  try {
    const out = execFileSync('ps', ['-o', 'uid=,lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 });
    const found = /^\s*(\d+)\s+(.+?)\s*$/.exec(out);
    return found === null ? null : { uid: Number(found[1]), startTime: found[2] as string };
  } catch (error) {
    if ((error as { status?: number }).status === 1) return null;
    throw new Error('neither /proc nor ps tells about processes', { cause });
  }
};

/** `pts/3`; null when standard input is no terminal. */
export const terminalName = (): string | null => {
  try {
    const target = readlinkSync('/proc/self/fd/0');
    return /^\/dev\/(pts\/\d+|tty\w*)$/.test(target) ? target.slice('/dev/'.length) : null;
  } catch {
    return process.env.SSH_TTY?.replace(/^\/dev\//, '') ?? null;
  }
};

/** Null where the platform has no user ids. */
export const ownUid = (): number | null => process.getuid?.() ?? null;

import { readdirSync, readFileSync } from 'node:fs';

const read = (pid: number, what: 'environ' | 'cmdline'): string => {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
};

const living = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
};

const all = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number);

/** Processes whose arguments or environment name the text: everything that a practice run has started. */
export const processesNaming = (text: string): readonly number[] =>
  all().filter((pid) => (read(pid, 'cmdline') + read(pid, 'environ')).includes(text) && living(pid));

/** Runners of commands of the run in this folder. */
export const runnersIn = (runDir: string): readonly number[] =>
  all().filter((pid) => {
    const args = read(pid, 'cmdline').split('\0');
    return args.some((arg) => arg.startsWith(`${runDir}/attempts/`)) && !args[0]?.endsWith('strace') && living(pid);
  });

/** Processes of one command: each inherits the attempt's mark. */
export const processesOfAttempt = (run: string, attempt: number): readonly number[] =>
  all().filter((pid) => `${read(pid, 'environ')}\0`.includes(`GONOGO_ATTEMPT=${run}/${attempt}\0`) && living(pid));

/** Whether there was a process to get it. */
export const signal = (pid: number | undefined, name: NodeJS.Signals): boolean => {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
};

/** Looks again and again until it gives something. Throws after the limit with what was waited for. */
export const until = async <T>(
  what: string,
  look: () => T | null | undefined | false,
  limitMs = 20_000,
): Promise<T> => {
  const limit = performance.now() + limitMs;
  for (;;) {
    const found = look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > limit) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Waits for the last process of a practice run; ends what does not end by itself and tells of it. */
export const allGone = async (text: string): Promise<readonly number[]> => {
  try {
    await until('the last process', () => processesNaming(text).length === 0, 15_000);
    return [];
  } catch {
    const left = processesNaming(text);
    for (const pid of left) signal(pid, 'SIGKILL');
    return left;
  }
};

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../../support/workspace.ts';
import { type Practice, program } from './practice.ts';

/** Whether faults can be injected here; said loudly where not. */
export const traceable = ((): boolean => {
  const usable = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0;
  if (!usable) process.stderr.write('strace is not usable here: faults at system calls are NOT tested\n');
  return usable;
})();

export interface Fault {
  readonly call: string;
  /** `signal=KILL`, `error=ENOSPC` */
  readonly what: string;
  /** Which calls, counted by thread from 1: `4`, `4..6`, `4+`. */
  readonly when: string;
}

const options = ({ call, what, when }: Fault): readonly string[] => [
  '-qq',
  '-o',
  '/dev/null',
  '-e',
  `trace=${call}`,
  '-e',
  `inject=${call}:${what}:when=${when}`,
];

/** To be put in front of gonogo: the fault hits whichever of its processes comes to that call first. */
export const under = (fault: Fault): readonly string[] => ['strace', '-f', ...options(fault)];

/** The journal and the rest of gonogo share one thread for files then, so that its calls have one order. */
export const oneThread = { UV_THREADPOOL_SIZE: '1' };

const shim = `
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
const file = new URL('./fault.json', import.meta.url);
const real = new URL('./runner-itself.js', import.meta.url).pathname;
let strace = [];
try {
  strace = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
} catch {}
for (const signal of ['SIGHUP', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGPIPE']) process.on(signal, () => {});
const [command, ...args] = [...strace, process.execPath, real, ...process.argv.slice(2)];
spawnSync(command, args, { stdio: ['inherit', 'inherit', 'inherit', 3] });
`;

/**
 * A copy of the built program whose next runner has the fault in its main thread; the runners after it have none.
 * Gives the path of the copy's program.
 */
export const withRunnerFault = (practice: Practice, fault: Fault): string => {
  const folder = join(practice.workspace.folder, 'package');
  const built = dirname(program);
  if (!existsSync(folder)) {
    if (!existsSync(join(built, 'runner-process.js'))) throw new Error('npm run build comes before these tests');
    cpSync(built, join(folder, 'dist'), { recursive: true });
    cpSync(join(repository, 'package.json'), join(folder, 'package.json'));
    cpSync(join(repository, 'runbooks'), join(folder, 'runbooks'), { recursive: true });
    renameSync(join(folder, 'dist', 'runner-process.js'), join(folder, 'dist', 'runner-itself.js'));
    writeFileSync(join(folder, 'dist', 'runner-process.js'), shim);
  }
  const file = join(folder, 'dist', 'fault.json');
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(['strace', ...options(fault)]));
  return join(folder, 'dist', 'cli.js');
};

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** What a finished command gave back; `exit` is 124 when it took too long. */
export interface Finished {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, at most `seconds`; never throws for its exit status. */
export const runCommand = (
  program: string,
  args: readonly string[],
  { seconds = 60, input, env }: { seconds?: number; input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> =>
  new Promise((done) => {
    const child = execFile(
      program,
      [...args],
      { timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 512 * 1024 * 1024, env: env ?? process.env },
      (error, stdout, stderr) => {
        const failed = error as (Error & { code?: number | string; killed?: boolean }) | null;
        const exit = failed === null ? 0 : failed.killed ? 124 : typeof failed.code === 'number' ? failed.code : 127;
        done({ exit, stdout, stderr: exit === 127 ? `${stderr}${failed?.message}` : stderr });
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });

/** A server that runs until it is stopped. */
export interface Server {
  readonly name: string;
  readonly pid: number;
  /** Undefined while it runs. */
  readonly ended: () => string | undefined;
  readonly log: () => string;
  /** SIGSTOP, and SIGCONT again. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** SIGTERM, after `seconds` SIGKILL; returns when it is gone. */
  readonly stop: (seconds?: number) => Promise<void>;
}

// When this process dies, however it dies, the kernel ends the server: nothing is left running after a killed test.
const guard = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

const stopChild = async (child: ChildProcess, seconds: number): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  await gone;
  clearTimeout(late);
};

/** Starts a server with its output in `logFile` (appended). */
export const startServer = (
  name: string,
  program: string,
  args: readonly string[],
  { logFile, env }: { logFile: string; env?: NodeJS.ProcessEnv },
): Server => {
  const log = openSync(logFile, 'a');
  const [first, ...rest] = guard ? [guard, '--pdeathsig', 'KILL', '--', program, ...args] : [program, ...args];
  const child = spawn(first as string, rest, { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
  closeSync(log);
  let failure: string | undefined;
  child.on('error', (error) => {
    failure = error.message;
  });
  return {
    name,
    pid: child.pid ?? -1,
    ended: () =>
      failure ??
      (child.exitCode === null && child.signalCode === null ? undefined : `${child.signalCode ?? child.exitCode}`),
    log: () => readFileSync(logFile, 'utf8'),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    stop: (seconds = 5) => stopChild(child, seconds),
  };
};

/** Loopback ports that are free now; all of them are different. */
export const freePorts = async (count: number): Promise<number[]> => {
  const sockets = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((done, failed) => {
          const socket = createServer();
          socket.on('error', failed);
          socket.listen(0, '127.0.0.1', () => done(socket));
        }),
    ),
  );
  const ports = sockets.map((socket) => (socket.address() as { port: number }).port);
  await Promise.all(sockets.map((socket) => new Promise((done) => socket.close(done))));
  return ports;
};

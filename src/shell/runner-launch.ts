import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { AttemptPaths } from './attempt-files.ts';
import type { Environment } from './environment.ts';
import type { Handover, RunnerMessage } from './handover.ts';

export interface LaunchedRunner {
  /** The process has ended. */
  readonly gone: Promise<void>;
  /** Each message, and the end of the process. */
  onMessage(listener: (message: RunnerMessage | null) => void): void;
  /** Lets go of it; it runs on. */
  release(): void;
}

export interface LaunchOptions {
  readonly runnerPath: string;
  readonly paths: AttemptPaths;
  readonly handover: Handover;
  /** The command has our terminal: same session, same foreground group, our stdio. */
  readonly onTerminal: boolean;
}

/** The runner's own environment: enough to find `mkfifo`, nothing of the operator's secrets. */
const ownEnvironment = (start: Environment): Environment => ({ PATH: start.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' });

/** Starts the runner and hands it, on file descriptor 3, what must not be on a disk or in an argument list. */
export const launchRunner = (options: LaunchOptions): LaunchedRunner => {
  const { paths, onTerminal } = options;
  const log = openSync(paths.log, 'a', 0o600);
  const args = [options.runnerPath, paths.folder, ...(onTerminal ? ['--terminal'] : [])];
  const stdio = onTerminal
    ? (['inherit', 'inherit', 'inherit', 'pipe'] as const)
    : (['ignore', log, log, 'pipe'] as const);
  const child = spawn(process.execPath, args, {
    stdio: [...stdio],
    detached: !onTerminal,
    cwd: '/',
    env: ownEnvironment(options.handover.start),
  });
  closeSync(log);
  return attend(child, options);
};

const attend = (child: ChildProcess, { handover }: LaunchOptions): LaunchedRunner => {
  const listeners: ((message: RunnerMessage | null) => void)[] = [];
  const deliver = (message: RunnerMessage | null): void => {
    for (const listener of listeners) listener(message);
  };
  const channel = child.stdio[3] as Duplex;
  let pending = '';
  channel.on('error', () => undefined);
  channel.on('data', (chunk: Buffer) => {
    const lines = (pending + chunk.toString('utf8')).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) deliver(JSON.parse(line) as RunnerMessage);
  });
  channel.write(`${JSON.stringify(handover)}\n`);
  const gone = new Promise<void>((resolve) => {
    // `error`: the program could not be started at all.
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  void gone.then(() => deliver(null));
  return {
    gone,
    onMessage: (listener) => void listeners.push(listener),
    release() {
      child.unref();
      channel.destroy();
    },
  };
};

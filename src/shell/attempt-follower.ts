import type { AttemptEnd, RunningAttempt } from '../ports/commands.ts';
import type { AttemptOutcome } from '../session/outcome.ts';
import { type AttemptPaths, type ExitFile, readChild, readExit } from './attempt-files.ts';
import { createDurably } from './durable-files.ts';
import { followOutput } from './output-follower.ts';
import { isAlive, type ProcessIdentity, processesWithMarker, signalProcess } from './processes.ts';
import { terminateGroup } from './stop-group.ts';

export interface FollowOptions {
  readonly attempt: number;
  readonly paths: AttemptPaths;
  readonly marker: string;
  readonly runner: ProcessIdentity;
  readonly startedAt: number;
  /** Takes over what the attempt hands on, before it counts as ended; gives the outcome to tell. */
  readonly onExit: (exit: ExitFile) => Promise<AttemptOutcome>;
  readonly now: () => number;
}

export interface Follower {
  readonly running: RunningAttempt;
  /** The command's process is known, or the attempt has ended. */
  readonly whenRunning: Promise<void>;
  /** Looks at the files now instead of at the next tick. */
  poke(): void;
  /** Stops looking; the command goes on and `ended` stays open. */
  close(): void;
}

/** The screen wants no more than ten updates a second, and the files are local. */
const tickMs = 100;

/** Follows an attempt that a runner has started, this process's or another one's, by its files. */
export const followAttempt = (options: FollowOptions): Follower => {
  const { paths, marker, runner } = options;
  const output = followOutput(paths);
  let pid: number | null = readChild(paths)?.process.pid ?? null;
  let closed = false;
  let settle: (end: AttemptEnd) => void = () => undefined;
  const ended = new Promise<AttemptEnd>((resolve) => {
    settle = resolve;
  });
  let isRunning: () => void = () => undefined;
  const whenRunning = new Promise<void>((resolve) => {
    isRunning = resolve;
  });
  void ended.then(() => isRunning());
  const close = (): void => {
    closed = true;
    clearInterval(timer);
    output.close();
  };
  const end = async (exit: ExitFile | null): Promise<void> => {
    output.look(true);
    close();
    if (exit === null) {
      settle({ kind: 'unknown', startedAt: options.startedAt, survivors: processesWithMarker(marker) });
      return;
    }
    settle({ kind: 'finished', outcome: await options.onExit(exit) });
  };
  const look = (): void => {
    if (closed) return;
    pid = readChild(paths)?.process.pid ?? pid;
    if (pid !== null) isRunning();
    // Asked in this order: a runner writes the file before it ends.
    const alive = isAlive(runner);
    const exit = readExit(paths);
    if (exit !== null || !alive) void end(exit);
  };
  const timer = setInterval(() => {
    output.look(false);
    look();
  }, tickMs);

  const running: RunningAttempt = {
    attempt: options.attempt,
    get pid() {
      return pid;
    },
    startedAt: options.startedAt,
    onOutput: output.onOutput,
    onTimeout: output.onTimeout,
    ended,
    async stop(signal) {
      createDurably(paths.stop, JSON.stringify({ v: 1, signal, at: options.now() }));
      const child = await Promise.race([childOf(paths, () => closed), ended.then(() => null)]);
      if (child === null || !isAlive(child)) return;
      if (signal === 'KILL') signalProcess(-child.pid, 'SIGKILL');
      else void terminateGroup(child.pid);
    },
  };
  return { running, whenRunning, poke: look, close };
};

/** The command's process; waits for it between the runner's start and the command's. */
const childOf = async (paths: AttemptPaths, givenUp: () => boolean): Promise<ProcessIdentity | null> => {
  for (;;) {
    const child = readChild(paths);
    if (child !== null || givenUp()) return child?.process ?? null;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

import type { AttemptEnd, OutputTail, RunningAttempt } from '../ports/commands.ts';
import type { AttemptOutcome } from '../session/outcome.ts';
import { type AttemptPaths, type ExitFile, readChild, readExit } from './attempt-files.ts';
import { createDurably } from './durable-files.ts';
import { linesOf } from './output-meter.ts';
import { openOrNull } from './output-summary.ts';
import { createLineTail, isMostlyBinary } from './output-text.ts';
import { isAlive, type ProcessIdentity, processesWithMarker, signalProcess } from './processes.ts';
import type { SpoolHeader, SpoolReader } from './spool.ts';
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
/** Falling further behind than this, the middle is left out: the screen keeps 2,000 lines only. */
const mostAtOnce = 2 << 20;

/** Follows the spool's growth and keeps its last lines. */
const followOutput = (paths: AttemptPaths) => {
  let spool: SpoolReader | null = null;
  let seen: SpoolHeader | null = null;
  let position = 0;
  let binary = false;
  const lines = createLineTail();
  const advance = (header: SpoolHeader): void => {
    const from = Math.max(position, header.written - mostAtOnce);
    const read = (spool as SpoolReader).read(from, header.written);
    if (read.from > position) lines.restart();
    lines.push(skipTornLine(read.bytes, read.from > position));
    binary = isMostlyBinary(read.bytes.subarray(-65_536));
    position = read.from + read.bytes.length;
    seen = header;
  };
  return {
    /** True when there was something new. */
    look(): boolean {
      spool ??= openOrNull(paths.spool);
      const header = spool?.header() ?? null;
      if (header === null || (seen !== null && seen.raw === header.raw && seen.written === header.written))
        return false;
      if (header.written === position && seen !== null) seen = header;
      else advance(header);
      return true;
    },
    timedOut: () => spool?.header()?.timedOut ?? false,
    tail: (): OutputTail => ({
      bytes: seen?.raw ?? 0,
      lines: seen === null ? 0 : linesOf(seen),
      tail: binary ? [] : lines.lines(),
      binary,
    }),
    close() {
      spool?.close();
      spool = null;
    },
  };
};

/** Where bytes were skipped the first line is only the end of one. */
const skipTornLine = (bytes: Buffer, torn: boolean): Buffer => {
  const newline = torn ? bytes.indexOf(10) : -1;
  return newline === -1 ? bytes : bytes.subarray(newline + 1);
};

/** Follows an attempt that a runner has started, this process's or another one's, by its files. */
export const followAttempt = (options: FollowOptions): Follower => {
  const { paths, marker, runner } = options;
  const outputListeners = new Set<(tail: OutputTail) => void>();
  const timeoutListeners = new Set<() => void>();
  const output = followOutput(paths);
  let pid: number | null = readChild(paths)?.process.pid ?? null;
  let timedOut = false;
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
  const showOutput = (last: boolean): void => {
    if (output.look() || last) for (const listener of outputListeners) listener(output.tail());
    if (!timedOut && output.timedOut()) {
      timedOut = true;
      for (const listener of timeoutListeners) listener();
    }
  };
  const close = (): void => {
    closed = true;
    clearInterval(timer);
    output.close();
  };
  const end = async (exit: ExitFile | null): Promise<void> => {
    showOutput(true);
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
    showOutput(false);
    look();
  }, tickMs);

  const running: RunningAttempt = {
    attempt: options.attempt,
    get pid() {
      return pid;
    },
    startedAt: options.startedAt,
    onOutput(listener) {
      // A short command may have said everything before anybody listens.
      if (output.tail().bytes > 0) queueMicrotask(() => listener(output.tail()));
      return subscribe(outputListeners, listener);
    },
    onTimeout(listener) {
      if (timedOut) queueMicrotask(listener);
      return subscribe(timeoutListeners, listener);
    },
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

const subscribe = <T>(listeners: Set<T>, listener: T): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The command's process; waits for it between the runner's start and the command's. */
const childOf = async (paths: AttemptPaths, givenUp: () => boolean): Promise<ProcessIdentity | null> => {
  for (;;) {
    const child = readChild(paths);
    if (child !== null || givenUp()) return child?.process ?? null;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptEnd, RunningAttempt } from '../ports/commands.ts';
import {
  type AttemptPaths,
  claim,
  type ExitFile,
  readExit,
  readRefusal,
  readStarted,
  type Started,
} from './attempt-files.ts';
import type { Environment } from './environment.ts';
import { processesWithMarker } from './processes.ts';
import type { LaunchedRunner } from './runner-launch.ts';

/** A runner that has not said that it began after this time gets no second chance: the attempt is claimed. */
const startLimitMs = 20_000;

export type Begun = Extract<Started, { kind: 'started' }> | { readonly kind: 'not-started'; readonly because: string };

/** Waits until the runner's `started.json` is durable, or nobody can create it any more. */
export const whenBegun = async (paths: AttemptPaths, runner: LaunchedRunner, now: () => number): Promise<Begun> => {
  let gone = false;
  let wake: () => void = () => undefined;
  runner.onMessage((message) => {
    if (message === null) gone = true;
    wake();
  });
  const until = performance.now() + startLimitMs;
  while (!gone && readStarted(paths) === null && readRefusal(paths) === null && performance.now() < until) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, 50);
    });
  }
  // Of a runner that is gone and left no mark nobody will hear again, also where a full disk takes no claim.
  if (readStarted(paths) === null && !gone) claim(paths, now());
  const started = readStarted(paths);
  if (started?.kind === 'started') return started;
  return { kind: 'not-started', because: readRefusal(paths) ?? 'the program that runs commands did not start' };
};

/** The values that came over the pipe; waits a moment for them, since the outcome's file may be seen first. */
export const memoryOf = (runner: LaunchedRunner): ((exit: ExitFile) => Promise<Environment | null>) => {
  let values: Environment | null = null;
  let arrived: () => void = () => undefined;
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  runner.onMessage((message) => {
    if (message?.type === 'memory') values = message.values;
    if (message === null || message.type === 'memory') arrived();
  });
  return async (exit) => {
    if (exit.environment !== null) await Promise.race([arrival, delay(1_000)]);
    return values;
  };
};

/** An attempt that never ran. */
export const notStarted = (attempt: number, because: string, at: number): RunningAttempt => {
  const nothing = (): (() => void) => () => undefined;
  return {
    attempt,
    pid: null,
    startedAt: at,
    onOutput: nothing,
    onTimeout: nothing,
    ended: Promise.resolve({ kind: 'not-started', because }),
    stop: async () => undefined,
  };
};

/** What the files say once the runner is gone. */
export const endByFiles = (paths: AttemptPaths, marker: string, now: () => number): AttemptEnd => {
  if (claim(paths, now())) {
    return { kind: 'not-started', because: readRefusal(paths) ?? 'the program that runs commands did not start' };
  }
  const exit = readExit(paths);
  if (exit !== null) return { kind: 'finished', outcome: exit.outcome };
  const started = readStarted(paths);
  if (started?.kind !== 'started') return { kind: 'not-started', because: 'it was given up before it began' };
  return { kind: 'unknown', startedAt: started.startedAt, survivors: processesWithMarker(marker) };
};

import { basename } from 'node:path';
import type { CommandRunner, RecoveredAttempt, RunningAttempt, StartRequest } from '../ports/commands.ts';
import type { SecretsRegistry } from '../ports/secrets.ts';
import { canonicalJson } from '../session/exec-spec.ts';
import type { AttemptOutcome } from '../session/outcome.ts';
import { attemptPaths, claim, type ExitFile, readExit, readStarted, type Started } from './attempt-files.ts';
import { type Follower, followAttempt } from './attempt-follower.ts';
import { type AttemptKubeconfig, attemptKubeconfig } from './attempt-kubeconfig.ts';
import { endByFiles, memoryOf, notStarted, whenBegun } from './attempt-start.ts';
import { createDurably, makeFolderDurably } from './durable-files.ts';
import { type Environment, targetVariablesIn } from './environment.ts';
import type { Handover } from './handover.ts';
import { readOutput } from './output-summary.ts';
import { findOnPath } from './path-lookup.ts';
import { probe } from './probe.ts';
import { isAlive, markerOf, processesWithMarker } from './processes.ts';
import { createRunEnvironment, type RunEnvironment } from './run-environment.ts';
import { type LaunchedRunner, launchRunner } from './runner-launch.ts';
import { type SpoolSizes, spoolSizes } from './spool.ts';
import { endSurvivors } from './survivors.ts';
import { checkSyntax } from './syntax-check.ts';
import { ignoreTerminalSignals, keepTerminal } from './terminal-modes.ts';

export interface CommandRunnerOptions {
  /** The run's folder; its name is the run's id. */
  readonly runDir: string;
  /** The runner's program: `dist/runner-process.js`. */
  readonly runnerPath: string;
  /** The operator's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder the first command starts in. */
  readonly startCwd: string;
  /** Text of the pinned kubeconfig: every command gets a copy of its own as KUBECONFIG. Null = the operator's. */
  readonly kubeconfig?: string | null;
  readonly secretsRegistry: SecretsRegistry;
  /** UTC ms. */
  readonly now: () => number;
  /** How much of an output is kept; default 8 MiB at either end. */
  readonly spool?: SpoolSizes;
}

interface Context {
  readonly options: CommandRunnerOptions;
  readonly run: string;
  readonly environment: RunEnvironment;
  readonly kubeconfig: AttemptKubeconfig;
  /** What `close` lets go of. */
  readonly followers: Set<Follower>;
  readonly runners: Set<LaunchedRunner>;
}

export const createCommandRunner = (options: CommandRunnerOptions): CommandRunner => {
  const environment = createRunEnvironment({
    runDir: options.runDir,
    operator: options.environment,
    startCwd: options.startCwd,
    secrets: options.secretsRegistry,
    pinned: typeof options.kubeconfig === 'string',
  });
  const run = basename(options.runDir);
  const kubeconfig = attemptKubeconfig(options.kubeconfig ?? null);
  const context: Context = { options, run, environment, kubeconfig, followers: new Set(), runners: new Set() };
  const { current, cwd } = environment;
  return {
    start: (request) => start(context, request),
    startInteractive: (request) => startInteractive(context, request),
    recover: (attempt) => recover(context, attempt),
    output: async (attempt) => readOutput(attemptPaths(options.runDir, attempt).spool),
    survivors: async (attempt) => processesWithMarker(markerOf(run, attempt)),
    stopSurvivors: (attempt) => endSurvivors(markerOf(run, attempt)),
    checkSyntax: (shell, script) => checkSyntax(shell, script, current()),
    findOnPath: (command) => findOnPath(command, current().PATH ?? '', cwd()),
    async probe(script, values, timeoutMs) {
      const result = await kubeconfig.lend(options.runDir, { ...current(), ...values }, (lent) =>
        probe(script, lent, cwd(), timeoutMs),
      );
      return { ...result, output: options.secretsRegistry.mask(result.output) };
    },
    targetVariables: targetVariablesIn(environment.start),
    leftOutVariables: environment.leftOut,
    environmentNames: () => Object.keys(current()).sort(),
    carriedVariables: environment.carried,
    async close() {
      for (const follower of context.followers) follower.close();
      for (const runner of context.runners) runner.release();
    },
  };
};

/** Values the caller does not know, since only this process's memory has them. */
const completed = (request: StartRequest, current: Environment): Environment => {
  const values: Record<string, string> = { ...request.values };
  for (const { name, sha256 } of request.spec.env) {
    const known = current[name];
    if (sha256 === null && values[name] === undefined && known !== undefined) values[name] = known;
  }
  return values;
};

/** Starts the runner, or says why none was started. */
const launch = (context: Context, request: StartRequest, onTerminal: boolean): LaunchedRunner | string => {
  try {
    return launchOnce(context, request, onTerminal) ?? `attempt ${request.attempt} was used before`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') return 'E707 disk full: make room, then try again';
    return `its files cannot be written (${code ?? String(error)})`;
  }
};

/** Writes the intent and starts the runner. Null when the attempt's number was used before. */
const launchOnce = (context: Context, request: StartRequest, onTerminal: boolean): LaunchedRunner | null => {
  const { options, environment } = context;
  const paths = attemptPaths(options.runDir, request.attempt);
  const current = environment.current();
  const values = completed(request, current);
  for (const name of request.secretNames) options.secretsRegistry.register(name, values[name] ?? '');
  makeFolderDurably(paths.folder);
  if (!createDurably(paths.spec, canonicalJson(request.spec))) return null;
  const handover: Handover = {
    attempt: request.attempt,
    marker: markerOf(context.run, request.attempt),
    hash: request.hash,
    values,
    stdin: request.stdin,
    start: environment.start,
    current: context.kubeconfig.give(paths.folder, current),
    cwd: environment.cwd(),
    startCwd: options.startCwd,
    secrets: options.secretsRegistry.all,
    spool: options.spool ?? spoolSizes,
  };
  const runner = launchRunner({ runnerPath: options.runnerPath, paths, handover, onTerminal });
  context.runners.add(runner);
  void runner.gone.then(() => context.runners.delete(runner));
  return runner;
};

const start = async (context: Context, request: StartRequest): Promise<RunningAttempt> => {
  const { now, runDir } = context.options;
  const runner = launch(context, request, false);
  if (typeof runner === 'string') return notStarted(request.attempt, runner, now());
  const memory = memoryOf(runner);
  const begun = await whenBegun(attemptPaths(runDir, request.attempt), runner, now);
  if (begun.kind === 'not-started') return notStarted(request.attempt, begun.because, now());
  const follower = follow(context, request.attempt, begun, async (exit) =>
    taken(context, request.attempt, exit, await memory(exit)),
  );
  runner.onMessage(() => follower.poke());
  follower.poke();
  await follower.whenRunning;
  return follower.running;
};

/** Takes over what an ended attempt hands on, and looks at what it did to its kubeconfig. */
const taken = (context: Context, attempt: number, exit: ExitFile, memory: Environment | null): AttemptOutcome =>
  context.kubeconfig.takeBack(
    attemptPaths(context.options.runDir, attempt).folder,
    context.environment.take(exit, memory),
  );

const follow = (
  context: Context,
  attempt: number,
  started: Extract<Started, { kind: 'started' }>,
  onExit: (exit: ExitFile) => Promise<AttemptOutcome>,
): Follower => {
  const follower = followAttempt({
    attempt,
    paths: attemptPaths(context.options.runDir, attempt),
    marker: markerOf(context.run, attempt),
    runner: started.runner,
    startedAt: started.startedAt,
    onExit,
    now: context.options.now,
  });
  context.followers.add(follower);
  void follower.running.ended.then(() => context.followers.delete(follower));
  return follower;
};

const startInteractive: (context: Context, request: StartRequest) => ReturnType<CommandRunner['startInteractive']> =
  async (context, request) => {
    const { now, runDir } = context.options;
    const paths = attemptPaths(runDir, request.attempt);
    const restoreModes = keepTerminal();
    const restoreSignals = ignoreTerminalSignals();
    try {
      const runner = launch(context, request, true);
      if (typeof runner === 'string') return { kind: 'not-started', because: runner };
      const memory = memoryOf(runner);
      await runner.gone;
      const end = endByFiles(paths, markerOf(context.run, request.attempt), now);
      const exit = readExit(paths);
      if (exit === null || end.kind !== 'finished') return end;
      return { kind: 'finished', outcome: taken(context, request.attempt, exit, await memory(exit)) };
    } finally {
      restoreSignals();
      restoreModes();
    }
  };

/** Claims first: an attempt that nobody began is then not started for good, however late its runner comes. */
const recover = async (context: Context, attempt: number): Promise<RecoveredAttempt> => {
  const { now, runDir } = context.options;
  const paths = attemptPaths(runDir, attempt);
  if (claim(paths, now())) return { kind: 'not-started' };
  const started = readStarted(paths);
  if (started === null || started.kind === 'claimed') return { kind: 'not-started' };
  // In this order: a runner writes its outcome before it ends.
  const alive = isAlive(started.runner);
  const exit = readExit(paths);
  if (exit !== null) {
    return { kind: 'recovered', outcome: taken(context, attempt, exit, null) };
  }
  if (!alive) {
    const survivors = processesWithMarker(markerOf(context.run, attempt));
    return { kind: 'unknown', startedAt: started.startedAt, survivors };
  }
  const onExit = async (ended: ExitFile): Promise<AttemptOutcome> => taken(context, attempt, ended, null);
  return { kind: 'still-running', running: follow(context, attempt, started, onExit).running };
};

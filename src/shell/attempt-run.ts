import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecSpec } from '../session/exec-spec.ts';
import type { AttemptOutcome } from '../session/outcome.ts';
import type { AttemptPaths, ExitFile } from './attempt-files.ts';
import { type ChildEnd, type ChildRun, startChild } from './child-run.ts';
import { createDurably, makeFolderDurably, replaceAtomically } from './durable-files.ts';
import type { Environment } from './environment.ts';
import { judgeExpectation } from './expectation.ts';
import { explainExit } from './explain-exit.ts';
import { handOn } from './hand-on.ts';
import type { Handover } from './handover.ts';
import type { Masker } from './masker.ts';
import type { OutputMeter } from './output-meter.ts';
import { summarise, textSince } from './output-summary.ts';
import type { PipeReader } from './pipe-reader.ts';
import { identityOf, markerVariable, signalProcess } from './processes.ts';
import { settle, soon } from './settle.ts';
import { canCarry } from './shell-wrapper.ts';
import type { SpoolReader } from './spool.ts';
import { terminateGroup } from './stop-group.ts';

export interface AttemptOptions {
  readonly spec: ExecSpec;
  readonly handover: Handover;
  readonly paths: AttemptPaths;
  readonly cwd: string;
  readonly masker: Masker | null;
  /** Null for a command that has the terminal. */
  readonly output: { readonly meter: OutputMeter; readonly spool: SpoolReader } | null;
  readonly envPath: string | null;
  /** Told whenever one of the attempt's files changed. */
  readonly onChange: () => void;
}

export interface AttemptResult {
  readonly exit: ExitFile;
  readonly memory: Environment | null;
  /** Pipes that somebody still holds. */
  readonly open: readonly PipeReader[];
}

/** One execution. */
interface Try {
  readonly end: ChildEnd;
  readonly run: ChildRun;
  readonly expectation: AttemptOutcome['expectation'];
  readonly survivors: AttemptOutcome['survivors'];
  readonly stoppedBy: AttemptOutcome['stoppedBy'];
  readonly tail: string;
}

const succeeded = (spec: ExecSpec, { end, expectation, stoppedBy }: Try): boolean =>
  stoppedBy === null && (expectation === null ? end.exit === (spec.expect?.exit ?? 0) : expectation.met);

/** Timers of Node take at most 2^31 - 1 ms. */
const longestTimer = 2 ** 31 - 1;

/** Tells when the command's time is up. The clock stands still while the machine sleeps. */
const watchTime = (options: AttemptOptions, run: ChildRun): { readonly stopped: () => boolean; clear(): void } => {
  const { spec, output } = options;
  let stopped = false;
  if (spec.timeoutMs === null) return { stopped: () => false, clear: () => undefined };
  const timer = setTimeout(
    () => {
      output?.meter.noteTimeout();
      if (spec.onTimeout !== 'stop' || run.pid === null) return;
      stopped = true;
      if (output === null) signalProcess(run.pid, 'SIGTERM');
      else void terminateGroup(run.pid);
    },
    Math.min(spec.timeoutMs, longestTimer),
  );
  return { stopped: () => stopped, clear: () => clearTimeout(timer) };
};

/** Each further execution leaves its own mark first; that of the first one is `started.json`. */
const markTry = (paths: AttemptPaths, number: number): void => {
  if (number === 1) return;
  makeFolderDurably(paths.tries);
  const mark = { v: 1, kind: 'started', try: number, runner: identityOf(process.pid), startedAt: Date.now() };
  if (!createDurably(join(paths.tries, `${number}.json`), JSON.stringify(mark)))
    throw new Error(`try ${number} ran before`);
};

/**
 * Says which process is the command's. A disk that has no room for that now must not end the runner: it is tried again
 * until the returned function is called.
 */
const noteChild = (options: AttemptOptions, text: string): (() => void) => {
  let timer: NodeJS.Timeout | null = null;
  const write = (): void => {
    try {
      replaceAtomically(options.paths.child, text);
      options.onChange();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      timer = setTimeout(write, 500);
    }
  };
  write();
  return () => {
    if (timer !== null) clearTimeout(timer);
  };
};

const runOnce = async (options: AttemptOptions, number: number): Promise<Try> => {
  const { spec, handover, paths, output } = options;
  markTry(paths, number);
  const from = { written: output?.meter.counts.written ?? 0, lines: output?.meter.lines ?? 0 };
  const run = startChild({
    ...options,
    environment: { ...handover.current, ...handover.values, [markerVariable]: handover.marker },
    stdin: handover.stdin,
    meter: output?.meter ?? null,
  });
  const noted =
    run.pid === null
      ? () => undefined
      : noteChild(options, JSON.stringify({ try: number, process: identityOf(run.pid) }));
  const time = watchTime(options, run);
  const end = await run.ended;
  noted();
  time.clear();
  const survivors = await settle(run.readers, handover.marker);
  if (end.exit === 0 && canCarry(spec)) await soon(run.environment);
  run.finish();
  const stoppedBy = existsSync(paths.stop) ? 'operator' : time.stopped() ? 'timeout' : null;
  const reads = spec.expect !== null && (spec.expect.text !== null || spec.expect.pattern !== null);
  const expectation = judgeExpectation(spec.expect, {
    ...(reads ? textSince(output, from.written) : { text: '', incomplete: false }),
    exit: end.exit,
    signal: end.signal,
    lines: (output?.meter.lines ?? 0) - from.lines,
  });
  const tail = textSince(output, Math.max(from.written, (output?.meter.counts.written ?? 0) - 8192)).text;
  return { end, run, expectation, survivors, stoppedBy, tail };
};

/** Waits between two tries; ends early when a stop was asked for. */
const pause = async (paths: AttemptPaths, ms: number): Promise<void> => {
  const until = performance.now() + ms;
  while (!existsSync(paths.stop)) {
    const left = until - performance.now();
    if (left <= 0) return;
    await delay(Math.min(left, 100));
  }
};

/** Runs the command, again while it fails and the confirmation allows it, and gives the content of `exit.json`. */
export const runAttempt = async (options: AttemptOptions): Promise<AttemptResult> => {
  const { spec, paths } = options;
  const tries: Try[] = [];
  for (let number = 1; number <= spec.attempts; number++) {
    const latest = await runOnce(options, number);
    tries.push(latest);
    if (succeeded(spec, latest) || latest.stoppedBy !== null || latest.end.missing || existsSync(paths.stop)) break;
    if (number < spec.attempts) await pause(paths, spec.everyMs);
    if (existsSync(paths.stop)) break;
  }
  return conclude(options, tries);
};

const survivorNote = (survivors: AttemptOutcome['survivors']): readonly string[] => {
  if (survivors.length === 0) return [];
  const list = survivors.map((s) => `${s.pid} ${s.command}`).join(', ');
  return [`W801 ${survivors.length} process${survivors.length === 1 ? '' : 'es'} still running: ${list}`];
};

const conclude = (options: AttemptOptions, tries: readonly Try[]): AttemptResult => {
  const { spec, handover, masker, output } = options;
  const last = tries.at(-1) as Try;
  const { end, stoppedBy } = last;
  const handed = handOn({
    spec,
    handover,
    masker,
    succeeded: succeeded(spec, last),
    stdout: last.run.stdout(),
    environment: last.run.environment(),
  });
  const tryNote =
    tries.length < 2
      ? []
      : [`${tries.length} tries: ${tries.map((t) => t.end.signal ?? `exit ${t.end.exit}`).join(', ')}`];
  const explained = end.missing
    ? `shell not found: ${spec.shell}`
    : explainExit({ exit: end.exit, signal: end.signal, stoppedBy, watcher: spec.watcher }, last.tail);
  const outcome: AttemptOutcome = {
    exit: spec.watcher && stoppedBy !== null ? null : end.exit,
    signal: end.signal,
    startedAt: (tries[0] as Try).end.startedAt,
    endedAt: end.endedAt,
    output: summarise(output),
    captures: handed.captures,
    withheld: handed.withheld,
    carried: handed.carried,
    expectation: last.expectation,
    survivors: last.survivors,
    explanation: explained,
    notes: [...tryNote, ...handed.notes, ...survivorNote(last.survivors)],
    interactive: output === null,
    stoppedBy,
  };
  return {
    exit: { v: 1, outcome, environment: handed.environment },
    memory: handed.memory,
    open: tries.flatMap((t) => t.run.readers).filter((reader) => !reader.closed),
  };
};

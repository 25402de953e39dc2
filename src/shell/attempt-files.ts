import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AttemptOutcome } from '../session/outcome.ts';
import { createDurably, makeFolderDurably, readJson } from './durable-files.ts';
import type { ProcessIdentity } from './processes.ts';

/** Paths of one attempt's folder, `attempts/<n>/`. */
export const attemptPaths = (runDir: string, attempt: number) => {
  const folder = join(runDir, 'attempts', String(attempt));
  return pathsIn(folder);
};

export const pathsIn = (folder: string) => ({
  folder,
  spec: join(folder, 'spec.json'),
  script: join(folder, 'script'),
  started: join(folder, 'started.json'),
  refused: join(folder, 'refused.json'),
  /** Marks of the second and later executions: `tries/2.json` … */
  tries: join(folder, 'tries'),
  /** The command's process of the current try. */
  child: join(folder, 'child.json'),
  /** Created by whoever asks for a stop, before the signal goes out. */
  stop: join(folder, 'stop.json'),
  spool: join(folder, 'output.spool'),
  exit: join(folder, 'exit.json'),
  log: join(folder, 'runner.log'),
});

export type AttemptPaths = ReturnType<typeof pathsIn>;

/** `started.json`: the runner's, or the claim of a resume that came first. */
export type Started =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'started'; readonly runner: ProcessIdentity; readonly startedAt: number };

/** `child.json`. */
export interface ChildFile {
  readonly try: number;
  readonly process: ProcessIdentity;
}

/** What an ended command hands on: differences from the start environment, and its folder. */
export interface CarriedEnvironment {
  readonly attempt: number;
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
  readonly cwd: string;
}

/** `exit.json`. */
export interface ExitFile {
  readonly v: 1;
  readonly outcome: AttemptOutcome;
  /** Null when nothing is carried. Holds no secret: those travel in memory. */
  readonly environment: CarriedEnvironment | null;
}

/** Null when there is none; a file that cannot be read counts as a start by a process that is gone, which makes the attempt UNKNOWN. */
export const readStarted = (paths: AttemptPaths): Started | null => {
  if (!existsSync(paths.started)) return null;
  const json = readJson(paths.started) as Partial<Extract<Started, { kind: 'started' }>> | { kind: 'claimed' } | null;
  if (json?.kind === 'claimed') return { kind: 'claimed' };
  return { kind: 'started', runner: json?.runner ?? nobody, startedAt: json?.startedAt ?? 0 };
};

const nobody: ProcessIdentity = { pid: 0, startTime: '', boot: '' };

/** Makes the attempt NOT STARTED for good unless a runner came first. True when the claim won. */
export const claim = (paths: AttemptPaths, at: number): boolean => {
  makeFolderDurably(paths.folder);
  return createDurably(paths.started, JSON.stringify({ v: 1, kind: 'claimed', at }));
};

export const readExit = (paths: AttemptPaths): ExitFile | null => {
  const json = readJson(paths.exit) as ExitFile | null;
  return json !== null && json.v === 1 ? json : null;
};

export const readChild = (paths: AttemptPaths): ChildFile | null => readJson(paths.child) as ChildFile | null;

/** Why the runner refused; null when it did not. */
export const readRefusal = (paths: AttemptPaths): string | null =>
  (readJson(paths.refused) as { because?: string } | null)?.because ?? null;

import type { ExecSpec } from '../session/exec-spec.ts';
import type { AttemptOutcome } from '../session/outcome.ts';

export interface StartRequest {
  readonly attempt: number;
  readonly spec: ExecSpec;
  /** As stored by `command.confirmed`; the runner refuses when the spec does not hash to it. */
  readonly hash: string;
  /** Values of `spec.env`, secrets included. They travel on an inherited pipe only. */
  readonly values: Readonly<Record<string, string>>;
  /** Names in `values` whose values must be masked everywhere. */
  readonly secretNames: readonly string[];
  readonly stdin: string | null;
}

/** The last lines of a running command, masked; `lines` counts all of them. */
export interface OutputTail {
  readonly bytes: number;
  readonly lines: number;
  /** At most 2,000, oldest first, raw text with SGR colours left in. */
  readonly tail: readonly string[];
  readonly binary: boolean;
}

export interface RunningAttempt {
  readonly attempt: number;
  /** The command's process, of the latest try; null when it never came to one. */
  readonly pid: number | null;
  readonly startedAt: number;
  /** Calls at most every 100 ms, and once at the end. */
  onOutput(listener: (tail: OutputTail) => void): () => void;
  /** `timeout` is told once when `spec.timeoutMs` has passed in awake time. */
  onTimeout(listener: () => void): () => void;
  /** `unknown` when the runner died without an outcome; `not-started` when it refused or never began, with the reason. */
  readonly ended: Promise<AttemptEnd>;
  stop(signal: 'TERM' | 'KILL'): Promise<void>;
}

export type AttemptEnd =
  | { readonly kind: 'finished'; readonly outcome: AttemptOutcome }
  | { readonly kind: 'unknown'; readonly startedAt: number; readonly survivors: readonly Survivor[] }
  | { readonly kind: 'not-started'; readonly because: string };

export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

/** What resume finds of an attempt without a recorded outcome. Source: the table in 20-runs. */
export type RecoveredAttempt =
  | { readonly kind: 'not-started' }
  | { readonly kind: 'still-running'; readonly running: RunningAttempt }
  | { readonly kind: 'recovered'; readonly outcome: AttemptOutcome }
  | { readonly kind: 'unknown'; readonly startedAt: number; readonly survivors: readonly Survivor[] };

export interface OutputText {
  /** Masked, decoded, first and last part with a line that says how much was left out between them. */
  readonly text: string;
  readonly bytes: number;
  readonly omitted: number;
  readonly binary: boolean;
}

/** Values by name; null = it is there, but holds a secret. */
export type CarriedVariables = Readonly<Record<string, string | null>>;

/** Runs commands of one run through detached runner processes. Source: 20-runs, "Commands". */
export interface CommandRunner {
  /** Resolves when `started.json` is durable and the command's process runs, or when it ended or never began. */
  start(request: StartRequest): Promise<RunningAttempt>;
  /** Runs a `tty` command on this terminal; resolves at its end. The caller has handed the screen over. */
  startInteractive(request: StartRequest): Promise<AttemptEnd>;
  recover(attempt: number): Promise<RecoveredAttempt>;
  /** Output of an attempt so far, for the viewer; null when there is none. */
  output(attempt: number): Promise<OutputText | null>;
  survivors(attempt: number): Promise<readonly Survivor[]>;
  /** TERM, 10 s, KILL to every process that carries the attempt's marker. */
  stopSurvivors(attempt: number): Promise<void>;
  /** `bash -n`: null when the script parses, else line and message. */
  checkSyntax(shell: string, script: string): Promise<{ readonly line: number; readonly message: string } | null>;
  /** The path of a command on PATH, null when it is missing. */
  findOnPath(command: string): Promise<string | null>;
  /** A panel's or gate's read command: bounded in time and output, never journalled here. */
  probe(
    script: string,
    values: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<{ readonly exit: number | null; readonly output: string; readonly timedOut: boolean }>;
  /** Names of the tool variables in the start environment that choose a target (`AWS_PROFILE` …). */
  readonly targetVariables: readonly string[];
  /** Names of those that are left out, as they would outrank the run's kubeconfig (`HELM_KUBEAPISERVER` …). */
  readonly leftOutVariables: readonly string[];
  /** Variables a command of this run would see now (names only). */
  environmentNames(): readonly string[];
  /** Variables that earlier commands of the run set for the later ones; null for a value that holds a secret. */
  carriedVariables(): CarriedVariables;
  /** Ends listeners and timers; running commands go on. */
  close(): Promise<void>;
}

/** The outputs of a run's attempts for a process that only looks: files are read, nothing is written or signalled. */
export interface OutputWatch {
  /** Tells the last lines, masked, as they grow: at most every 100 ms. What it returns reads once more and stops. */
  follow(attempt: number, listener: (tail: OutputTail) => void): () => void;
  /** As `CommandRunner.output`. */
  output(attempt: number): Promise<OutputText | null>;
  close(): void;
}

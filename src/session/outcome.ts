/** What is known about the end of one attempt. Source: 20-runs, "Commands". */
export interface AttemptOutcome {
  /** Exit status; null when a signal ended it. */
  readonly exit: number | null;
  readonly signal: string | null;
  /** UTC ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly output: OutputSummary;
  /** Captured variables by name; a value that holds a secret is left out and its name listed in `withheld`. */
  readonly captures: Readonly<Record<string, string>>;
  readonly withheld: readonly string[];
  /** What the next command inherits; null = nothing is carried (failed, killed, another interpreter). */
  readonly carried: { readonly set: readonly string[]; readonly unset: readonly string[]; readonly cwd: string } | null;
  /** Null when the command states no expectation. */
  readonly expectation: { readonly met: boolean; readonly because: string } | null;
  /** Processes carrying the attempt's marker that outlived it (W801). */
  readonly survivors: readonly { readonly pid: number; readonly command: string }[];
  /** Plain words for exits that need them: `command not found: kubctl`; null otherwise. */
  readonly explanation: string | null;
  /** Notes with codes, as `W420 the command changed its kubeconfig; dropped`. */
  readonly notes: readonly string[];
  readonly interactive: boolean;
  readonly stoppedBy: 'operator' | 'timeout' | null;
}

export interface OutputSummary {
  /** All bytes the command wrote, counted before masking, also those that were not kept. */
  readonly bytes: number;
  readonly lines: number;
  /** Of the masked output, whole. */
  readonly sha256: string;
  /** Bytes left out between the first and the last 8 MiB. */
  readonly omitted: number;
  readonly binary: boolean;
  /** The last lines, masked, at most 4 KiB. */
  readonly tail: string;
}

/** The commands of the model: what a shell gets, and what is known of it. Source: 10-runbook-format, 20-runs. */

/** `{when=INPUT}`, `{when=INPUT==VALUE}`, `{when=INPUT!=VALUE}`. */
export interface Condition {
  readonly input: string;
  readonly op: 'set' | '==' | '!=';
  readonly value: string | null;
}

export type Risk = 'read' | 'change' | 'destroy';

/** Ranges of source lines, inclusive. */
export type LineRange = readonly [from: number, to: number];

export interface Command {
  /** The exact bytes a shell gets. */
  readonly script: string;
  /** The text before placeholders were rewritten; equal to `script` when there were none. */
  readonly original: string;
  /** `bash`, `sh`, `zsh`, `python3` … */
  readonly shell: string;
  /** The source lines that are executed: all of them and no others. */
  readonly lines: readonly LineRange[];
  /** Attributes as written, by name; a flag's value is `true`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly risk: Risk;
  /** Why: one phrase a cause, the worst first: `kubectl delete: deletes objects`. */
  readonly riskBecause: readonly string[];
  readonly placeholders: readonly { readonly text: string; readonly variable: string }[];
  /** Variables it reads and that it does not set itself. */
  readonly uses: readonly string[];
  readonly sets: readonly string[];
  /** External programs it starts by a literal name (no builtins, functions or paths), for the check of PATH. */
  readonly programs: readonly string[];
  /** Sample output found with it, never executed. */
  readonly sample: { readonly text: string; readonly lines: readonly LineRange[] } | null;
  /** Code of the problem that keeps it from running; null = can run. */
  readonly blocked: string | null;
  readonly blockedBecause: string | null;
  /** `kubectl config use-context X` and the like. */
  readonly targetStep: boolean;
  /** `--context`, `--server` … of its Kubernetes clients and of other pinned tools: compared with the pin when it runs. */
  readonly targets: readonly TargetOption[];
  /** What its target steps select; empty for other commands. */
  readonly selects: readonly TargetSelection[];
  /** ssh, docker exec, kubectl exec: acts outside the pinned target. */
  readonly outsidePin: boolean;
  /** `-w`, `--watch`, `tail -f`: stopping it is its normal end. */
  readonly watcher: boolean;
  /** Ends in grep, diff, `|| true` …: its exit status says nothing about health (W327). */
  readonly exitSaysNothing: boolean;
  /** Ends in a plain grep or diff: exit 1 is information. */
  readonly endsInMatch: 'grep' | 'diff' | null;
  readonly options: CommandOptions;
}

export interface ClusterOption {
  /** As written: `--kube-context`. */
  readonly option: string;
  readonly of: 'context' | 'kubeconfig' | 'server' | 'cluster' | 'user' | 'as';
  /** Null = only known when it runs. */
  readonly value: string | null;
}

/** Of a tool that `target.pins` may pin: `aws --profile`, `DOCKER_HOST=`. */
export interface OtherOption {
  readonly option: string;
  readonly of: 'other';
  readonly pin: 'aws' | 'gcp' | 'azure' | 'docker' | 'argocd';
  /** What of the pin's identity it chooses: `region`; null = it cannot be compared: a profile, a context. */
  readonly part: string | null;
  readonly value: string | null;
}

export type TargetOption = ClusterOption | OtherOption;

export interface TargetSelection {
  /** `credentials`: of a cluster of that name, as its cloud calls it. */
  readonly kind: 'context' | 'namespace' | 'credentials';
  /** Null = not known. */
  readonly name: string | null;
}

/** Attributes with meaning, parsed. */
export interface CommandOptions {
  readonly name: string | null;
  readonly timeoutMs: number | null;
  readonly onTimeout: 'warn' | 'stop';
  /** Variable that receives stdout. */
  readonly capture: string | null;
  readonly expect: Expectation | null;
  readonly tty: boolean;
  readonly background: boolean;
  /** Attempts per confirmation, at least 1. */
  readonly attempts: number;
  readonly everyMs: number;
  readonly retrySafe: boolean;
  readonly cwd: string | null;
  /** Shown for copying, never run. */
  readonly manual: boolean;
  readonly undo: boolean;
  readonly when: Condition | null;
  readonly owe: string | null;
}

/** What a command must show to pass by itself. All the parts that are set must hold. */
export interface Expectation {
  /** Exit status that counts as success; null = 0. */
  readonly exit: number | null;
  /** Text that the output must hold. */
  readonly text: string | null;
  /** Regular expression source and flags that the output must match. */
  readonly pattern: { readonly source: string; readonly flags: string } | null;
  /** `expect=none`: no output lines at all. */
  readonly none: boolean;
}

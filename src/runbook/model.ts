/**
 * The model both notations give. `gonogo show --format json` prints a part of it (see `model-json.ts`).
 * Source: 10-runbook-format. Lines and columns are 1-based and refer to the source file.
 */

import type { Command, Condition } from './command-model.ts';

export type { Command, CommandOptions, Condition, Expectation, LineRange, Risk } from './command-model.ts';

export type RunbookKind =
  | 'pre-deploy'
  | 'deploy'
  | 'canary'
  | 'blue-green'
  | 'hotfix'
  | 'rollback'
  | 'verify'
  | 'incident';

export type Severity = 'error' | 'warning' | 'info';

/** One problem of a runbook, with its place and what to do about it. */
export interface Diagnostic {
  /** `E409`, `W301`, `I112`. In a plain file the problem of one command is a warning with the same number (`W413`). */
  readonly code: string;
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string | null;
}

/** What the loader gives: a model, or only the reasons why there is none. */
export interface LoadResult {
  readonly runbook: Runbook | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Runbook {
  readonly title: string;
  readonly kind: RunbookKind;
  /** True unless the front matter has `gonogo: 1` (YAML notation is never plain). */
  readonly plain: boolean;
  readonly summary: string | null;
  readonly inputs: readonly Input[];
  /** Environment variables that must be set when a run starts. */
  readonly env: readonly string[];
  readonly target: Target | null;
  readonly lockScope: string | null;
  readonly metrics: readonly Metric[];
  readonly panels: readonly Panel[];
  readonly links: readonly Link[];
  readonly contacts: readonly Contact[];
  readonly rollback: Rollback | null;
  readonly statusUpdates: StatusUpdates | null;
  readonly windows: readonly Window[];
  /** Shell for commands without one of their own: `bash`. */
  readonly shell: string;
  readonly phases: readonly Phase[];
}

export type InputType = 'string' | 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'secret';

export interface Input {
  /** As written: `api-token`, or `P_NAME` of a placeholder. */
  readonly name: string;
  /** The environment variable that carries it: `API_TOKEN`. */
  readonly variable: string;
  readonly type: InputType;
  readonly prompt: string;
  readonly example: string | null;
  /** Text of the default, coerced later by type; null = required. */
  readonly default: string | null;
  /** ECMAScript regular expression a value must match as a whole; null = the type's own rule. */
  readonly pattern: string | null;
  readonly choices: readonly string[];
  /** Reference of a secret: `env:NAME`, `op://…`, `vault:…`, `sops:…`, `cmd:…`; null = asked without echo. */
  readonly from: string | null;
  /** Asked at its step rather than before the run (placeholders and unset `$VAR` of plain files). */
  readonly askedAtStep: boolean;
  readonly line: number;
}

export interface Target {
  readonly context: string | null;
  readonly namespace: string | null;
  readonly workloads: readonly string[];
  readonly production: boolean | null;
  readonly permissions: readonly string[];
  readonly pins: readonly ('aws' | 'gcp' | 'azure' | 'docker' | 'argocd')[];
  readonly sameCluster: string | null;
}

export type MetricUnit = 'ratio' | 'percent' | 'seconds' | 'milliseconds' | 'bytes' | 'count' | 'per-second';

export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly query: string;
  readonly stable: string | null;
  readonly unit: MetricUnit;
  readonly worse: 'higher' | 'lower' | 'either';
  readonly traffic: string | null;
  /** Milliseconds between scrapes. */
  readonly scrapeMs: number | null;
  readonly freshness: string | null;
  readonly line: number;
}

export interface Panel {
  readonly title: string;
  readonly command: string;
  readonly everyMs: number;
  readonly line: number;
}

export interface Link {
  readonly title: string;
  readonly url: string;
}

export interface Contact {
  readonly role: string;
  readonly how: string;
}

export interface Rollback {
  readonly runbook: string | null;
  readonly with: Readonly<Record<string, string>>;
  readonly when: readonly Check[];
  readonly line: number;
}

export interface StatusUpdates {
  readonly everyMs: number;
  /** Name of a `message`. */
  readonly message: string;
}

export interface Window {
  readonly rule: 'allow' | 'deny';
  readonly text: string;
}

/** One line of a gate or of `rollback.when`. `source` is a metric's name or a kind of check. */
export interface Check {
  readonly source: string;
  /** Set for a metric: its expression, parsed by `gates/expression`. */
  readonly expression: string | null;
  /** The other kinds of check, as written, values as text: `{ url: …, status: '200' }` or a bare string. */
  readonly body: CheckBody | null;
  readonly line: number;
}

export type CheckBody = string | readonly CheckBody[] | { readonly [key: string]: CheckBody };

export interface Phase {
  /** Number in document order, whatever the depth; 0 holds steps before the first heading. */
  readonly number: number;
  readonly title: string;
  readonly name: string | null;
  /** The code host's anchor of the heading. */
  readonly anchor: string;
  readonly line: number;
  readonly offPath: null | 'rollback' | 'reference';
  /** Label when sibling phases are alternatives. */
  readonly choice: string | null;
  /** Due time relative to T-0, as written normalised: `T+15m`, `T-48h`, `T-0`. */
  readonly at: string | null;
  readonly atMs: number | null;
  readonly when: Condition | null;
  readonly owe: string | null;
  readonly critical: boolean;
  /** Markdown between the heading and the first step or sub-heading. */
  readonly prose: string;
  readonly steps: readonly Step[];
  readonly phases: readonly Phase[];
}

export interface Step {
  /** `2.4`, `2.4.1`: phase number, then positions. */
  readonly id: string;
  readonly name: string | null;
  readonly anchor: string;
  readonly title: string;
  /** `manual`, or the kind of its first action. */
  readonly kind: 'manual' | Action['kind'];
  readonly line: number;
  /** Title with "(if …)" or a `when`. */
  readonly optional: boolean;
  readonly when: Condition | null;
  /** Duration text, `2h`: may be owed. */
  readonly owe: string | null;
  readonly critical: boolean;
  /** Markdown around its commands, as shown under the title. */
  readonly prose: string;
  readonly steps: readonly Step[];
  readonly actions: readonly Action[];
  /** The `undo` commands that reverse this step, last first. */
  readonly undo: readonly Command[];
}

export type Action =
  | { readonly kind: 'command'; readonly command: Command; readonly line: number }
  | { readonly kind: 'gate'; readonly gate: Gate; readonly line: number }
  | { readonly kind: 'baseline'; readonly baseline: Baseline; readonly line: number }
  | { readonly kind: 'decide'; readonly choices: readonly DecideChoice[]; readonly line: number }
  | { readonly kind: 'ask'; readonly inputs: readonly Input[]; readonly line: number }
  | { readonly kind: 'approve'; readonly approve: Approve; readonly line: number }
  | { readonly kind: 'message'; readonly message: Message; readonly line: number }
  | { readonly kind: 'handoff'; readonly handoff: Handoff; readonly line: number };

export interface DecideChoice {
  readonly label: string;
  /** `next`, `stay`, `rollback`, `stop` or `#name`. */
  readonly target: string;
}

export interface Approve {
  readonly role: string;
  readonly reasonRequired: boolean;
  /** Milliseconds, or until the phase or run ends. */
  readonly valid: number | 'phase' | 'run';
}

export interface Message {
  readonly name: string | null;
  readonly to: string | null;
  /** A change command that gets the text on stdin; null = copied by hand and ticked. */
  readonly send: Command | null;
  readonly text: string;
}

export interface Handoff {
  readonly runbook: string;
  readonly with: Readonly<Record<string, string>>;
}

export interface Gate {
  readonly name: string | null;
  readonly critical: boolean;
  readonly checks: readonly Check[];
  readonly else: readonly string[];
  readonly forMs: number | null;
  readonly withinMs: number | null;
  readonly settleMs: number | null;
  readonly everyMs: number | null;
  /** `3 of 3`. */
  readonly breach: { readonly bad: number; readonly of: number } | null;
  readonly floor: string | null;
  readonly minLooks: number | null;
  readonly holdTimeoutMs: number | null;
  readonly shift: '1d' | '7d' | null;
  /** Times whose value is an input's: `{ forMs: 'soak' }`. Here its default stands; a frame has the value. */
  readonly given?: Readonly<Partial<Record<GateTime, string>>>;
}

export type GateTime = 'forMs' | 'withinMs' | 'settleMs' | 'everyMs' | 'holdTimeoutMs';

export interface Baseline {
  readonly metrics: readonly string[];
  readonly windowMs: number;
  /** The input whose value it is; here its default stands, a frame has the value. */
  readonly windowInput?: string;
}

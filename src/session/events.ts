import type { Baseline } from '../gates/metric.ts';
import type { Sample, Verdict } from '../gates/sample.ts';
import type { SeenSpec } from '../gates/workload.ts';
import type { Risk } from '../runbook/model.ts';
import type {
  FrameOpened,
  InputSource,
  Outcome,
  PreflightCheck,
  RollbackSource,
  RunMode,
  RunStarted,
  TargetIdentity,
} from './event-parts.ts';
import type { ExecSpec } from './exec-spec.ts';
import type { AttemptOutcome } from './outcome.ts';

export type {
  FrameOpened,
  InputSource,
  MetricsServer,
  Outcome,
  PinKind,
  PreflightCheck,
  ReachableRunbook,
  RollbackSource,
  RunMode,
  RunStarted,
  RunTarget,
  TargetIdentity,
} from './event-parts.ts';

/**
 * The facts of a run. The journal stores them, the screen, the plain output and the record are folds of them.
 * Every event carries who, when and in which frame (see `Recorded`). Source: 20-runs, "Session".
 *
 * Step ids are those of the frame's runbook (`2.4`); an action is its index in the step; attempts are numbered
 * through the whole run from 1.
 */
export type RunEvent = {
  [T in keyof EventData]: { readonly type: T; readonly frame: number; readonly data: EventData[T] };
}[keyof EventData];

export type EventType = keyof EventData;
export type EventOf<T extends EventType> = Extract<RunEvent, { type: T }>;

/** An event as it stands in the journal. */
export type Recorded = RunEvent & Envelope;
export type RecordedOf<T extends EventType> = EventOf<T> & Envelope;

export interface Envelope {
  readonly seq: number;
  /** UTC ms. */
  readonly at: number;
  /** Monotonic ms of the machine since `boot`. */
  readonly mono: number;
  readonly boot: string;
  /** Id of the gonogo process. */
  readonly session: string;
  readonly actor: string;
  /** Hash of the journal line. */
  readonly h: string;
}

interface StepRef {
  readonly step: string;
}

interface ActionRef extends StepRef {
  readonly action: number;
}

export interface EventData {
  'run.started': RunStarted;
  'run.resumed': { readonly pid: number; readonly terminal: string | null; readonly mode: RunMode };
  /** `takeover`: another terminal has asked for the run. */
  'run.left': { readonly why: 'quit' | 'takeover' | 'signal' | 'needs-person' };
  'run.finished': { readonly outcome: Outcome; readonly reason: string | null };
  'run.gap': { readonly from: number; readonly to: number; readonly kind: 'left' | 'killed' | 'sleep' | 'disconnect' };
  /** What metrics tell of a gap that nobody watched, after its `run.gap`. What is not told here is unwatched. */
  'gap.backfilled': {
    readonly from: number;
    readonly to: number;
    /** Gates of the event's frame. */
    readonly gates: readonly {
      readonly step: string;
      readonly action: number;
      readonly samples: readonly { readonly check: number; readonly sample: Sample }[];
    }[];
    /** Looks there are, of those there should be: 0 to 1. */
    readonly criteria: readonly { readonly criterion: number; readonly coverage: number }[];
  };
  'run.paused': { readonly reason: string };
  'run.unpaused': { readonly reason: string | null };
  'operator.changed': { readonly from: string; readonly to: string };
  'preflight.checked': { readonly checks: readonly PreflightCheck[] };
  /** A preflight finding or a guard the operator goes past. `what` is the check's id. */
  'override.given': { readonly what: string; readonly reason: string };
  'frame.opened': FrameOpened;
  'frame.closed': { readonly outcome: 'finished' | 'abandoned' };
  'step.started': StepRef;
  'step.passed': StepRef & {
    readonly how: 'enter' | 'tick' | 'itself' | 'accepted' | 'override' | 'by-eye';
    readonly reason: string | null;
  };
  'step.failed': StepRef & { readonly reason: string | null };
  'step.skipped': StepRef & { readonly reason: string };
  'step.not-applicable': StepRef & { readonly reason: string | null };
  'step.owed': StepRef & { readonly reason: string | null /** UTC ms */; readonly until: number | null };
  'step.reopened': StepRef & { readonly why: 'undo' | 'again' | 'back' | 'jump' };
  'command.confirmed': ActionRef & {
    readonly attempt: number;
    readonly hash: string;
    readonly spec: ExecSpec;
    readonly how: 'enter' | 'yes' | 'typed' | 'auto';
    /** What had to be typed, with `how: typed`. */
    readonly typed: string | null;
    /** The script was changed by the operator; `spec.script` is the changed one. */
    readonly edited: boolean;
    /** `send`: the command of a message, which gets the text on stdin. */
    readonly part: 'action' | 'send';
    /** A status update: the command belongs to the step of its message, and does nothing to that step. */
    readonly forStatus?: true;
    readonly risk: Risk;
    /** The message that `send` gets on stdin; null otherwise. */
    readonly stdin: string | null;
  };
  'command.started': { readonly attempt: number; readonly pid: number | null; readonly startedAt: number };
  'command.output-noted': {
    readonly attempt: number;
    readonly bytes: number;
    readonly lines: number;
    readonly tail: string;
  };
  'command.stop-requested': { readonly attempt: number; readonly signal: 'TERM' | 'KILL' };
  'command.finished': {
    readonly attempt: number;
    readonly outcome: AttemptOutcome /** found again after a kill */;
    readonly recovered: boolean;
  };
  'command.unknown': {
    readonly attempt: number;
    readonly startedAt: number | null;
    readonly survivors: readonly { readonly pid: number; readonly command: string }[];
  };
  /** `not-started`: claimed by resume or refused by the runner; it never ran. `accepted`: a troubled command the operator goes past. */
  'command.resolved': {
    readonly attempt: number;
    readonly as: 'succeeded' | 'failed' | 'not-applied' | 'not-started' | 'accepted';
    readonly evidence: string;
  };
  'environment.carried': {
    readonly attempt: number;
    readonly set: readonly string[];
    readonly unset: readonly string[];
    readonly cwd: string;
  };
  'secret.provided': { readonly input: string; readonly source: 'typed' | 'reference' };
  'input.given': {
    readonly input: string /** null for a secret */;
    readonly value: string | null;
    readonly source: InputSource;
    readonly step: string | null;
  };
  'decision.made': ActionRef & { readonly label: string; readonly target: string; readonly reason: string | null };
  'approval.given': ActionRef & {
    readonly role: string;
    readonly by: string;
    readonly how: 'ssh-key' | 'attested';
    readonly verified: boolean;
    readonly fingerprint: string | null;
    readonly reason: string | null;
    /** Hashes of the specs it covers. */
    readonly covers: readonly string[];
    readonly signature: string | null;
    /** UTC ms; null = until the phase or run ends. */
    readonly until: number | null;
  };
  'approval.refused': ActionRef & { readonly by: string | null; readonly reason: string };
  'approval.voided': ActionRef & { readonly because: string };
  'message.posted': ActionRef & {
    readonly to: string | null;
    readonly how: 'copied' | 'sent';
    readonly text: string;
    readonly sha256: string;
  };
  'status.posted': { readonly text: string };
  'note.added': { readonly step: string | null; readonly text: string };
  'rollback.started': { readonly from: string | null; readonly plan: RollbackSource };
  'rollback.finished': { readonly outcome: 'done' | 'failed' | 'abandoned' };
  'evidence.captured': {
    readonly step: string | null;
    readonly panels: readonly {
      readonly title: string;
      readonly text: string /** -1 = never answered */;
      readonly ageMs: number;
    }[];
  };
  'journal.recovered': { readonly bytes: number; readonly file: string };
  /** The journal goes on from another folder, whose last line had this hash. */
  'journal.continued': { readonly from: string; readonly head: string };
  'record.exported': {
    readonly format: string;
    readonly path: string;
    readonly head: string;
    readonly sha256: string;
    readonly interim: boolean;
    readonly kept: readonly { readonly what: string; readonly reason: string }[];
  };

  // Written by gates, criteria, the cluster pin and the deploy lock.
  /** At the start, and again when a resumed run has found the same target. */
  'target.pinned': {
    readonly identity: TargetIdentity;
    /** SHA-256 of the run's `pin.kubeconfig`; null without a cluster. */
    readonly kubeconfigSha256: string | null;
  };
  /** The run stops here: nothing but leaving, notes and the record goes on. */
  'target.mismatch': { readonly code: 'E602' | 'E608'; readonly expected: string; readonly found: string };
  /** `try` counts from 1; a new one begins after a FAIL that was held or tried again. */
  'gate.started': ActionRef & {
    readonly try: number;
    readonly checks: readonly string[];
    /** Hash of its commands as they were shown and confirmed; null when it has none. */
    readonly hash: string | null;
  };
  'gate.sampled': ActionRef & { readonly samples: readonly { readonly check: number; readonly sample: Sample }[] };
  /** Every change of the verdict, and its checks as they stood. */
  'gate.verdict': ActionRef & {
    readonly verdict: Verdict;
    readonly because: string;
    readonly checks: readonly {
      readonly title: string;
      readonly verdict: Verdict;
      readonly value: string;
      readonly because: string | null;
      /** `complete, then 1:00 stable`, `HTTP 200`. */
      readonly limit: string;
      readonly looks: number;
    }[];
  };
  'gate.overridden': ActionRef & { readonly reason: string; readonly typed: string | null };
  'gate.by-eye': ActionRef & { readonly seen: string };
  /** Once a minute, and when somebody decides: all metrics of the run by name, in the unit of their query. */
  'metric.sampled': {
    readonly metrics: readonly {
      readonly metric: string;
      readonly hash: string;
      readonly value: number | null;
      readonly stable: number | null;
      readonly ageMs: number | null;
    }[];
  };
  /** After the first change those that are there stay; an incomplete one never takes the place of a complete one. */
  'baseline.captured': ActionRef & { readonly metrics: readonly Baseline[] };
  /** The operator goes on without a full one. */
  'baseline.accepted': ActionRef & { readonly reason: string };
  /** `reference`: how bad it was before the change (hotfix); only worse is a breach. Null = everything BAD is. */
  'criterion.armed': { readonly criterion: number; readonly reference: number | null };
  'criterion.phase': { readonly criterion: number; readonly phase: 'BEFORE' | 'ARMED' | 'RECOVERING' | 'OVER' };
  'criterion.suspect': { readonly criterion: number; readonly value: string };
  /** `happenedAt`, UTC ms: in a gap, told by the metrics afterwards. */
  'criterion.breached': { readonly criterion: number; readonly value: string; readonly happenedAt?: number };
  'criterion.recovered': { readonly criterion: number; readonly value: string };
  'criterion.acknowledged': { readonly criterion: number; readonly reason: string };
  'criterion.blind': { readonly criterion: number; readonly because: string };
  /** `source` is `foreign:deployment/checkout` where a change by others is known. */
  'source.acknowledged': { readonly source: string; readonly reason: string };
  'lock.acquired': {
    readonly scope: string;
    readonly epoch: number;
    readonly where: 'cluster' | 'host';
    /** Since when this run has it without a break, UTC ms. Older journals do not tell. */
    readonly since?: number;
    /** `given free by Bob: Alice is on holiday`: how it came to this run, once. */
    readonly from?: string;
  };
  'lock.parked': { readonly scope: string; readonly note: string };
  /** `isNotFreed`: this run was done with it, and could not give it free or park it. */
  'lock.lost': { readonly scope: string; readonly because: string; readonly isNotFreed?: true };
  'lock.taken-over': {
    readonly scope: string;
    readonly from: string;
    readonly epoch: number;
    readonly reason: string;
    readonly typed: string;
  };
  /** Changes are made without it: nobody may be kept out (no permission, no server), or an override went past its holder. */
  'lock.unlocked': { readonly scope: string; readonly because: string; readonly holder: string | null };
  /** `by`: somebody who gave it free from outside of the run. */
  'lock.released': { readonly scope: string; readonly reason: string | null; readonly by?: string };
  /** `at` of the event is when it was recorded, `changedAt` (UTC ms) when it was seen. */
  'change.foreign': {
    readonly workload: string;
    readonly by: string;
    readonly what: string;
    readonly changedAt: number;
  };
  /** What it was seen to be wanted to be, with every change: a later process tells by it what was changed meanwhile. */
  'workload.seen': SeenSpec;
  'workload.stored': {
    readonly workload: string;
    readonly revision: string | null;
    readonly images: readonly string[];
    readonly replicas: number | null;
    /** Of the pod template, without init containers. */
    readonly containers: readonly { readonly name: string; readonly image: string }[];
    /** SHA-256 of the manifest, kept among the run's `workloads/`. */
    readonly sha256: string;
  };
  'watch.reported': { readonly session: string; readonly line: string };
}

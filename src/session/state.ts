import type { Baseline } from '../gates/metric.ts';
import type { GateProgress } from '../gates/progress.ts';
import type { Verdict } from '../gates/sample.ts';
import type { ForeignChange, SeenSpec } from '../gates/workload.ts';
import type { Action, Runbook } from '../runbook/model.ts';
import type {
  EventData,
  FrameOpened,
  Outcome,
  PreflightCheck,
  ReachableRunbook,
  RunMode,
  RunStarted,
  TargetIdentity,
} from './events.ts';
import type { ExecSpec } from './exec-spec.ts';
import type { UnownedChange } from './foreign.ts';
import { noLock, type RunLock } from './lock-state.ts';
import type { LockTenure } from './lock-tenure.ts';
import type { AttemptOutcome } from './outcome.ts';
import type { Binding } from './pin.ts';
import type { WatchState } from './watch-state.ts';

/**
 * All that is known of a run: the fold of its journal. Plain data, never mutated.
 * Source: 20-runs, "Steps and order" and "Session".
 */
export interface SessionState {
  /** Parsed snapshots by the SHA-256 of their bytes. */
  readonly library: RunbookLibrary;
  readonly run: RunStarted | null;
  readonly startedAt: number | null;
  readonly mode: RunMode;
  readonly operator: string;
  readonly preflight: readonly PreflightCheck[];
  readonly overrides: readonly { readonly what: string; readonly reason: string; readonly at: number }[];
  /** By frame number; a frame is never removed. */
  readonly frames: readonly FrameState[];
  /** Number of the frame the operator is in; -1 before the first. */
  readonly frame: number;
  readonly reachable: readonly ReachableRunbook[];
  /** By attempt number. */
  readonly attempts: Readonly<Record<number, AttemptState>>;
  readonly nextAttempt: number;
  /** Reason of the hold; null = none. */
  readonly paused: string | null;
  readonly rollback: { readonly startedAt: number; readonly frame: number | null; readonly from: string | null } | null;
  /** When the first changing command really started, UTC ms. */
  readonly firstChangeAt: number | null;
  /** T-0: really started, else planned; null = unknown. */
  readonly zeroAt: number | null;
  readonly zeroIsReal: boolean;
  readonly notes: readonly {
    readonly at: number;
    readonly by: string;
    readonly frame: number;
    readonly step: string | null;
    readonly text: string;
  }[];
  readonly lastStatusAt: number | null;
  readonly approvals: readonly ApprovalState[];
  /** Kinds of change whose word was typed once in this run. */
  readonly typedFor: readonly string[];
  readonly gaps: readonly EventData['run.gap'][];
  /** Who watched beside the run, as far as a resume has taken it over. */
  readonly watches: readonly WatchState[];
  /** By the index of `rollback.when` of the first frame's runbook. */
  readonly criteria: readonly CriterionState[];
  /** Dead sources that somebody knows of, until they answer. */
  readonly acknowledged: readonly {
    readonly source: string;
    readonly reason: string;
    readonly by: string;
    readonly at: number;
  }[];
  /** By the hash of their query. After the first change those there are stay as they are. */
  readonly baselines: Readonly<Record<string, Baseline>>;
  /** When queries had a value last, UTC ms, by their hash: their tracks exist, or did. */
  readonly answered: Readonly<Record<string, number>>;
  /** What others changed since the run began, oldest first, the last 50. */
  readonly foreignChanges: readonly ForeignChange[];
  /** The last change by others of each workload after the run's first change, until it is acknowledged. */
  readonly unowned: readonly UnownedChange[];
  /** What each workload was last seen to be wanted to be. */
  readonly seen: Readonly<Record<string, SeenWorkload>>;
  /** What the run is bound to; null without a pin. */
  readonly pin: TargetIdentity | null;
  /** Specs of the workloads before the first change. */
  readonly stored: readonly EventData['workload.stored'][];
  /** Another target was found in its place: nothing is changed any more. */
  readonly mismatch: EventData['target.mismatch'] | null;
  readonly lock: RunLock;
  /** As it was held last, whatever became of it since; null = never. */
  readonly lockTenure: LockTenure | null;
  readonly finished: { readonly outcome: Outcome; readonly reason: string | null; readonly at: number } | null;
  /** The last process has left (or none has resumed since). */
  readonly left: boolean;
  /** Hash and time of the last event. */
  readonly head: string;
  readonly lastAt: number;
  readonly seq: number;
}

export interface SeenWorkload extends SeenSpec {
  /** When it was recorded, UTC ms. */
  readonly at: number;
  /** It was to have pods when it was first seen, and this run had not made it so. */
  readonly foundAtWork: boolean;
}

export type RunbookLibrary = Readonly<Record<string, Runbook>>;

export interface FrameState {
  readonly number: number;
  readonly purpose: FrameOpened['purpose'];
  readonly reference: FrameOpened['runbook'];
  /** The model walked here: the snapshot, or the phases or undo commands a rollback was made of. */
  readonly runbook: Runbook;
  readonly parent: FrameOpened['parent'];
  readonly source: FrameOpened['source'];
  /** Non-secret values by input name; captures are in `captures`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** By variable name. */
  readonly captures: Readonly<Record<string, string>>;
  /** Captured, but withheld because the value holds a secret. */
  readonly withheld: readonly string[];
  /** Built-ins that do not move with time: `run.id`, `namespace`, `context`, `operator`, `started`. */
  readonly builtIns: Readonly<Record<string, string>>;
  /** Its runbook is not trusted: commands are shown and ticked by hand, never run. */
  readonly restricted: boolean;
  /** Of the run's target: critical gates are stricter there. */
  readonly production: boolean;
  /** Where commands must stay; null without a pinned cluster. */
  readonly binding: Binding | null;
  /** Names of secret inputs this process holds; emptied by a resume. */
  readonly secrets: readonly string[];
  /** Names of plain inputs whose value holds a secret (W506): treated like secret inputs, their value recorded nowhere. */
  readonly concealed: readonly string[];
  readonly steps: Readonly<Record<string, StepState>>;
  readonly closed: 'finished' | 'abandoned' | null;
  readonly openedAt: number;
}

export type StepStatus = 'open' | 'active' | 'attention' | 'passed' | 'failed' | 'skipped' | 'not-applicable' | 'owed';

export interface StepState {
  readonly id: string;
  readonly status: StepStatus;
  /** 1 for the first try; `passed (2nd try)`. */
  readonly tries: number;
  readonly how: EventData['step.passed']['how'] | null;
  readonly reason: string | null;
  /** Until when it may be owed, UTC ms. */
  readonly until: number | null;
  readonly by: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly actions: readonly ActionState[];
}

export type ActionStatus = 'todo' | 'running' | 'attention' | 'unknown' | 'done';

export interface ActionState {
  readonly kind: Action['kind'];
  readonly status: ActionStatus;
  /** Attempts of this action, oldest first. */
  readonly attempts: readonly number[];
  /** Why it needs the operator, in plain words; null otherwise. */
  readonly because: string | null;
  /** It ended by a stated expectation or a verdict, so its step may pass by itself. */
  readonly judged: boolean;
  readonly result: ActionResult | null;
  /** A gate's last try; it stays after the action was reopened. Null before the first, and for other actions. */
  readonly gate: GateState | null;
}

/** One try of a gate: the fold of its samples, and what was recorded of its verdict. */
export interface GateState {
  /** 1 for the first. */
  readonly try: number;
  readonly progress: GateProgress;
  readonly verdict: Verdict;
  readonly because: string | null;
  /** When that verdict was reached, UTC ms; null before the first. */
  readonly judgedAt: number | null;
  /** Why its progress began anew within this try: somebody else changed what it judges. */
  readonly voided: string | null;
}

export type CriterionPhase = 'BEFORE' | 'ARMED' | 'RECOVERING' | 'OVER';

/** A check of `rollback.when` as far as it was recorded. */
export interface CriterionState {
  readonly phase: CriterionPhase;
  /** `breached` and `recovered` stay until they are acknowledged. */
  readonly status: 'ok' | 'suspect' | 'breached' | 'recovered';
  /** Of the last change; null before the first. */
  readonly value: string | null;
  /** Since when it has this status, UTC ms; null before the first change. */
  readonly since: number | null;
  readonly blind: { readonly because: string; readonly since: number } | null;
  /** Reason of the acknowledgement of its last breach; null = none. */
  readonly acknowledged: string | null;
  /** Hotfix: how bad it was before the change; only worse is a breach. */
  readonly reference: number | null;
}

export type ActionResult =
  | { readonly kind: 'command'; readonly summary: string }
  | { readonly kind: 'decided'; readonly label: string; readonly target: string }
  | { readonly kind: 'answered' }
  | { readonly kind: 'approved'; readonly by: string; readonly verified: boolean }
  | { readonly kind: 'posted'; readonly how: 'copied' | 'sent' }
  | { readonly kind: 'handed-off'; readonly frame: number }
  | { readonly kind: 'baseline'; readonly how: 'captured' | 'accepted'; readonly reason: string | null }
  | { readonly kind: 'gate'; readonly how: 'passed' | 'override' | 'by-eye'; readonly reason: string | null };

export type AttemptStatus = 'confirmed' | 'running' | 'finished' | 'unknown' | 'resolved' | 'not-started';

export interface AttemptState {
  readonly attempt: number;
  readonly frame: number;
  readonly step: string;
  readonly action: number;
  readonly part: EventData['command.confirmed']['part'];
  readonly forStatus: boolean;
  readonly spec: ExecSpec;
  readonly hash: string;
  readonly edited: boolean;
  readonly stdin: string | null;
  readonly by: string;
  readonly how: EventData['command.confirmed']['how'];
  readonly status: AttemptStatus;
  readonly confirmedAt: number;
  readonly startedAt: number | null;
  readonly pid: number | null;
  readonly outcome: AttemptOutcome | null;
  readonly recovered: boolean;
  readonly stopRequested: boolean;
  readonly survivors: readonly { readonly pid: number; readonly command: string }[];
  readonly resolved: EventData['command.resolved'] | null;
}

export interface ApprovalState {
  readonly frame: number;
  readonly step: string;
  readonly action: number;
  readonly given: EventData['approval.given'];
  readonly at: number;
  readonly voided: string | null;
}

export const noHash = '0'.repeat(64);

/** The state before the first event. */
export const initialState = (library: RunbookLibrary): SessionState => ({
  library,
  run: null,
  startedAt: null,
  mode: 'screen',
  operator: '',
  preflight: [],
  overrides: [],
  frames: [],
  frame: -1,
  reachable: [],
  attempts: {},
  nextAttempt: 1,
  paused: null,
  rollback: null,
  firstChangeAt: null,
  zeroAt: null,
  zeroIsReal: false,
  notes: [],
  lastStatusAt: null,
  approvals: [],
  typedFor: [],
  gaps: [],
  watches: [],
  criteria: [],
  acknowledged: [],
  baselines: {},
  answered: {},
  foreignChanges: [],
  unowned: [],
  seen: {},
  pin: null,
  stored: [],
  mismatch: null,
  lock: noLock,
  lockTenure: null,
  finished: null,
  left: true,
  head: noHash,
  lastAt: 0,
  seq: -1,
});

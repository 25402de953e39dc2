import type { Unit } from '../gates/amount.ts';
import type { ClusterFacts } from '../gates/workload.ts';
import type { CarriedVariables, OutputTail, OutputText, StartRequest } from '../ports/commands.ts';
import type { WriteHealth } from '../ports/journal.ts';
import type { Intent, Refusal } from '../session/intents.ts';
import type { Ring } from '../session/notification.ts';
import type { SessionState } from '../session/state.ts';
import type { SafeText } from '../text/safe-text.ts';
import type { CriterionLive } from './criteria.ts';
import type { ClusterInspector } from './inspect.ts';

/** Everything a screen or the plain output needs. A new object whenever something changed; never mutated. */
export interface EngineView {
  readonly session: SessionState;
  /** Tails of running commands and of those that ended in this process, by attempt. */
  readonly tails: Readonly<Record<number, OutputTail>>;
  readonly health: WriteHealth;
  /** UTC ms; moves once a second, and with every event. */
  readonly now: number;
  /** The last thing the operator should be told: a refusal, an error, where the record went. */
  readonly notice: Notice | null;
  readonly panels: readonly PanelView[];
  /** What the watch knows of the cluster; null without one. Set at most every 100 ms. */
  readonly cluster: ClusterFacts | null;
  /** Metrics of the frame the operator is in and of the criteria, in the runbook's order; empty without any. */
  readonly metrics: readonly MetricView[];
  /** Values of the rollback criteria at this moment, by their index; empty before the first answers. */
  readonly criteria: readonly CriterionLive[];
  /** What the next command gets from those before it. */
  readonly carried: CarriedVariables;
  /** Attempts whose time limit has passed while they run on. */
  readonly overdue: readonly number[];
  /** Attempts whose end is known here but could not be recorded: the session still counts them as running. */
  readonly unsaved: readonly number[];
  /** Read-only: another process has the run, or the journal is damaged; nothing can be done but look. */
  readonly observing: {
    readonly because: SafeText;
    /** Criteria and panels are asked here all the same: `gonogo watch`. */
    readonly watch?: WatchView;
  } | null;
  /** Set when the session is over for this process. */
  readonly ended: SessionEnd | null;
}

/** A watch beside a run. */
export interface WatchView {
  readonly by: SafeText;
  /** UTC ms. */
  readonly since: number;
  /** Why what it sees is not written down; null while it is. */
  readonly unkept: SafeText | null;
  /** Why the target cannot be told to be the right one; null when it is, or there is none. */
  readonly unverified: SafeText | null;
}

export type SessionEnd = { readonly why: 'finished' } | { readonly why: 'left' } | { readonly why: 'takeover' };

export interface Notice {
  readonly level: 'info' | 'refused' | 'error';
  readonly text: SafeText;
  readonly nextStep: SafeText | null;
  /** UTC ms. */
  readonly at: number;
}

/** A panel of kind `command`: the output of a read command, asked again on its interval. */
export interface PanelView {
  readonly title: SafeText;
  readonly state: 'loading' | 'live' | 'stale' | 'error';
  readonly lines: readonly SafeText[];
  /** UTC ms of the last answer; null before the first. */
  readonly at: number | null;
  readonly because: SafeText | null;
}

/** A metric as it was answered last, and its way there. Numbers are in the unit of its query. */
export interface MetricView {
  /** As the runbook names it. */
  readonly name: string;
  /** Not yet safe text. */
  readonly title: string;
  readonly unit: Unit;
  readonly worse: 'higher' | 'lower' | 'either';
  readonly query: string;
  readonly hash: string;
  readonly state: 'loading' | 'live' | 'stale' | 'no-data' | 'partial' | 'error';
  /** Why it is not live; not yet safe text. */
  readonly because: string | null;
  readonly value: number | null;
  readonly stable: number | null;
  readonly baseline: number | null;
  /** Requests a second. */
  readonly traffic: number | null;
  /** When that was answered, UTC ms. */
  readonly at: number | null;
  /** Age of the data at that time, ms. */
  readonly ageMs: number | null;
  /** Seconds the server's clock is ahead of ours, from 30 s on; null otherwise. */
  readonly skewSeconds: number | null;
  /** The last 30 minutes and what came since, oldest first, at most 240. */
  readonly history: readonly { readonly at: number; readonly value: number | null; readonly stable: number | null }[];
  /** Why the part of it before this process could not be asked for; not yet safe text. */
  readonly historyProblem?: string;
  /** What is asked of it now, by gates and criteria. */
  readonly limits: readonly {
    /** `115 % of stable`. */
    readonly rule: string;
    /** Absolute numbers; two for `within`. */
    readonly values: readonly number[];
    readonly for: 'gate' | 'criterion';
  }[];
}

/** One run in one process. Views subscribe and dispatch; they never await anything else. */
export interface Engine extends ClusterInspector {
  view(): EngineView;
  subscribe(listener: () => void): () => void;
  /** Resolves once the events are durable and the effects begun; the refusal is also in `view().notice`. */
  dispatch(intent: Intent): Promise<Refusal | null>;
  /** Keeps a secret that was typed, for this process only. */
  keepSecret(input: string, value: string): void;
  output(attempt: number): Promise<OutputText | null>;
  /** A command of kind `tty` waits for the screen: the interface hands the terminal over and calls `run`. */
  onInteractive(handler: (request: InteractiveRequest) => Promise<void>): () => void;
  /** A key was pressed: stops the bell from repeating and tells other terminals that somebody is here. */
  noteKey(): void;
  onRing(listener: (ring: Ring) => void): () => void;
  /** Texts and files of the last record that was written, for the finish screen. */
  lastRecord(): WrittenRecord | null;
  close(): Promise<void>;
}

export interface InteractiveRequest {
  readonly request: StartRequest;
  /** Runs the command on this terminal; resolves at its end. */
  run(): Promise<void>;
}

export interface WrittenRecord {
  readonly markdown: string;
  readonly paths: readonly string[];
  readonly interim: boolean;
  /** 64 hex characters. */
  readonly head: string;
  /** What each metric is after the run, and was before its first change: `180 ms (was 220 ms, -18 %, within limit)`. */
  readonly metrics: readonly { readonly title: string; readonly words: string }[];
}

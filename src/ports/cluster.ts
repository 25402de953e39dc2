import type { ClusterFacts, SpecWrite } from '../gates/workload.ts';

/** Lines of a container's log, oldest first. */
export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  /** Null = the pod's only or first container. */
  readonly container: string | null;
  readonly previous: boolean;
  /** Last lines to begin with. */
  readonly tailLines: number;
  readonly follow: boolean;
}

export interface LogCountRequest {
  readonly selector: string;
  /** Lines since then count, UTC ms. */
  readonly since: number;
  /** Source and flags of the pattern. */
  readonly pattern: { readonly source: string; readonly flags: string };
  /** Pods that the watch has read whole since then (UTC ms) need no list; null = whenever it was. */
  readonly provenFrom: number | null;
}

/** Lines that match, grouped by their text with numbers removed, the most frequent first, at most 20 groups. */
export interface LogCount {
  /** That the selector selects. */
  readonly pods: number;
  /** Whose logs were read: at most 50, failing or restarted ones first, then the newest of the new revision. */
  readonly read: number;
  /** Logs over 4 MiB: of these only the beginning and the last lines were read. */
  readonly cut: number;
  readonly lines: number;
  readonly matches: number;
  readonly groups: readonly { readonly text: string; readonly count: number; readonly pod: string }[];
  /** Something of them could not be read: a pod's log was denied or is not there. */
  readonly incomplete: string | null;
}

/** Spec of a workload before the first change, for the rollback without a runbook. */
export interface StoredWorkload {
  readonly workload: string;
  readonly revision: string | null;
  readonly images: readonly string[];
  readonly replicas: number | null;
  /** The manifest as JSON, without status and managed fields. */
  readonly manifest: string;
}

export interface StoredWorkloads {
  readonly workloads: readonly StoredWorkload[];
  /** Why the others are not among them, a line each: one that the run is yet to make is not there. */
  readonly missing: readonly string[];
}

/** A command of this run that changes things. */
export interface OwnChange {
  readonly attempt: number;
  /** UTC ms. */
  readonly from: number;
  /** UTC ms; null = it still runs. */
  readonly to: number | null;
  /** Field managers of the controllers it asks to act; what other controllers do meanwhile is not its doing. */
  readonly drives: readonly string[];
  /** What it writes into specs, once each; null = that cannot be told, it may be anything. */
  readonly writes: readonly SpecWrite[] | null;
}

/** The cluster of one run, watched live. Nothing is thrown by `facts`; faults are states of it. Source: 40-cluster. */
export interface ClusterWatch {
  facts(): ClusterFacts;
  /** At most every 100 ms. */
  onChange(listener: () => void): () => void;
  /** Also watches pods of this selector; they appear in `facts().selections`. */
  select(selector: string): void;
  noteOwnChange(change: OwnChange): void;
  /**
   * Every command of this run until now was told: what was seen last is compared with what is seen now. Until then a
   * workload that was seen before is loading. Its facts are new when this returns.
   */
  compareWithLastSeen(): void;
  /**
   * What was read before `time` (UTC ms) counts no more: everything that is judged is read whole once more, as soon as
   * it is that time; `provenAt` of the sources says when. Asking again for the same time costs nothing.
   */
  proveSince(time: number): void;
  /** Calls with lines until the returned function is called; `end` says why it ended by itself. */
  logs(request: LogRequest, sink: { line(text: string): void; end(because: string | null): void }): () => void;
  /** Rejects with `ExpectedError`. */
  countLogs(request: LogCountRequest, signal: AbortSignal): Promise<LogCount>;
  /** The facts about one object as lines, like `kubectl describe`. Rejects with `ExpectedError`. */
  describe(reference: string): Promise<readonly string[]>;
  /** What of the workloads is there, and what is not. */
  store(): Promise<StoredWorkloads>;
  close(): Promise<void>;
}

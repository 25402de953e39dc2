/**
 * What is known of the cluster: plain facts, classified. The watch makes them, gates and criteria judge them,
 * panels show them. Texts come from the cluster and are not yet safe. Source: 40-cluster.
 */
export interface ClusterFacts {
  /** Of the connection as a whole: the worst of the watches that are needed. */
  readonly source: SourceHealth;
  /** Server's clock minus ours, already taken out of every time that is compared; null before the first answer. */
  readonly clockSkewMs: number | null;
  readonly workloads: readonly WorkloadFacts[];
  /** Pods of label selectors that gates ask for and that are not workloads of the target, by selector. */
  readonly selections: Readonly<Record<string, SelectionFacts>>;
  /** Warning events of owned objects and rollout steps, newest last, at most 200 keys. */
  readonly events: readonly EventRow[];
  /** Jobs and HPAs that belong to the workloads. */
  readonly scalers: readonly ScalerRow[];
  /** Changes of spec that no attempt of this run caused, oldest first, at most 50. */
  readonly foreignChanges: readonly ForeignChange[];
  /** What the workloads that were seen are wanted to be, as far as it is known whose doing that is. */
  readonly specs: readonly SeenSpec[];
}

/** What is kept of a workload's spec, to tell later whether somebody changed it. */
export interface WorkloadSpec {
  readonly uid: string;
  readonly generation: number;
  readonly images: readonly { readonly container: string; readonly image: string }[];
  readonly templateHash: string;
  /** Replicas; of a Job its completions. */
  readonly desired: number;
  readonly isPaused: boolean;
  readonly partition: number;
  /** Who wrote it, of the managed fields; `at` in UTC ms by the server's clock. */
  readonly managers: readonly {
    readonly name: string;
    readonly subresource: string | null;
    readonly at: number | null;
  }[];
}

export interface SeenSpec {
  readonly workload: string;
  /** Attempt of this run whose command made it so; null = it was found so, or others made it so. */
  readonly madeBy: number | null;
  /** Null = it is gone. */
  readonly spec: WorkloadSpec | null;
}

/** One write that a command of this run makes into the spec of a workload. */
export interface SpecWrite {
  /** Words among which the workload's name is; null = not known. */
  readonly names: readonly string[] | null;
  readonly changes: 'images' | 'replicas' | 'paused' | 'template' | 'anything';
  /** The images it sets; null = not known, or it sets none. */
  readonly images: readonly string[] | null;
}

/**
 * Fresh = last event, bookmark or successful probe. `stale` after 45 s without any. `live` = a stream is open, and since
 * the last fault something has shown that its rows are those of the server.
 */
export interface SourceHealth {
  readonly state: 'loading' | 'live' | 'reconnecting' | 'stale' | 'denied' | 'login-expired' | 'not-found' | 'error';
  /** UTC ms of the last sign of life; null before the first. */
  readonly freshAt: number | null;
  /**
   * UTC ms when everything was last asked for whose answer the rows agree with: events that come late are of before, a
   * list is not. Null = not yet.
   */
  readonly provenAt: number | null;
  /** Attempts to connect since the last success. */
  readonly tries: number;
  /** `no permission (list pods)`, `connection refused`, `certificate of "x" expired 2026-01-02`. */
  readonly because: string | null;
  /** What the operator can do: the login command, the missing right. */
  readonly nextStep: string | null;
}

/** First match wins; DOOMED > FAILING > STUCK > WARN > PROGRESSING > OK, the others apart. */
export type PodClass =
  | 'UNKNOWN'
  | 'TERMINATING'
  | 'DONE'
  | 'REPLACED'
  | 'DOOMED'
  | 'FAILING'
  | 'STUCK'
  | 'WARN'
  | 'PROGRESSING'
  | 'OK';

export type PodCounts = Readonly<Record<PodClass, number>>;

export interface PodRow {
  readonly name: string;
  readonly uid: string;
  /** Pod template hash, controller revision or owner; null = none. */
  readonly revision: string | null;
  /** Belongs to the new revision: only these can fail a deployment. */
  readonly isNew: boolean;
  readonly node: string | null;
  readonly class: PodClass;
  /** `ImagePullBackOff: manifest for shop/checkout:v9 not found`; null when OK. */
  readonly reason: string | null;
  /** The container that `reason` speaks of, else the first; for logs. */
  readonly container: string | null;
  /** Its container has a terminated run before the present one, whose logs can be read. */
  readonly hasPrevious: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  /** UTC ms. */
  readonly createdAt: number;
  readonly images: readonly string[];
}

export type RolloutPhase =
  | 'paused'
  | 'waiting-for-controller'
  | 'failed'
  | 'failing'
  | 'updating'
  | 'draining'
  | 'waiting'
  | 'ending'
  | 'complete';

export interface RolloutFacts {
  readonly phase: RolloutPhase;
  /** `UPDATING 4/6`, `WAITING 5/6 available`, `COMPLETE`, `step 2/4, 20 %`. */
  readonly text: string;
  /** The controller's own message: quota, admission, deadline; null = none. */
  readonly because: string | null;
  readonly desired: number;
  readonly total: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** 0..100; never goes back without `because`. */
  readonly percent: number;
  /** Argo Rollout or partitioned StatefulSet: step i of n. */
  readonly step: { readonly index: number; readonly of: number; readonly weight: number | null } | null;
  readonly analysis: readonly { readonly name: string; readonly phase: string; readonly message: string | null }[];
}

export interface RevisionFacts {
  readonly name: string;
  /** `rev 41`; null when the controller does not number them. */
  readonly number: number | null;
  readonly images: readonly string[];
  readonly isNew: boolean;
  readonly total: number;
  readonly ready: number;
}

export interface WorkloadFacts {
  /** `deployment/checkout`. */
  readonly reference: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'Rollout';
  readonly name: string;
  readonly namespace: string;
  readonly uid: string | null;
  readonly source: SourceHealth;
  /** Null before the first answer and when it does not exist. */
  readonly rollout: RolloutFacts | null;
  readonly revisions: readonly RevisionFacts[];
  /** Of the new revision. */
  readonly newPods: PodCounts;
  readonly oldPods: PodCounts;
  /** DOOMED, FAILING, STUCK, UNKNOWN, WARN and REPLACED, in this order, new before old; at most 50. */
  readonly troubled: readonly PodRow[];
  /** Every pod when there are at most 50, else the troubled ones. */
  readonly pods: readonly PodRow[];
  /** More than 20,000 pods: rows are no longer kept, counts only. */
  readonly isCapped: boolean;
  /** Restarts with a non-zero exit of new pods since the run began, UTC ms each, newest last, at most 1,000. */
  readonly restartTimes: readonly number[];
  /** UTC ms since when it is complete without a restart or a pod not ready; null = it is not. */
  readonly stableSince: number | null;
  /** Owner that would undo a change by hand: `Argo CD checkout-prod`, `HPA checkout 3-10`. */
  readonly owners: readonly string[];
}

/** Pods of one label selector. */
export interface SelectionFacts {
  readonly source: SourceHealth;
  readonly counts: PodCounts;
  readonly troubled: readonly PodRow[];
  /** Workloads of the target that these pods belong to, or would. */
  readonly owners: readonly SelectionOwner[];
}

export interface SelectionOwner {
  /** `deployment/checkout`. */
  readonly reference: string;
  /** Of its new revision, among the selected; those being ended or done are left out. */
  readonly newPods: number;
  readonly oldPods: number;
  /** Its own selector is as narrow: every pod that it has or will have is selected. */
  readonly isWhole: boolean;
}

export interface EventRow {
  /** UTC ms of the last time. */
  readonly at: number;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `pod/checkout-7d9f-abc`. */
  readonly object: string;
  readonly count: number;
}

export interface ScalerRow {
  /** `hpa/checkout`. */
  readonly reference: string;
  /** `3 of 3-10, cpu 61 %/80 %`. */
  readonly text: string;
}

export interface ForeignChange {
  /** UTC ms. */
  readonly at: number;
  readonly workload: string;
  /** Field manager: `argocd-controller`, `kubectl-set`. */
  readonly by: string;
  /** `image checkout v2.3.0 -> v2.2.9`, `replicas 6 -> 9`, `spec, generation 12 -> 13`. */
  readonly what: string;
}

export const noPods: PodCounts = {
  UNKNOWN: 0,
  TERMINATING: 0,
  DONE: 0,
  REPLACED: 0,
  DOOMED: 0,
  FAILING: 0,
  STUCK: 0,
  WARN: 0,
  PROGRESSING: 0,
  OK: 0,
};

import type { RunbookKind } from '../runbook/model.ts';

export type RunMode = 'screen' | 'plain' | 'auto';
export type Outcome = 'succeeded' | 'partial' | 'failed' | 'aborted' | 'rolled-back';
export type InputSource = 'option' | 'answers' | 'environment' | 'default' | 'form' | 'with' | 'capture';

export interface RunStarted {
  readonly run: string;
  readonly tool: string;
  readonly mode: RunMode;
  readonly operator: string;
  readonly host: string;
  readonly user: string;
  /** Minutes east of UTC where the operator sits. */
  readonly utcOffset: number;
  readonly ticket: string | null;
  /** Folder the run was started in; commands begin there. */
  readonly cwd: string;
  /** Planned T-0, UTC ms. */
  readonly plannedAt: number | null;
  readonly target: RunTarget;
  /** Hashes of the snapshots that this user has not trusted: walked by hand, nothing of them is run or contacted. */
  readonly restricted: readonly string[];
  /** The settings in force; a run keeps those stored at its start. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where the runbook came from under git, when it did. */
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
  /** Names of inherited variables that choose a target: `AWS_PROFILE`. */
  readonly targetVariables: readonly string[];
  /** The server whose metrics are judged, for the whole run; null = none. Older journals do not tell. */
  readonly metrics?: MetricsServer | null;
}

/** A metrics server as it was chosen at the start; part of what a run is bound to. Source: 40-cluster. */
export interface MetricsServer {
  /** Without user, password and query. */
  readonly url: string;
  /** Host and port, as people know it. */
  readonly name: string;
  /** By header; the values are references (`env:TOKEN`). */
  readonly headers: Readonly<Record<string, string>>;
  readonly from: 'option' | 'settings' | 'environment';
  /** `same-cluster` of the runbook, filled in; null = there is none. */
  readonly sameCluster: string | null;
}

/** `pinned`: bound to the identity that `target.pinned` tells; else used by name only, and line 1 says `not pinned`. */
export interface RunTarget {
  readonly context: string | null;
  readonly namespace: string | null;
  readonly workloads: readonly string[];
  readonly production: boolean;
  readonly pinned: boolean;
}

export interface PreflightCheck {
  readonly id: string;
  readonly title: string;
  /** `stop` keeps the run from starting, `override` needs a reason, `warn` and `ok` are shown. */
  readonly level: 'ok' | 'warn' | 'override' | 'stop';
  readonly message: string;
  readonly nextStep: string | null;
}

export interface FrameOpened {
  readonly purpose: 'main' | 'rollback' | 'handoff';
  readonly runbook: {
    readonly path: string;
    readonly title: string;
    readonly kind: RunbookKind;
    readonly sha256: string;
  };
  /** Non-secret values by input name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Where the parent stands; null for the first frame. */
  readonly parent: { readonly frame: number; readonly step: string | null } | null;
  /** What the rollback runs when it is not a runbook of its own. */
  readonly source: RollbackSource | null;
  /** Every runbook a handoff or a rollback can lead to, loaded and filled in at preflight; only in the first frame. */
  readonly reachable: readonly ReachableRunbook[];
}

/** `from` is the snapshot that names it in `reference`. */
export interface ReachableRunbook {
  readonly from: string;
  readonly reference: string;
  readonly purpose: 'rollback' | 'handoff';
  readonly runbook: FrameOpened['runbook'];
  readonly with: Readonly<Record<string, string>>;
}

/** `runbook`: its own file; `phases`: the file's rollback phases; `undo`: undo fences of what ran, last first; `shipped`: rollback.md with its form. */
export type RollbackSource = 'runbook' | 'phases' | 'undo' | 'stored' | 'shipped';

/** What a run is bound to; constant over the run. Source: 40-cluster, "Target pin". */
export interface TargetIdentity {
  readonly context: string | null;
  readonly namespace: string | null;
  readonly server: string | null;
  /** SHA-256 of the certificate authority, 64 hex; null = the system's. */
  readonly caSha256: string | null;
  /** UID of the `kube-system` namespace; null without permission: then the identity is weak. */
  readonly clusterUid: string | null;
  /** As the API server knows us (SelfSubjectReview); null = it did not say. */
  readonly user: string | null;
  /** Answers of the identity commands of the other pins. */
  readonly others: readonly { readonly kind: PinKind; readonly identity: string }[];
}

export type PinKind = 'aws' | 'gcp' | 'azure' | 'docker' | 'argocd';

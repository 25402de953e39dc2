import type { Authority } from './certificates.ts';
import type { Finished, Server } from './processes.ts';

export interface ClusterOptions {
  /** Name of the kubeconfig's context; default `prod-eu`. */
  readonly context?: string;
  /** Number of Nodes, `node-1` and on; default 1. Pods are placed by the real scheduler. */
  readonly nodes?: number;
  /** `healthy` leaves the failing pods out: for thousands of pods. Default `all`; see stages.ts. */
  readonly stages?: 'all' | 'healthy';
  /** Requests a second of the controller manager and the scheduler; default 100, burst 200. 500 and 1000 for 10,000 pods, whose template best names the Node itself: placing them takes longer than starting them. */
  readonly kubeApiQps?: number;
  readonly kubeApiBurst?: number;
  /** Port of the API server; default a free one. With `authority` of another, stopped cluster: another cluster behind its address. */
  readonly port?: number;
  readonly authority?: Authority;
  /** Further arguments of the API server. */
  readonly apiServerArguments?: readonly string[];
}

export interface KubeconfigOptions {
  readonly groups?: readonly string[];
  readonly context?: string;
  readonly namespace?: string;
  /** Another address than the API server's, for example a proxy's. */
  readonly server?: string;
  /** A bearer token instead of a client certificate: `token-admin` or `token-viewer`. */
  readonly token?: string;
}

export type ServerName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

/** A Kubernetes cluster of our own: real servers, and kwok as the kubelet of its Nodes. */
export interface LiveCluster {
  /** Temporary folder with everything; removed by `stop`. */
  readonly folder: string;
  /** `https://127.0.0.1:port`. */
  readonly server: string;
  readonly port: number;
  readonly context: string;
  readonly authority: Authority;
  /** Authority of the certificate with which a proxy may name the user. */
  readonly proxyAuthority: Authority;
  /** Path; user `admin` of `system:masters`. */
  readonly kubeconfig: string;
  /** Path of a kubeconfig of another user (client certificate, no rights but what RBAC gives it). */
  readonly kubeconfigFor: (user: string, options?: KubeconfigOptions) => Promise<string>;
  /** Environment for programs: KUBECONFIG, PATH with kubectl (and its argo-rollouts plugin), no shared kubectl cache. */
  readonly env: NodeJS.ProcessEnv;
  readonly kubectl: (args: readonly string[], options?: KubectlOptions) => Promise<Finished>;
  /** `kubectl … -o json`; throws when it fails. */
  readonly json: <T = unknown>(args: readonly string[]) => Promise<T>;
  /** Throws when it is refused. */
  readonly apply: (yaml: string, args?: readonly string[]) => Promise<void>;
  /** Same port and data afterwards. Kills it when it does not end within 3 s. */
  readonly stopApiServer: () => Promise<void>;
  /** Starts the controllers and the kubelet anew as well, which else might notice it minutes later. */
  readonly startApiServer: () => Promise<void>;
  /** SIGSTOP and SIGCONT. */
  readonly pauseController: (name: ServerName) => void;
  readonly resumeController: (name: ServerName) => void;
  /**
   * Compacts etcd's history up to now, and starts the API server again, whose own cache would go on
   * answering: then a watch or list from an older version is answered with 410. Returns the revision.
   */
  readonly compactEtcd: () => Promise<number>;
  /** What `kubectl logs` (and `logs -p`) of one pod give from then on; others give the lines of kwok-configuration.ts. */
  readonly setLogs: (namespace: string, pod: string, lines: PodLines) => Promise<void>;
  /** The log of one server, or of all. */
  readonly log: (name?: ServerName) => string;
  /** Starts a further program that belongs to the cluster and is stopped with it. */
  readonly start: (name: string, program: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Server;
  readonly stop: () => Promise<void>;
}

export interface KubectlOptions {
  readonly input?: string;
  readonly kubeconfig?: string;
  readonly seconds?: number;
}

export interface PodLines {
  readonly current: readonly string[];
  readonly previous?: readonly string[];
}

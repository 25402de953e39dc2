import type { ClusterWatch, LogRequest } from '../ports/cluster.ts';
import { ExpectedError } from '../text/errors.ts';

/** What an operator looks at in the cluster besides what is watched anyway. */
export interface ClusterInspector {
  /** The facts about one object, such as `pod/checkout-7d9f-abc`, as lines. Rejects with `ExpectedError`. */
  describe(reference: string): Promise<readonly string[]>;
  /** Calls with lines until the returned function is called; `end` says why it ended by itself. */
  logs(request: LogRequest, sink: LogSink): () => void;
}

export interface LogSink {
  line(text: string): void;
  end(because: string | null): void;
}

/** Null: this run has no cluster; then there is nothing to look at, and it says so. */
export const inspectCluster = (cluster: ClusterWatch | null): ClusterInspector => ({
  describe: async (reference) => {
    if (cluster === null) throw noCluster();
    return cluster.describe(reference);
  },
  logs: (request, sink) => {
    if (cluster !== null) return cluster.logs(request, sink);
    sink.end('this run watches no cluster');
    return () => undefined;
  },
});

const noCluster = (): ExpectedError =>
  new ExpectedError('this run watches no cluster', { nextStep: 'Give the run a target with a context' });

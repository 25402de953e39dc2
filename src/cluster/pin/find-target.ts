import type { PinKind, TargetIdentity } from '../../session/events.ts';
import { ExpectedError } from '../../text/errors.ts';
import { type ClusterIdentity, readIdentity, targetIdentity } from './identity.ts';
import type { RunCluster } from './open-cluster.ts';
import { type AskIdentity, askOther } from './other-pins.ts';

export interface FoundTarget {
  readonly identity: TargetIdentity;
  /** Why the cluster did not say who it is; null when it did, or there is none. */
  readonly unreached: ExpectedError | null;
  /** Why other targets could not be pinned. */
  readonly unpinned: readonly { readonly kind: PinKind; readonly because: string }[];
}

/** Asks cluster and tools who they are, for the first time. Never rejects with an `ExpectedError`. */
export const findTarget = async (
  cluster: RunCluster | null,
  namespace: string | null,
  kinds: readonly PinKind[],
  ask: AskIdentity,
): Promise<FoundTarget> => {
  const [first, others] = await Promise.all([
    cluster === null ? null : identityOf(cluster),
    Promise.all(kinds.map((kind) => askOther(kind, ask))),
  ]);
  const unreached = first instanceof ExpectedError ? first : null;
  const identity = first instanceof ExpectedError ? null : first;
  return {
    identity: targetIdentity(
      cluster?.context ?? null,
      namespace,
      identity,
      others.flatMap((other) => (other.identity === null ? [] : [{ kind: other.kind, identity: other.identity }])),
    ),
    unreached,
    unpinned: others.flatMap((other) =>
      other.identity === null ? [{ kind: other.kind, because: other.because }] : [],
    ),
  };
};

const identityOf = async ({ connection }: RunCluster): Promise<ClusterIdentity | ExpectedError> => {
  try {
    // A login helper may take longer than a request, and says better what is wrong.
    await connection.endpoint.credentials.now();
    return await readIdentity(connection);
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
};

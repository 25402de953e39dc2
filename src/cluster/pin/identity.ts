import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PinKind, TargetIdentity } from '../../session/events.ts';
import { isApiProblem } from '../api/api-problem.ts';
import type { ApiConnection } from '../api/connection.ts';
import type { PinnedContext } from './pinned-context.ts';

/** What the API server says of itself and of us. */
export interface ClusterIdentity {
  /** Null without permission. */
  readonly uid: string | null;
  readonly user: string | null;
}

const namespaceShape = z.object({ metadata: z.object({ uid: z.string().min(1) }) });
const reviewShape = z.object({ status: z.object({ userInfo: z.object({ username: z.string().optional() }) }) });

/** UID of `kube-system`; null without permission to read it. Rejects with `ApiProblem`. */
export const readClusterUid = async (connection: ApiConnection): Promise<string | null> => {
  try {
    return namespaceShape.parse(await connection.getJson('/api/v1/namespaces/kube-system')).metadata.uid;
  } catch (error) {
    if (isApiProblem(error, 'forbidden')) return null;
    throw error;
  }
};

/** As whom we are known there; null when it does not say (no permission, before Kubernetes 1.28). */
export const readUser = async (connection: ApiConnection): Promise<string | null> => {
  try {
    const answer = await connection.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    return reviewShape.parse(answer).status.userInfo.username ?? null;
  } catch {
    return null;
  }
};

/** Rejects with `ApiProblem`. A weak one has at least been spoken to: its certificate was accepted. */
export const readIdentity = async (connection: ApiConnection): Promise<ClusterIdentity> => {
  const uid = await readClusterUid(connection);
  return { uid, user: await readUser(connection) };
};

export const caHash = (ca: string | null): string | null =>
  ca === null ? null : createHash('sha256').update(ca).digest('hex');

/** What a run is bound to. `cluster` is null when the server has not been reached. */
export const targetIdentity = (
  pinned: PinnedContext | null,
  namespace: string | null,
  cluster: ClusterIdentity | null,
  others: readonly { readonly kind: PinKind; readonly identity: string }[],
): TargetIdentity => ({
  context: pinned?.name ?? null,
  namespace,
  server: pinned?.server ?? null,
  caSha256: caHash(pinned?.ca ?? null),
  clusterUid: cluster?.uid ?? null,
  user: cluster?.user ?? null,
  others,
});

import { isApiProblem } from '../api/api-problem.ts';
import type { ApiConnection } from '../api/connection.ts';
import { entryOf, type Lease, leaseOf } from './lease.ts';
import type { KeptEntry, LockStore, StoreFault } from './lock-store.ts';
import { leaseName } from './scope.ts';

const group = '/apis/coordination.k8s.io/v1';

const isLease = (value: unknown): value is Lease =>
  typeof value === 'object' &&
  value !== null &&
  'metadata' in value &&
  typeof value.metadata === 'object' &&
  value.metadata !== null &&
  'resourceVersion' in value.metadata &&
  typeof value.metadata.resourceVersion === 'string';

const faultOf = (error: unknown, verb: string): StoreFault => {
  if (isApiProblem(error, 'forbidden')) return { kind: 'denied', because: `no permission (${verb} leases)` };
  const because = error instanceof Error ? error.message : String(error);
  // Waiting heals no login: what to do belongs to it wherever it is said.
  const next = isApiProblem(error, 'unauthorized') && error.nextStep !== null ? `; ${error.nextStep}` : '';
  return { kind: 'unreachable', because: `${because}${next}` };
};

/** The lock as a Lease of the API server; its `resourceVersion` is what is compared. */
export const leaseStore = (
  connection: Pick<ApiConnection, 'getJson' | 'send'>,
  namespace: string,
  scope: string,
): LockStore => {
  const name = leaseName(scope);
  const collection = `${group}/namespaces/${encodeURIComponent(namespace)}/leases`;
  let last: Lease | null = null;
  const kept = (value: unknown): KeptEntry => {
    if (!isLease(value)) throw new Error('the server answered with something else than a Lease');
    last = value;
    return { entry: entryOf(value), version: value.metadata.resourceVersion as string };
  };
  return {
    where: 'cluster',
    read: async () => {
      try {
        return { kind: 'entry', ...kept(await connection.getJson(`${collection}/${name}`)) };
      } catch (error) {
        return isApiProblem(error, 'not-found') ? { kind: 'none' } : faultOf(error, 'get');
      }
    },
    write: async (entry, version) => {
      const lease = leaseOf(entry, { name, namespace, version }, last);
      try {
        const answer =
          version === null
            ? await connection.send('POST', collection, lease)
            : await connection.send('PUT', `${collection}/${name}`, lease);
        return { kind: 'written', ...kept(answer) };
      } catch (error) {
        // Somebody else wrote or created it first, or it was deleted since it was read.
        if (isApiProblem(error, 'conflict') || (version !== null && isApiProblem(error, 'not-found')))
          return { kind: 'conflict' };
        return faultOf(error, version === null ? 'create' : 'update');
      }
    },
    // The holder may be on any machine.
    lives: () => null,
  };
};

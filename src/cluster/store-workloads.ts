import type { StoredWorkload, StoredWorkloads } from '../ports/cluster.ts';
import { isApiProblem } from './api/api-problem.ts';
import type { ApiConnection } from './api/connection.ts';
import { numberOf, partOf } from './facts/raw.ts';
import { type WorkloadReference, workloadPath } from './facts/references.ts';
import { seenWorkload } from './facts/seen-workload.ts';

const storedWorkload = (wanted: WorkloadReference, object: unknown): StoredWorkload => {
  const { status: _status, ...manifest } = partOf(object);
  const { managedFields: _managed, ...metadata } = partOf(manifest, 'metadata');
  const workload = seenWorkload(wanted.kind, object);
  const number = workload?.revisionNumber ?? null;
  return {
    workload: wanted.reference,
    revision: number === null ? (workload?.updateRevision ?? null) : String(number),
    images: workload?.images.map(({ image }) => image) ?? [],
    replicas: numberOf(partOf(manifest, 'spec').replicas),
    manifest: JSON.stringify({ ...manifest, metadata }),
  };
};

/** The reason is text when it cannot be read. */
const readOne = async (
  connection: ApiConnection,
  namespace: string,
  wanted: WorkloadReference,
): Promise<StoredWorkload | string> => {
  const path = `${workloadPath(wanted.kind, namespace)}/${encodeURIComponent(wanted.name)}`;
  try {
    return storedWorkload(wanted, await connection.getJson(path));
  } catch (error) {
    if (!isApiProblem(error)) throw error;
    if (error.kind === 'not-found') return `${wanted.reference} is not there yet in ${namespace}`;
    return `${wanted.reference}: ${error.nextStep === null ? error.because : `${error.because}; ${error.nextStep}`}`;
  }
};

/** The manifests of workloads as they are now, without status and managed fields: of those that can be read. */
export const storeWorkloads = async (
  connection: ApiConnection,
  namespace: string,
  wanted: readonly WorkloadReference[],
): Promise<StoredWorkloads> => {
  const found = await Promise.all(wanted.map((one) => readOne(connection, namespace, one)));
  return {
    workloads: found.filter((one) => typeof one !== 'string'),
    missing: found.filter((one) => typeof one === 'string'),
  };
};

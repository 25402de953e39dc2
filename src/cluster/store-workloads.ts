import type { StoredWorkload } from '../ports/cluster.ts';
import { ExpectedError, exitCodes } from '../text/errors.ts';
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

const readOne = async (
  connection: ApiConnection,
  namespace: string,
  wanted: WorkloadReference,
): Promise<StoredWorkload> => {
  const path = `${workloadPath(wanted.kind, namespace)}/${encodeURIComponent(wanted.name)}`;
  try {
    return storedWorkload(wanted, await connection.getJson(path));
  } catch (error) {
    if (!isApiProblem(error)) throw error;
    const because = error.kind === 'not-found' ? `not found in ${namespace}` : error.because;
    throw new ExpectedError(`${wanted.reference} cannot be stored for the rollback: ${because}`, {
      exit: exitCodes.refused,
      cause: error,
      ...(error.nextStep === null ? {} : { nextStep: error.nextStep }),
    });
  }
};

/** The manifests of workloads as they are now, without status and managed fields. Rejects with ExpectedError. */
export const storeWorkloads = async (
  connection: ApiConnection,
  namespace: string,
  workloads: readonly WorkloadReference[],
): Promise<readonly StoredWorkload[]> => Promise.all(workloads.map((wanted) => readOne(connection, namespace, wanted)));

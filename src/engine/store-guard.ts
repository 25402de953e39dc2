import type { ClusterWatch, StoredWorkload } from '../ports/cluster.ts';
import type { EventData, RunEvent } from '../session/events.ts';
import { sha256 } from '../session/exec-spec.ts';
import { ExpectedError } from '../text/errors.ts';
import { type Guard, isRollingBack, passed, startsChange } from './guard.ts';

/**
 * Before the first change the specs of the workloads are kept, for a rollback that no runbook describes. That one
 * cannot be is noted, and keeps nobody from going on.
 */
export const createStoreGuard = (
  watch: Pick<ClusterWatch, 'store'>,
  keep: (workload: StoredWorkload) => Promise<void>,
): Guard => {
  let tried = false;
  return async (_intent, state, decision) => {
    if (tried || state.firstChangeAt !== null || state.stored.length > 0) return passed;
    if (!startsChange(decision) || isRollingBack(state, decision)) return passed;
    tried = true;
    const frame = Math.max(0, state.frame);
    try {
      const { workloads, missing } = await watch.store();
      for (const workload of workloads) await keep(workload);
      const stored = workloads.map(
        (workload): RunEvent => ({ type: 'workload.stored', frame, data: factsOf(workload) }),
      );
      return { ok: true, events: missing.length === 0 ? stored : [...stored, notStored(frame, missing.join(', '))] };
    } catch (error) {
      const because = error instanceof ExpectedError ? error.message : String(error);
      return { ok: true, events: [notStored(frame, because)] };
    }
  };
};

const notStored = (frame: number, because: string): RunEvent => ({
  type: 'note.added',
  frame,
  data: { step: null, text: `gonogo could not store the specs for a rollback: ${because}` },
});

const factsOf = ({ workload, revision, images, replicas, manifest }: StoredWorkload): EventData['workload.stored'] => ({
  workload,
  revision,
  images,
  replicas,
  containers: containersOf(manifest),
  sha256: sha256(manifest),
});

const containersOf = (manifest: string): EventData['workload.stored']['containers'] => {
  const object = JSON.parse(manifest) as {
    spec?: { template?: { spec?: { containers?: readonly { name?: unknown; image?: unknown }[] } } };
  };
  return (object.spec?.template?.spec?.containers ?? []).flatMap(({ name, image }) =>
    typeof name === 'string' && typeof image === 'string' ? [{ name, image }] : [],
  );
};

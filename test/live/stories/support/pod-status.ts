import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { LiveCluster } from '../../support/cluster.ts';
import type { Pod } from '../../support/pods.ts';

/** When a pod of the namespace first was as it is waited for, by a watch of the test's own. */
export interface FirstSight {
  /** `performance.now()`; null = not yet. */
  readonly at: () => number | null;
  readonly stop: () => void;
}

/** Watches pods beside the program under test, so that what both see can be compared on one clock. */
export const firstPodThat = (cluster: LiveCluster, isSo: (pod: Pod) => boolean): FirstSight => {
  let at: number | null = null;
  let rest = '';
  const asked = request(
    `${cluster.server}/api/v1/namespaces/production/pods?watch=true`,
    {
      ca: readFileSync(cluster.authority.certificate),
      agent: false,
      headers: { authorization: 'Bearer token-admin' },
    },
    (response) =>
      response.on('data', (chunk: Buffer) => {
        const now = performance.now();
        const lines = (rest + chunk.toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (at === null && isSo((JSON.parse(line) as { object: Pod }).object)) at = now;
      }),
  );
  asked.on('error', () => undefined);
  asked.end();
  return { at: () => at, stop: () => asked.destroy() };
};

/** A container of the pod is in such a state, or was in its last run. */
export const isInState =
  (...reasons: readonly string[]) =>
  ({ status }: Pod): boolean =>
    (status.containerStatuses ?? []).some(({ state, lastState }) =>
      [state.waiting?.reason, state.terminated?.reason, lastState?.terminated?.reason].some(
        (reason) => reason !== undefined && reasons.includes(reason),
      ),
    );

import { noPods, type PodCounts, type SelectionFacts, type SourceHealth } from '../../gates/workload.ts';
import { PodTable } from './pod-table.ts';
import { PodTally } from './pod-tally.ts';
import { replacements } from './replacements.ts';
import { selectionOwners } from './selection-owners.ts';
import { loading, unseenBecause } from './source-health.ts';
import type { LookContext, WorkloadBook } from './workload-book.ts';

const sumOf = (left: PodCounts, right: PodCounts): PodCounts => {
  const sum = { ...noPods };
  for (const podClass of Object.keys(noPods) as (keyof PodCounts)[]) sum[podClass] = left[podClass] + right[podClass];
  return sum;
};

type Owned = Parameters<WorkloadBook['owns']>[0] & { readonly revision: string | null };

/** Nothing is old as long as nobody knows what is new. */
const oldness = (workloads: readonly WorkloadBook[]): ((pod: Owned) => boolean) => {
  const books = workloads.flatMap((book) => {
    const newRevision = book.newRevision();
    return newRevision === null ? [] : [{ book, newRevision }];
  });
  return (pod) => books.some(({ book, newRevision }) => book.owns(pod) && pod.revision !== newRevision);
};

/** Pods of one label selector, whoever owns them. Only those of an older revision of a watched workload are not new. */
export class SelectionBook {
  readonly pods = new PodTable();
  health: SourceHealth = loading;

  facts(
    { now, runBeganAt, skewMs, warnings }: LookContext,
    selector: string,
    workloads: readonly WorkloadBook[],
  ): { facts: SelectionFacts; isRestless: boolean } {
    const isOld = oldness(workloads);
    const tally = new PodTally();
    const unseen = unseenBecause(this.health);
    const isReplaced = replacements(this.pods.rows.values(), () => null);
    const judged = { now: now + skewMs, runBeganAt: runBeganAt + skewMs };
    const context = { ...judged, minReadyMs: 0, unseen, isReplaced, warnings };
    for (const pod of this.pods.rows.values()) tally.add(pod, !isOld(pod), context);
    for (const pod of this.pods.counted.values()) tally.addCounted(pod, !isOld(pod), unseen !== null);
    return {
      facts: {
        source: this.health,
        counts: sumOf(tally.newPods, tally.oldPods),
        troubled: tally.troubled(),
        owners: selectionOwners(selector, this.pods, workloads),
      },
      isRestless: tally.isRestless || this.health.state !== 'live',
    };
  }
}

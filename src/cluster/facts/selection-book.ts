import { noPods, type PodCounts, type SelectionFacts, type SourceHealth } from '../../gates/workload.ts';
import { PodTable } from './pod-table.ts';
import { PodTally } from './pod-tally.ts';
import { replacements } from './replacements.ts';
import { loading, unseenBecause } from './source-health.ts';
import type { LookContext } from './workload-book.ts';

const sumOf = (left: PodCounts, right: PodCounts): PodCounts => {
  const sum = { ...noPods };
  for (const podClass of Object.keys(noPods) as (keyof PodCounts)[]) sum[podClass] = left[podClass] + right[podClass];
  return sum;
};

/** Pods of one label selector, whoever owns them; all count as new. */
export class SelectionBook {
  readonly pods = new PodTable();
  health: SourceHealth = loading;

  facts({ now, runBeganAt, skewMs, warnings }: LookContext): { facts: SelectionFacts; isRestless: boolean } {
    const tally = new PodTally();
    const unseen = unseenBecause(this.health);
    const isReplaced = replacements(this.pods.rows.values(), () => null);
    const judged = { now: now + skewMs, runBeganAt: runBeganAt + skewMs };
    const context = { ...judged, minReadyMs: 0, unseen, isReplaced, warnings };
    for (const pod of this.pods.rows.values()) tally.add(pod, true, context);
    for (const pod of this.pods.counted.values()) tally.addCounted(pod, true, unseen !== null);
    return {
      facts: { source: this.health, counts: sumOf(tally.newPods, tally.oldPods), troubled: tally.troubled() },
      isRestless: tally.isRestless || this.health.state !== 'live',
    };
  }
}

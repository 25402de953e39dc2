import type { PodClass } from '../../gates/workload.ts';
import { judgePod } from './pod-class.ts';
import type { SeenPod } from './seen-pod.ts';

const mostRows = 20_000;

/** What is left of a pod beyond the cap: enough to count it. */
export interface CountedPod {
  readonly class: PodClass;
  readonly revision: string | null;
  readonly ownerUid: string | null;
}

/** Pods of one selector by uid: rows up to the cap, counts beyond it. */
export class PodTable {
  readonly rows = new Map<string, SeenPod>();
  readonly counted = new Map<string, CountedPod>();
  readonly #most: number;

  constructor(most: number = mostRows) {
    this.#most = most;
  }

  /**
   * The row it replaces; null when there was none. Beyond the cap nothing is known of before: that is the pod itself.
   * @param now what a pod beyond the cap is judged at
   */
  put(pod: SeenPod, now: number): SeenPod | null {
    const before = this.rows.get(pod.uid) ?? null;
    if (before !== null || (this.rows.size < this.#most && !this.counted.has(pod.uid))) {
      this.rows.set(pod.uid, pod);
      return before;
    }
    const judgement = judgePod(pod, {
      now,
      runBeganAt: now,
      minReadyMs: 0,
      unseen: null,
      isReplaced: () => false,
      warnings: () => [],
    });
    this.counted.set(pod.uid, { class: judgement.class, revision: pod.revision, ownerUid: pod.ownerUid });
    return pod;
  }

  remove(uid: string): void {
    this.rows.delete(uid);
    this.counted.delete(uid);
  }

  keepOnly(uids: ReadonlySet<string>): void {
    for (const uid of this.rows.keys()) if (!uids.has(uid)) this.rows.delete(uid);
    for (const uid of this.counted.keys()) if (!uids.has(uid)) this.counted.delete(uid);
  }
}

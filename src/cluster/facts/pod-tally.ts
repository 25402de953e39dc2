import { noPods, type PodClass, type PodCounts, type PodRow } from '../../gates/workload.ts';
import { judgePod, type PodContext, type PodJudgement } from './pod-class.ts';
import type { CountedPod } from './pod-table.ts';
import type { SeenPod } from './seen-pod.ts';

const mostRows = 50;
const sortAt = 400;

const worstFirst: readonly PodClass[] = ['DOOMED', 'FAILING', 'STUCK', 'UNKNOWN', 'WARN', 'REPLACED'];

interface Judged {
  readonly pod: SeenPod;
  readonly judgement: PodJudgement;
  readonly isNew: boolean;
  /** Place of its class among the troubled ones, new before old; below 0 it is none. */
  readonly rank: number;
}

const byTrouble = (left: Judged, right: Judged): number =>
  left.rank - right.rank || (left.pod.name < right.pod.name ? -1 : 1);

const byName = (left: Judged, right: Judged): number =>
  Number(right.isNew) - Number(left.isNew) || (left.pod.name < right.pod.name ? -1 : 1);

const rowOf = ({ pod, judgement, isNew }: Judged): PodRow => {
  const spoken = pod.containers.find(({ name }) => name === judgement.container);
  const container = spoken ?? pod.containers.find(({ kind }) => kind === 'main') ?? null;
  return {
    name: pod.name,
    uid: pod.uid,
    revision: pod.revision,
    isNew,
    node: pod.node,
    class: judgement.class,
    reason: judgement.reason(),
    container: container?.name ?? null,
    hasPrevious: container?.lastAt != null && container.restarts > 0,
    ready: pod.ready === 'True' && pod.closedGate === null,
    restarts: pod.restarts,
    createdAt: pod.createdAt,
    images: pod.containers.map(({ image }) => image),
  };
};

/** Judges pods one after the other; keeps counts, the worst 50, and all of them while there are at most 50. */
export class PodTally {
  readonly #counts: Record<'new' | 'old', Record<PodClass, number>> = { new: { ...noPods }, old: { ...noPods } };
  readonly #few: Judged[] = [];
  #troubled: Judged[] = [];
  #total = 0;
  /** A class that time alone may change. */
  isRestless = false;

  add(pod: SeenPod, isNew: boolean, context: PodContext): PodJudgement {
    const judgement = judgePod(pod, context);
    this.#count(judgement.class, isNew);
    if (judgement.class !== 'OK' && judgement.class !== 'DONE') this.isRestless = true;
    const place = worstFirst.indexOf(judgement.class);
    const judged = { pod, judgement, isNew, rank: place < 0 ? place : 2 * place + (isNew ? 0 : 1) };
    if (this.#few.length <= mostRows) this.#few.push(judged);
    if (judged.rank >= 0) this.#troubled.push(judged);
    if (this.#troubled.length >= sortAt) this.#troubled = this.#worst();
    return judgement;
  }

  addCounted(pod: CountedPod, isNew: boolean, isStale: boolean): void {
    this.#count(isStale ? 'UNKNOWN' : pod.class, isNew);
  }

  get newPods(): PodCounts {
    return this.#counts.new;
  }

  get oldPods(): PodCounts {
    return this.#counts.old;
  }

  troubled(): readonly PodRow[] {
    return this.#worst().map(rowOf);
  }

  pods(): readonly PodRow[] {
    return this.#total <= mostRows ? this.#few.toSorted(byName).map(rowOf) : this.troubled();
  }

  #count(podClass: PodClass, isNew: boolean): void {
    this.#counts[isNew ? 'new' : 'old'][podClass] += 1;
    this.#total += 1;
  }

  #worst(): Judged[] {
    return this.#troubled.toSorted(byTrouble).slice(0, mostRows);
  }
}

import type { ForeignChange, SeenSpec, WorkloadSpec } from '../../gates/workload.ts';
import { judgeChange } from './foreign.ts';
import { noteSeenBefore, type OwnWindow } from './own-doing.ts';
import { type SeenWorkload, specOf } from './seen-workload.ts';

/** What an earlier process of the run saw last, and when, UTC ms. */
export interface LastSeen extends SeenSpec {
  readonly at: number;
}

/** When something is seen, and what of it may be our own doing. */
export interface Looking {
  /** By our clock. */
  readonly now: number;
  readonly own: readonly OwnWindow[];
  /** Server's clock minus ours. */
  readonly skewMs: number;
}

/** What was deleted before: whoever makes it anew changes it. */
const gone: WorkloadSpec = {
  uid: '',
  generation: 0,
  images: [],
  templateHash: '',
  desired: 0,
  isPaused: false,
  partition: 0,
  managers: [],
};

/** The spec of one workload as it was seen last, over the processes of a run, and whose doing it is. */
export class SpecBook {
  readonly #reference: string;
  /** Not compared yet. */
  #lastSeen: LastSeen | null;
  #areOwnKnown: boolean;
  #seen: SeenSpec | null = null;

  constructor(reference: string, lastSeen: LastSeen | null) {
    this.#reference = reference;
    this.#lastSeen = lastSeen;
    this.#areOwnKnown = lastSeen === null;
  }

  /** Null before the first look, and before it is compared with what was seen last. */
  get seen(): SeenSpec | null {
    return this.#seen;
  }

  /** What was seen last is not compared yet, for want of what our own commands did. */
  get isWaiting(): boolean {
    return !this.#areOwnKnown;
  }

  /** Null = it is gone. A change that is not ours; null when there is none. */
  see(row: SeenWorkload | null, looking: Looking): ForeignChange | null {
    if (!this.#areOwnKnown) return null;
    const last = this.#lastSeen;
    this.#lastSeen = null;
    if (last !== null) {
      const window = looking.own.find(({ attempt }) => attempt === last.madeBy);
      if (window !== undefined) noteSeenBefore(window, this.#reference);
    }
    const before = last ?? this.#seen;
    if (row === null && (before === null || before.spec === null)) return null;
    return this.#judge(before, row, looking, last === null ? null : last.at);
  }

  /** From now on it is known what our own commands did. */
  compare(row: SeenWorkload | null, isListed: boolean, looking: Looking): ForeignChange | null {
    if (this.#areOwnKnown) return null;
    this.#areOwnKnown = true;
    return row === null && !isListed ? null : this.see(row, looking);
  }

  #judge(
    before: SeenSpec | null,
    after: SeenWorkload | null,
    { now, own, skewMs }: Looking,
    since: number | null,
  ): ForeignChange | null {
    const spec: WorkloadSpec | null = after === null ? null : specOf(after);
    const workload = this.#reference;
    if (before === null) {
      this.#seen = { workload, madeBy: null, spec };
      return null;
    }
    const judged = judgeChange({ reference: workload, before: before.spec ?? gone, after, now, own, skewMs, since });
    const madeBy = judged.kind === 'ours' ? judged.attempt : judged.kind === 'none' ? before.madeBy : null;
    this.#seen = { workload, madeBy, spec };
    return judged.kind === 'theirs' ? judged.change : null;
  }
}

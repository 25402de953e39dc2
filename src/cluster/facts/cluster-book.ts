import type {
  ClusterFacts,
  EventRow,
  ForeignChange,
  ScalerRow,
  SelectionFacts,
  SourceHealth,
} from '../../gates/workload.ts';
import type { OwnChange } from '../../ports/cluster.ts';
import { EventBook } from './event-book.ts';
import { eventRows } from './event-rows.ts';
import type { OwnWindow } from './own-doing.ts';
import { jobRollout } from './rollout-job.ts';
import type { SeenScaler } from './seen-others.ts';
import type { SeenPod } from './seen-pod.ts';
import type { SeenWorkload } from './seen-workload.ts';
import type { SelectionBook } from './selection-book.ts';
import { countedSkew } from './skew.ts';
import { worstHealth } from './source-health.ts';
import type { LookContext, WorkloadBook } from './workload-book.ts';

const mostForeign = 50;

/** A workload that does not exist is no fault of the connection. */
const ofConnection = (health: SourceHealth): SourceHealth =>
  health.state === 'not-found' && health.freshAt !== null
    ? { ...health, state: 'live', because: null, nextStep: null }
    : health;

/** Everything that is known of the cluster, and the facts that follow from it at a time. */
export class ClusterBook {
  readonly workloads: readonly WorkloadBook[];
  readonly selections = new Map<string, SelectionBook>();
  readonly events = new EventBook();
  readonly scalers = new Map<string, SeenScaler>();
  /** Jobs with the labels of a workload's pods. */
  readonly jobs = new Map<string, SeenWorkload>();
  readonly #runBeganAt: number;
  readonly #windows = new Map<number, OwnWindow>();
  #foreign: readonly ForeignChange[] = [];

  constructor(workloads: readonly WorkloadBook[], runBeganAt: number) {
    this.workloads = workloads;
    this.#runBeganAt = runBeganAt;
  }

  get ownWindows(): readonly OwnWindow[] {
    return [...this.#windows.values()];
  }

  /** Of the new revision of one of the workloads; null = nobody knows. */
  isNewPod(pod: SeenPod): boolean | null {
    const book = this.workloads.find((one) => one.owns(pod));
    if (book === undefined) return null;
    if (book.workload?.kind === 'Job') return true;
    const revision = book.newRevision();
    return revision === null ? null : pod.revision === revision;
  }

  noteOwnChange(change: OwnChange): void {
    const known = this.#windows.get(change.attempt);
    this.#windows.set(change.attempt, { seen: new Map(), ...known, ...change });
  }

  noteForeign(change: ForeignChange | null): void {
    if (change !== null) this.#foreign = [...this.#foreign, change].slice(-mostForeign);
  }

  /**
   * `isRestless`: time alone may change them.
   * @param clockSkewMs server's clock minus ours; null = not known
   */
  facts(now: number, clockSkewMs: number | null): { facts: ClusterFacts; isRestless: boolean } {
    const context: LookContext = {
      now,
      runBeganAt: this.#runBeganAt,
      skewMs: countedSkew(clockSkewMs),
      warnings: (uid) => this.events.warningsOf(uid),
    };
    const workloads = this.workloads.map((book) => book.facts(context, this.#scalersOf(book)));
    const selected = [...this.selections].map(([selector, book]) => ({
      selector,
      ...book.facts(context, selector, this.workloads),
    }));
    const selections: Record<string, SelectionFacts> = Object.create(null);
    for (const { selector, facts } of selected) selections[selector] = facts;
    const sources = [...workloads, ...selected].map(({ facts }) => ofConnection(facts.source));
    return {
      facts: {
        source: worstHealth(sources),
        clockSkewMs,
        workloads: workloads.map(({ facts }) => facts),
        selections,
        events: this.#events(),
        scalers: this.#scalerRows(),
        foreignChanges: this.#foreign,
        specs: this.workloads.flatMap(({ spec }) => (spec === null ? [] : [spec])),
      },
      isRestless: [...workloads, ...selected].some(({ isRestless }) => isRestless),
    };
  }

  #events(): readonly EventRow[] {
    const own = [...this.events.all()].filter((event) => this.workloads.some((book) => book.concerns(event)));
    return eventRows(own);
  }

  #targets({ targetKind, targetName }: SeenScaler, { wanted }: WorkloadBook): boolean {
    return targetKind === wanted.kind && targetName === wanted.name;
  }

  #scalersOf(book: WorkloadBook): readonly string[] {
    return [...this.scalers.values()]
      .filter((scaler) => this.#targets(scaler, book))
      .map(({ name, least, most }) => `HPA ${name} ${least}-${most}`)
      .sort();
  }

  #scalerRows(): readonly ScalerRow[] {
    const scalers = [...this.scalers.values()]
      .filter((scaler) => this.workloads.some((book) => this.#targets(scaler, book)))
      .map(({ name, text }) => ({ reference: `hpa/${name}`, text }));
    const none = { endingOld: 0, newAvailable: null, createFailure: null, analyses: [] };
    const jobs = [...this.jobs.values()]
      .filter(({ uid }) => !this.workloads.some(({ workload }) => workload?.uid === uid))
      .map((job) => ({ reference: `job/${job.name}`, text: jobRollout(job, none).text }));
    return [...scalers, ...jobs].sort((left, right) => (left.reference < right.reference ? -1 : 1));
  }
}

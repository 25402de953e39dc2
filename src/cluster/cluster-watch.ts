import type { ClusterFacts } from '../gates/workload.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterWatch } from '../ports/cluster.ts';
import type { ApiConnection } from './api/connection.ts';
import { countLogs } from './api/count-logs.ts';
import { followLogs } from './api/logs.ts';
import type { KnownPods } from './api/pods-worth-reading.ts';
import { describeObject } from './describe.ts';
import { ClusterBook } from './facts/cluster-book.ts';
import { PodTable } from './facts/pod-table.ts';
import { workloadReference } from './facts/references.ts';
import { seenEvent } from './facts/seen-event.ts';
import { seenScaler } from './facts/seen-others.ts';
import { seenPod } from './facts/seen-pod.ts';
import { SelectionBook } from './facts/selection-book.ts';
import { countedSkew } from './facts/skew.ts';
import type { LastSeen } from './facts/spec-book.ts';
import { WorkloadBook } from './facts/workload-book.ts';
import { storeWorkloads } from './store-workloads.ts';
import { mapStore, sharedStore, WatchGroup } from './watch-group.ts';
import { compareWithLastSeen, type WorkloadWatching, watchWorkload } from './watch-workload.ts';

const tickMs = 1_000;
const leastPauseMs = 100;
/** Looking takes at most a tenth of the time. */
const pausesPerLook = 9;
/** The wall clock went otherwise than the awake time: the machine slept, or somebody set it. */
const jumpMs = 5_000;

export interface ClusterWatchOptions {
  readonly connection: ApiConnection;
  readonly namespace: string;
  /** `deployment/checkout`; kinds and short names as kubectl takes them. */
  readonly workloads: readonly string[];
  /** Restarts since then count, UTC ms. */
  readonly runBeganAt: number;
  readonly clock: Clock;
  /** By an earlier process of the run, by workload. */
  readonly lastSeen?: Readonly<Record<string, LastSeen>>;
}

/** Keeps the facts of a book fresh: after changes, and every second while time alone may change them. */
class Facts {
  readonly #book: ClusterBook;
  readonly #clock: Clock;
  readonly #skew: () => number | null;
  readonly #listeners = new Set<() => void>();
  readonly #stops: (() => void)[];
  #facts: ClusterFacts;
  #isRestless = true;
  #isDue = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #pauseMs = leastPauseMs;
  #isStopped = false;

  constructor(book: ClusterBook, clock: Clock, skew: () => number | null) {
    this.#book = book;
    this.#clock = clock;
    this.#skew = skew;
    this.#facts = book.facts(clock.now(), skew()).facts;
    this.#stops = [clock.every(tickMs, () => this.#isRestless && this.changed())];
  }

  get current(): ClusterFacts {
    return this.#facts;
  }

  changed(): void {
    if (this.#isDue || this.#isStopped) return;
    this.#isDue = true;
    const since = this.#clock.monotonic() - this.#lookedAt;
    this.#stops[1] = this.#clock.after(Math.max(0, Math.min(this.#pauseMs, this.#pauseMs - since)), () => this.look());
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#isStopped = true;
    for (const stop of this.#stops) stop();
    this.#listeners.clear();
  }

  /** At once. */
  look(): void {
    if (this.#isStopped) return;
    this.#isDue = false;
    const from = this.#clock.monotonic();
    const { facts, isRestless } = this.#book.facts(this.#clock.now(), this.#skew());
    this.#facts = facts;
    this.#isRestless = isRestless;
    this.#lookedAt = this.#clock.monotonic();
    this.#pauseMs = Math.max(leastPauseMs, pausesPerLook * (this.#lookedAt - from));
    for (const listener of this.#listeners) listener();
  }
}

const doubtOnJumps = (clock: Clock, doubt: () => void): (() => void) => {
  let [now, awake] = [clock.now(), clock.monotonic()];
  return clock.every(tickMs, () => {
    const drift = clock.now() - now - (clock.monotonic() - awake);
    [now, awake] = [clock.now(), clock.monotonic()];
    if (Math.abs(drift) > jumpMs) doubt();
  });
};

const watchNamespace = (group: WatchGroup, book: ClusterBook, namespace: string): void => {
  const encoded = encodeURIComponent(namespace);
  const warnings = {
    path: `/api/v1/namespaces/${encoded}/events`,
    labelSelector: null,
    fieldSelector: 'type=Warning',
  };
  group.watch('warnings', warnings, seenEvent, sharedStore(book.events));
  if (book.workloads.length === 0) return;
  const path = `/apis/autoscaling/v2/namespaces/${encoded}/horizontalpodautoscalers`;
  group.watch('scalers', { path, labelSelector: null, fieldSelector: null }, seenScaler, mapStore(book.scalers));
};

/** Watches the workloads of a run in one namespace until `close`. Throws ExpectedError for a kind it cannot watch. */
export const createClusterWatch = (options: ClusterWatchOptions): ClusterWatch => {
  const { connection, namespace, runBeganAt, clock, lastSeen = {} } = options;
  const references = options.workloads.map(workloadReference);
  const books = references.map(
    (wanted) => new WorkloadBook(wanted, namespace, runBeganAt, new PodTable(), lastSeen[wanted.reference] ?? null),
  );
  const book = new ClusterBook(books, runBeganAt);
  const facts = new Facts(book, clock, () => connection.clockSkewMs());
  const skewMs = (): number => countedSkew(connection.clockSkewMs());
  const group = new WatchGroup(connection, clock, () => facts.changed());
  const watching: WorkloadWatching = { group, book, clock, skewMs };
  for (const workload of books) watchWorkload(watching, workload);
  watchNamespace(group, book, namespace);
  const stopDoubts = doubtOnJumps(clock, () => group.doubt());
  const select = (selector: string): void => {
    if (book.selections.has(selector)) return;
    const selection = new SelectionBook();
    book.selections.set(selector, selection);
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
    group.watch(`selection ${selector}`, { path, labelSelector: selector, fieldSelector: null }, seenPod, {
      put: (pod) => selection.pods.put(pod, clock.now() + skewMs()),
      remove: (uid) => selection.pods.remove(uid),
      keepOnly: (uids) => selection.pods.keepOnly(uids),
      health: (health) => {
        selection.health = health;
      },
    });
    facts.changed();
  };
  const knownPods: KnownPods = {
    of: (selector, provenFrom) => {
      const selection = book.selections.get(selector);
      if (selection?.health.state !== 'live') return null;
      // A stream that died silently still looks live for a while, and does not know what a change has made.
      if (provenFrom !== null && (selection.health.provenAt ?? Number.NEGATIVE_INFINITY) < provenFrom) return null;
      return { rows: selection.pods.rows.values(), others: selection.pods.counted.size };
    },
    tooMany: select,
    isNew: (pod) => book.isNewPod(pod),
  };
  return {
    facts: () => facts.current,
    onChange: (listener) => facts.onChange(listener),
    select,
    noteOwnChange: (change) => book.noteOwnChange(change),
    compareWithLastSeen: () => {
      compareWithLastSeen(watching);
      facts.look();
    },
    proveSince: (time) => group.proveSince(time),
    logs: (request, sink) => followLogs(connection, request, sink),
    countLogs: (request, signal) => countLogs(connection, namespace, request, signal, knownPods),
    describe: (reference) => describeObject(connection, namespace, reference, clock.now() + skewMs()),
    store: () => storeWorkloads(connection, namespace, references),
    close: async () => {
      stopDoubts();
      group.stop();
      facts.stop();
    },
  };
};

import type { SourceHealth } from '../gates/workload.ts';
import type { Clock } from '../ports/clock.ts';
import type { ApiConnection } from './api/connection.ts';
import type { ResourceQuery, ResourceWatch, WatchedRow } from './api/resource.ts';
import { watchResource } from './api/resource-watch.ts';

/** Where the rows of one watch are kept. */
export interface RowStore<Row extends WatchedRow> {
  put(row: Row): void;
  remove(uid: string): void;
  keepOnly(uids: ReadonlySet<string>): void;
  health?(health: SourceHealth): void;
}

/** A map by uid as a store. */
export const mapStore = <Row extends WatchedRow>(rows: Map<string, Row>): RowStore<Row> => ({
  put: (row) => rows.set(row.uid, row),
  remove: (uid) => rows.delete(uid),
  keepOnly: (uids) => {
    for (const uid of rows.keys()) if (!uids.has(uid)) rows.delete(uid);
  },
});

/** A store that several watches fill: a list of one of them says nothing of the rows of the others. */
export const sharedStore = <Row extends WatchedRow>(store: {
  put(row: Row): void;
  remove(uid: string): void;
}): RowStore<Row> => {
  const known = new Set<string>();
  const remove = (uid: string): void => {
    known.delete(uid);
    store.remove(uid);
  };
  return {
    put: (row) => {
      known.add(row.uid);
      store.put(row);
    },
    remove,
    keepOnly: (uids) => {
      for (const uid of known) if (!uids.has(uid)) remove(uid);
    },
  };
};

interface Watching {
  readonly query: string;
  readonly watch: ResourceWatch;
  readonly isJudged: boolean;
}

/** Watches that begin and end by their names, and say when something has changed. */
export class WatchGroup {
  readonly #connection: ApiConnection;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #watches = new Map<string, Watching>();

  constructor(connection: ApiConnection, clock: Clock, changed: () => void) {
    this.#connection = connection;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Begins the watch; one of the same name and query goes on, one of another query is ended and emptied. */
  watch<Row extends WatchedRow>(
    name: string,
    query: ResourceQuery,
    project: (object: unknown) => Row | null,
    store: RowStore<Row>,
  ): void {
    const text = JSON.stringify(query);
    const known = this.#watches.get(name);
    if (known?.query === text) return;
    if (known !== undefined) {
      known.watch.stop();
      store.keepOnly(new Set());
    }
    const tell =
      <Value>(call: (value: Value) => void) =>
      (value: Value): void => {
        call(value);
        this.#changed();
      };
    const sink = {
      page: tell((rows: readonly Row[]) => {
        for (const row of rows) store.put(row);
      }),
      listed: tell((uids: ReadonlySet<string>) => store.keepOnly(uids)),
      put: tell((row: Row) => store.put(row)),
      remove: tell((uid: string) => store.remove(uid)),
      health: tell((health: SourceHealth) => store.health?.(health)),
    };
    const watch = watchResource(this.#connection, query, project, sink, this.#clock);
    this.#watches.set(name, { query: text, watch, isJudged: store.health !== undefined });
  }

  doubt(): void {
    for (const { watch } of this.#watches.values()) watch.doubt();
  }

  /** Of the watches whose health is kept: nobody judges by the others. */
  proveSince(time: number): void {
    for (const { watch, isJudged } of this.#watches.values()) if (isJudged) watch.proveSince(time);
  }

  stop(): void {
    for (const { watch } of this.#watches.values()) watch.stop();
    this.#watches.clear();
  }
}

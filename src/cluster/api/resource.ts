import type { SourceHealth } from '../../gates/workload.ts';

/** One collection of one kind, by selector. */
export interface ResourceQuery {
  /** `/api/v1/namespaces/shop/pods`. */
  readonly path: string;
  readonly labelSelector: string | null;
  readonly fieldSelector: string | null;
}

export interface WatchedRow {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Where the rows of one watch go. Nothing is called after `stop`. */
export interface ResourceSink<Row extends WatchedRow> {
  /** Rows of a list: page by page in the first, all at once and followed by `listed` when it is listed again. */
  page(rows: readonly Row[]): void;
  /** After every list: exactly these exist; anything else is gone. */
  listed(uids: ReadonlySet<string>): void;
  put(row: Row): void;
  remove(uid: string): void;
  /** On every change of it, and at most once a second while only `freshAt` moves on. */
  health(health: SourceHealth): void;
}

export interface ResourceWatch {
  /** Something may have been missed (the clock jumped, the machine slept): asks the server now, whatever it waits for. */
  doubt(): void;
  /** What was read before `time` (UTC ms) proves nothing: asks for everything once more, as soon as it is that time. */
  proveSince(time: number): void;
  stop(): void;
}

import { setImmediate } from 'node:timers/promises';
import { notKubernetes } from './answer-problem.ts';
import { ApiProblem } from './api-problem.ts';
import type { ListPage } from './list-pages.ts';
import type { ResourceSink, WatchedRow } from './resource.ts';
import { auditOfAll, auditOfOne, type RowAudit } from './row-audit.ts';
import { compareVersions, Versions } from './versions.ts';
import { metaOf, type WatchEvent } from './watch-events.ts';

/** Turns the objects of lists and watches into rows for a sink, each once and in the order of their versions. */
export class RowBook<Row extends WatchedRow> {
  readonly #project: (object: unknown) => Row | null;
  readonly #sink: ResourceSink<Row>;
  readonly #versions = new Versions();
  #hasListed = false;
  #version: string | null = null;
  /** The object that a probe asks for. */
  #sample: { readonly uid: string; readonly name: string } | null = null;

  constructor(project: (object: unknown) => Row | null, sink: ResourceSink<Row>) {
    this.#project = project;
    this.#sink = sink;
  }

  /** From where to watch; null = a list is needed. */
  get version(): string | null {
    return this.#version;
  }

  get size(): number {
    return this.#versions.size;
  }

  /** Name that a probe asks for: of an object that is known, else one that need not exist. */
  get probeName(): string {
    return this.#sample?.name ?? 'gonogo';
  }

  /** The next thing to do is a list; the rows stay until it is complete. */
  distrust(): void {
    this.#version = null;
  }

  /** The row of an object of a list; null for one that does not belong. */
  read(object: unknown): Row | null {
    const row = this.row(object);
    const { name } = metaOf(object);
    if (row !== null && name !== null) this.#sample = { uid: row.uid, name };
    return row;
  }

  /** Takes the rows of a whole list. `alive` is called for every page; false ends it. */
  async list(pages: AsyncIterable<ListPage<Row | null>>, alive: () => boolean): Promise<void> {
    const all: Row[] = [];
    let version: string | null = null;
    for await (const page of pages) {
      if (!alive()) return;
      const rows = page.items.filter((row) => row !== null);
      for (const row of rows) all.push(row);
      if (!this.#hasListed) this.#sink.page(rows);
      version = page.resourceVersion;
      await setImmediate();
    }
    if (version === null || !alive()) return;
    if (this.#hasListed) this.#sink.page(all);
    this.#hasListed = true;
    this.#version = version;
    this.#versions.replace(all);
    if (this.#sample !== null && !this.#versions.has(this.#sample.uid)) this.#sample = null;
    this.#sink.listed(new Set(all.map(({ uid }) => uid)));
  }

  apply(event: WatchEvent): void {
    if (event.type === 'BOOKMARK') {
      if (event.resourceVersion !== null) this.#advance(event.resourceVersion);
      return;
    }
    const { uid, name, resourceVersion } = metaOf(event.object);
    if (uid === null || resourceVersion === null) throw notKubernetes('an event without uid or version');
    this.#advance(resourceVersion);
    if (event.type === 'DELETED') return this.#remove(uid, resourceVersion);
    if (!this.#versions.isNewer(uid, resourceVersion)) return;
    const row = this.row(event.object);
    if (row === null) return this.#remove(uid, null);
    this.#versions.note(uid, resourceVersion);
    if (name !== null) this.#sample = { uid, name };
    this.#sink.put(row);
  }

  /** As `read`, of an object that is only looked at. */
  row(object: unknown): Row | null {
    try {
      return this.#project(object);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new ApiProblem({ kind: 'invalid', because: `an object of the cluster is not understood: ${said}`, cause });
    }
  }

  /** Asks after everything, beside the stream: begin it before its first page is asked for. */
  auditAll(pages: AsyncIterable<ListPage<Row | null>>): Promise<RowAudit> {
    return auditOfAll(this.#versions, this.#version, pages);
  }

  /** Asks after the one object of `probeName`. */
  auditOne(page: Promise<ListPage>): Promise<RowAudit> {
    return auditOfOne(this.#versions, this.#version, this.#sample?.uid ?? null, page, (object) => this.row(object));
  }

  #advance(version: string): void {
    const order = this.#version === null ? null : compareVersions(version, this.#version);
    if (order === null || order > 0) this.#version = version;
  }

  #remove(uid: string, version: string | null): void {
    if (this.#sample?.uid === uid) this.#sample = null;
    if (this.#versions.drop(uid, version)) this.#sink.remove(uid);
  }
}

import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import { ApiProblem, isApiProblem } from './api-problem.ts';
import { Backoff } from './backoff.ts';
import type { ApiConnection, ListReading } from './connection.ts';
import { listMaxBytes, listPages, pageOf, queryPath } from './list-pages.ts';
import { Pauses } from './pauses.ts';
import { deniedWords, isVersionRefused } from './refusals.ts';
import type { ResourceQuery, ResourceSink, ResourceWatch, WatchedRow } from './resource.ts';
import { RowBook } from './row-book.ts';
import { SourceState } from './source-state.ts';
import { watchEvents } from './watch-events.ts';

const tickMs = 1_000;
/** Silence after which the server is asked whether it is there. */
const probeAfterMs = 20_000;
/** API servers send a bookmark once a minute: a stream that misses one is opened anew, from where it stood. */
const quietStreamMs = 90_000;
/** Two empty watches that end within it: the version is no good, whatever the server says. */
const quickCloseMs = 2_000;
const deniedMs = 60_000;
const expiredMs = 30_000;
/** Lists and probes that fail again and again are not asked for in a tight circle. */
const relistRestMs = 120_000;
const answerMs = 5_000;
const longestAnswerMs = 30_000;
const eventsPerTurn = 32;

class ListWatch<Row extends WatchedRow> implements ResourceWatch {
  readonly #connection: ApiConnection;
  readonly #query: ResourceQuery;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #book: RowBook<Row>;
  readonly #state: SourceState;
  readonly #backoff: Backoff;
  readonly #pauses: Pauses;
  readonly #stopping = new AbortController();
  /** The stream that is open, and why we end it: a problem, or null to open it anew. */
  #stream: AbortController | null = null;
  /** The server took the watch; one that is being opened has its own time limit and is nobody's to end. */
  #isOpen = false;
  #interruption: { readonly problem: ApiProblem | null } | null = null;
  #lineAt = 0;
  #isProbing = false;
  #noProbeBefore = 0;
  #isAsked = false;
  #emptyCloseAt: number | null = null;
  #relistedAt: number | null = null;
  #listMs = answerMs;

  constructor(
    connection: ApiConnection,
    query: ResourceQuery,
    project: (object: unknown) => Row | null,
    sink: ResourceSink<Row>,
    clock: Clock,
    random: () => number,
  ) {
    this.#connection = connection;
    this.#query = query;
    this.#clock = clock;
    this.#random = random;
    this.#book = new RowBook(project, sink);
    this.#state = new SourceState(clock, (health) => {
      if (!this.#isStopped) sink.health(health);
    });
    this.#backoff = new Backoff(random);
    this.#pauses = new Pauses(clock);
  }

  doubt(): void {
    if (this.#isStopped) return;
    this.#state.doubt();
    this.#interrupt(null);
    this.#pauses.endAll();
  }

  ask(): void {
    this.#isAsked = true;
  }

  stop(): void {
    this.#stopping.abort();
    this.#stream?.abort();
    this.#pauses.endAll();
  }

  async run(): Promise<void> {
    const endTicks = this.#clock.every(tickMs, () => this.#tick());
    try {
      while (!this.#isStopped) {
        try {
          if (this.#book.version === null) await this.#list();
          if (!this.#isStopped) await this.#watch();
        } catch (error) {
          await this.#recover(error);
        }
      }
    } finally {
      endTicks();
    }
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #list(): Promise<void> {
    const { signal } = this.#stopping;
    const get = (path: string, list: ListReading): Promise<unknown> =>
      this.#patiently(() =>
        this.#connection.getJson(path, { signal, timeoutMs: this.#listMs, maxBytes: listMaxBytes, list }),
      );
    const pages = listPages(this.#query, (object) => this.#book.read(object), get);
    try {
      await this.#book.list(pages, () => {
        if (!this.#isStopped) this.#state.sign();
        return !this.#isStopped;
      });
    } catch (error) {
      // A large list of a slow server would otherwise be begun again for ever.
      if (isApiProblem(error, 'timeout')) this.#listMs = Math.min(longestAnswerMs, this.#listMs * 2);
      throw error;
    }
  }

  async #watch(): Promise<void> {
    const openedAt = this.#clock.monotonic();
    const path = queryPath(this.#query, {
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#book.version,
      timeoutSeconds: String(300 + Math.floor(this.#random() * 301)),
    });
    const stream = new AbortController();
    this.#stream = stream;
    this.#interruption = null;
    this.#lineAt = openedAt;
    let events = 0;
    try {
      const chunks = await this.#patiently(() => this.#connection.stream(path, { signal: stream.signal }));
      this.#opened();
      for await (const event of watchEvents(chunks)) {
        if (this.#isStopped) return;
        this.#lineAt = this.#clock.monotonic();
        this.#book.apply(event);
        this.#state.sign();
        events += 1;
        if (events % eventsPerTurn === 0) await setImmediate();
      }
    } finally {
      this.#stream = null;
      this.#isOpen = false;
    }
    if (events === 0) await this.#closedEmpty(openedAt);
    else this.#emptyCloseAt = null;
  }

  #opened(): void {
    this.#isOpen = true;
    this.#lineAt = this.#clock.monotonic();
    this.#backoff.succeeded(this.#lineAt);
    this.#state.live();
  }

  /** The server ended the watch without a word: once is usual, twice in a row is not. */
  async #closedEmpty(openedAt: number): Promise<void> {
    const now = this.#clock.monotonic();
    const previous = this.#emptyCloseAt;
    this.#emptyCloseAt = now - openedAt < quickCloseMs ? now : null;
    if (previous === null || now - previous >= quickCloseMs) return;
    this.#emptyCloseAt = null;
    await this.#listAgain();
  }

  /** At once the first time, then with the waits of a failure. */
  async #listAgain(): Promise<void> {
    const now = this.#clock.monotonic();
    const isRepeated = this.#relistedAt !== null && now - this.#relistedAt < relistRestMs;
    this.#relistedAt = now;
    this.#book.distrust();
    if (isRepeated) await this.#pauses.wait(this.#backoff.failed(now));
  }

  /** 429 is neither a failure nor a reason to list again: the same question, when the server wants it. */
  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isApiProblem(error, 'throttled') || this.#isStopped) throw error;
        this.#state.failed(error);
        await this.#pauses.wait(error.retryAfterMs ?? this.#backoff.failed(this.#clock.monotonic()));
      }
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#isStopped) return;
    if (!(error instanceof ApiProblem)) throw error;
    const interruption = this.#interruption;
    this.#interruption = null;
    // Ended by nobody here: the connection itself was closed.
    if (error.kind === 'aborted' && interruption === null) return this.stop();
    const problem = error.kind === 'aborted' ? (interruption?.problem ?? null) : error;
    if (problem !== null) await this.#waitOut(problem);
  }

  async #waitOut(problem: ApiProblem): Promise<void> {
    switch (problem.kind) {
      case 'gone':
        return this.#listAgain();
      case 'forbidden':
        this.#state.failed(deniedWords(problem, this.#query));
        return this.#pauses.wait(deniedMs);
      case 'unauthorized':
        this.#state.failed(problem);
        return this.#pauses.wait(expiredMs);
      case 'not-found':
        this.#book.distrust();
        this.#state.failed(problem);
        return this.#pauses.wait(expiredMs);
      default:
        if (isVersionRefused(problem)) this.#book.distrust();
        this.#state.failed(problem);
        return this.#pauses.wait(this.#backoff.failed(this.#clock.monotonic()));
    }
  }

  #interrupt(problem: ApiProblem | null): void {
    if (!this.#isOpen) return;
    this.#interruption = { problem };
    this.#stream?.abort();
  }

  #tick(): void {
    if (this.#isStopped) return;
    this.#state.tick();
    if (!this.#isOpen || this.#isProbing) return;
    const now = this.#clock.monotonic();
    if (now - this.#lineAt >= quietStreamMs) return this.#interrupt(null);
    const isSilent = (this.#state.silence() ?? 0) >= probeAfterMs;
    if ((isSilent || this.#isAsked) && now >= this.#noProbeBefore) void this.#probe();
  }

  /** One object by its name: a single read for the server, and of a watch of one object the whole truth. */
  async #probe(): Promise<void> {
    const stream = this.#stream;
    const version = this.#book.version;
    const name = `metadata.name=${this.#book.probeName}`;
    const fieldSelector = this.#query.fieldSelector === null ? name : `${this.#query.fieldSelector},${name}`;
    const isMoot = (): boolean => this.#isStopped || this.#stream !== stream || this.#book.version !== version;
    this.#isProbing = true;
    this.#isAsked = false;
    try {
      const path = queryPath({ ...this.#query, fieldSelector }, { limit: '1' });
      const page = pageOf(await this.#connection.getJson(path, { signal: this.#stopping.signal, timeoutMs: answerMs }));
      if (isMoot()) return;
      this.#state.sign();
      if (this.#book.isAhead(page)) this.#book.distrust();
      else if (!this.#book.hasMissed(page)) return;
      this.#interrupt(null);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (isMoot()) return;
      if (error.kind !== 'throttled') return this.#interrupt(error);
      this.#noProbeBefore = this.#clock.monotonic() + (error.retryAfterMs ?? 1_000);
    } finally {
      this.#isProbing = false;
    }
  }
}

/**
 * Lists a collection and watches it from there, through every fault, until `stop`.
 * @param project the row of an object, null for one that does not belong; the object is not kept
 */
export const watchResource = <Row extends WatchedRow>(
  connection: ApiConnection,
  query: ResourceQuery,
  project: (object: unknown) => Row | null,
  sink: ResourceSink<Row>,
  clock: Clock,
  random: () => number = Math.random,
): ResourceWatch => {
  const watch = new ListWatch(connection, query, project, sink, clock, random);
  void watch.run();
  return watch;
};

import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import { ApiProblem, isApiProblem } from './api-problem.ts';
import { Backoff } from './backoff.ts';
import type { ApiConnection, ListReading } from './connection.ts';
import { listMaxBytes, listPages, queryPath } from './list-pages.ts';
import { Patience } from './patience.ts';
import { Pauses } from './pauses.ts';
import { Probe } from './probe.ts';
import { deniedWords, isVersionRefused } from './refusals.ts';
import type { ResourceQuery, ResourceSink, ResourceWatch, WatchedRow } from './resource.ts';
import { RowBook } from './row-book.ts';
import { SourceState } from './source-state.ts';
import { watchEvents } from './watch-events.ts';

const tickMs = 1_000;
/** API servers send a bookmark once a minute: a stream that misses one is opened anew, from where it stood. */
const quietStreamMs = 90_000;
/** Two empty watches that end within it: the version is no good, whatever the server says. */
const quickCloseMs = 2_000;
const deniedMs = 60_000;
const expiredMs = 30_000;
/** Lists and probes that fail again and again are not asked for in a tight circle. */
const relistRestMs = 120_000;
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
  readonly #patience = new Patience();
  readonly #probe: Probe<Row>;
  readonly #stopping = new AbortController();
  /** The stream that is open, and why we end it: a problem, or null to open it anew. */
  #stream: AbortController | null = null;
  /** The server took the watch; one that is being opened has its own time limit and is nobody's to end. */
  #isOpen = false;
  /** It has delivered something: one of many rows is believed from then on, while bookmarks come. */
  #hasSpoken = false;
  #interruption: { readonly problem: ApiProblem | null } | null = null;
  #lineAt = 0;
  #emptyCloseAt: number | null = null;
  #relistedAt: number | null = null;

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
    const { signal } = this.#stopping;
    const [book, state, patience] = [this.#book, this.#state, this.#patience];
    this.#probe = new Probe({ connection, query, clock, signal, book, state, patience });
  }

  doubt(): void {
    if (this.#isStopped) return;
    this.#state.doubt();
    this.#interrupt(null);
    this.#pauses.endAll();
  }

  proveSince(time: number): void {
    this.#probe.proveSince(time);
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
    const askedAt = this.#clock.now();
    const get = (path: string, list: ListReading): Promise<unknown> =>
      this.#patiently(() =>
        this.#patience.ask((timeoutMs) =>
          this.#connection.getJson(path, { signal, timeoutMs, maxBytes: listMaxBytes, list }),
        ),
      );
    const pages = listPages(this.#query, (object) => this.#book.read(object), get);
    // Pages of a list that never ends show nothing of the rows.
    await this.#book.list(pages, () => !this.#isStopped);
    if (!this.#isStopped) this.#state.proved(askedAt);
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
        this.#hasSpoken = true;
        this.#state.heard();
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
    this.#hasSpoken = false;
    this.#state.opened();
    if (this.#state.isShown) return;
    this.#probe.ask();
    this.#probeIfDue();
  }

  /** The server ended the watch without a word: once is usual, twice in a row is not. */
  async #closedEmpty(openedAt: number): Promise<void> {
    const now = this.#clock.monotonic();
    const previous = this.#emptyCloseAt;
    this.#emptyCloseAt = now - openedAt < quickCloseMs ? now : null;
    if (previous === null || now - previous >= quickCloseMs) return;
    this.#emptyCloseAt = null;
    if (this.#isJustListed()) this.#state.muted();
    await this.#listAgain();
  }

  #isJustListed(): boolean {
    return this.#relistedAt !== null && this.#clock.monotonic() - this.#relistedAt < relistRestMs;
  }

  /** At once the first time, then with the waits of a failure. */
  async #listAgain(): Promise<void> {
    const now = this.#clock.monotonic();
    const isRepeated = this.#isJustListed();
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
    if (!this.#isOpen || this.#probe.isUnderWay) return;
    const now = this.#clock.monotonic();
    if (now - this.#lineAt >= quietStreamMs) return this.#interrupt(null);
    this.#probeIfDue();
  }

  #probeIfDue(): void {
    if (this.#isOpen && this.#probe.isDue) void this.#compare();
  }

  /** What the stream has told with what the server says beside it. */
  async #compare(): Promise<void> {
    const stream = this.#stream;
    const isMoot = (): boolean => this.#isStopped || !this.#isOpen || this.#stream !== stream;
    const found = await this.#probe.compare(this.#hasSpoken, isMoot);
    if (found instanceof ApiProblem) this.#interrupt(found);
    else if (found !== 'same') this.#distrust(found);
    // Another stream may have been opened meanwhile, and nothing is known of it.
    if (!this.#isStopped && this.#stream !== stream) this.#probeIfDue();
  }

  /** The rows are not the server's: they are read anew. A stream that should have told is believed no more. */
  #distrust(because: 'missed' | 'put-back'): void {
    if (because === 'missed') this.#state.muted();
    this.#book.distrust();
    this.#interrupt(null);
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

import type { Clock } from '../../ports/clock.ts';
import { ApiProblem } from './api-problem.ts';
import type { ApiConnection, ListReading } from './connection.ts';
import { listMaxBytes, listPages, pageOf, queryPath } from './list-pages.ts';
import type { Patience } from './patience.ts';
import { Pauses } from './pauses.ts';
import type { ResourceQuery, WatchedRow } from './resource.ts';
import type { RowAudit } from './row-audit.ts';
import type { RowBook } from './row-book.ts';
import type { SourceState } from './source-state.ts';

/** Silence after which the server is asked whether it is there, and whether the rows are its own. */
const probeAfterMs = 20_000;
/** What the server knows by now, a stream that works has told by then. */
const arrivesMs = 2_000;
/** So many rows (pods of 11 KB: about 550 KB) are asked for as a whole after every silence. */
const wholeRows = 50;
const pageRows = 200;

export interface ProbeParts<Row extends WatchedRow> {
  readonly connection: ApiConnection;
  readonly query: ResourceQuery;
  readonly clock: Clock;
  /** Ends every question, and every wait. */
  readonly signal: AbortSignal;
  readonly book: RowBook<Row>;
  readonly state: SourceState;
  readonly patience: Patience;
}

/**
 * Questions beside an open stream. That a stream is open, or that the server answers, shows nothing of the rows: they
 * are compared with what the server says.
 */
export class Probe<Row extends WatchedRow> {
  readonly #parts: ProbeParts<Row>;
  readonly #pauses: Pauses;
  #isUnderWay = false;
  #isAsked = false;
  #notBefore = 0;
  /** What was read before it counts no more, UTC ms. */
  #proofFrom = Number.NEGATIVE_INFINITY;

  constructor(parts: ProbeParts<Row>) {
    this.#parts = parts;
    this.#pauses = new Pauses(parts.clock);
    parts.signal.addEventListener('abort', () => this.#pauses.endAll(), { once: true });
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  get isDue(): boolean {
    const { clock, state } = this.#parts;
    if (this.#isUnderWay || clock.monotonic() < this.#notBefore) return false;
    return this.#isAsked || this.#isProofDue || (state.silence() ?? 0) >= probeAfterMs;
  }

  /** It is due at once. */
  ask(): void {
    this.#isAsked = true;
  }

  /** @param time UTC ms */
  proveSince(time: number): void {
    this.#proofFrom = time;
  }

  /**
   * Tells the state what is proven. `missed`: the server knows what the stream has not told, though it had the time.
   * @param isMoot another stream is open by now, or none
   */
  async compare(hasSpoken: boolean, isMoot: () => boolean): Promise<'same' | 'missed' | 'put-back' | ApiProblem> {
    const { book, clock, state } = this.#parts;
    // Many rows are dear to read: a stream that speaks is believed about those that are not asked for.
    const isWhole = book.size <= wholeRows || !hasSpoken || this.#isProofDue;
    const askedAt = clock.now();
    this.#isUnderWay = true;
    this.#isAsked = false;
    try {
      const audit = await (isWhole ? this.#all() : this.#one());
      if (isMoot()) return 'same';
      if (audit.isPutBack) return 'put-back';
      if (audit.hasMissed()) await this.#pauses.wait(arrivesMs);
      if (isMoot()) return 'same';
      if (audit.hasMissed()) return 'missed';
      if (isWhole) state.proved(askedAt);
      else state.answered();
      return 'same';
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (isMoot()) return 'same';
      if (error.kind !== 'throttled') return error;
      this.#notBefore = clock.monotonic() + (error.retryAfterMs ?? 1_000);
      return 'same';
    } finally {
      this.#isUnderWay = false;
    }
  }

  get #isProofDue(): boolean {
    const { clock, state } = this.#parts;
    return clock.now() >= this.#proofFrom && (state.provenAt ?? Number.NEGATIVE_INFINITY) < this.#proofFrom;
  }

  #all(): Promise<RowAudit> {
    const { connection, query, signal, book, patience } = this.#parts;
    const get = (path: string, list: ListReading): Promise<unknown> =>
      patience.ask((timeoutMs) => connection.getJson(path, { signal, timeoutMs, maxBytes: listMaxBytes, list }));
    return book.auditAll(listPages(query, (object) => book.row(object), get, pageRows));
  }

  /** One object by its name: a single read for the server, and no more than a sign that it is there. */
  #one(): Promise<RowAudit> {
    const { connection, query, signal, book, patience } = this.#parts;
    const name = `metadata.name=${book.probeName}`;
    const fieldSelector = query.fieldSelector === null ? name : `${query.fieldSelector},${name}`;
    const path = queryPath({ ...query, fieldSelector }, { limit: '1' });
    return book.auditOne(patience.ask((timeoutMs) => connection.getJson(path, { signal, timeoutMs })).then(pageOf));
  }
}

import type { MetricQuestion, MetricReading, ScalarAnswer } from '../../src/gates/metric.ts';
import type { MetricsSource, SeriesRequest } from '../../src/ports/metrics.ts';

export const value = (number: number): ScalarAnswer => ({ kind: 'value', value: number });
export const refused: ScalarAnswer = { kind: 'fault', because: 'connection refused' };
export const empty: ScalarAnswer = { kind: 'missing', missing: 'empty' };

export const reading = (change: Partial<MetricReading> = {}): MetricReading => ({
  at: 0,
  value: value(0),
  stable: null,
  traffic: null,
  age: { kind: 'known', ms: 5_000 },
  stableAge: null,
  counts: null,
  warnings: [],
  infos: [],
  ...change,
});

/** A metrics server in memory: what it says is told, and what it was asked is kept. */
export class MetricsDouble implements MetricsSource {
  readonly name = 'prometheus.example.com';
  readonly asked: MetricQuestion[] = [];
  readonly ranges: SeriesRequest[] = [];
  readonly open: { readonly question: MetricQuestion; readonly signal: AbortSignal }[] = [];
  skew: number | null = 0;
  closed = false;
  /** Answers by query; one that is not here is empty. */
  readonly answers = new Map<string, ScalarAnswer | (() => ScalarAnswer)>();
  /** While set, nothing is answered. */
  holds = false;
  change: Partial<MetricReading> = {};
  past: (request: SeriesRequest) => readonly (number | null)[] = () => [];
  readonly #now: () => number;

  constructor(now: () => number, answers: Readonly<Record<string, ScalarAnswer>> = {}) {
    this.#now = now;
    for (const [query, answer] of Object.entries(answers)) this.answers.set(query, answer);
  }

  #answer(query: string | null): ScalarAnswer | null {
    if (query === null) return null;
    const found = this.answers.get(query) ?? empty;
    return typeof found === 'function' ? found() : found;
  }

  async read(question: MetricQuestion, signal: AbortSignal): Promise<MetricReading> {
    this.asked.push(question);
    const at = this.#now();
    if (this.holds) {
      this.open.push({ question, signal });
      return new Promise(() => undefined);
    }
    const own = this.#answer(question.query) ?? empty;
    const age = own.kind === 'fault' ? own : ({ kind: 'known', ms: 5_000 } as const);
    return reading({
      at,
      value: own,
      stable: this.#answer(question.stable),
      traffic: this.#answer(question.traffic),
      age,
      ...this.change,
    });
  }

  async series(request: SeriesRequest): Promise<Awaited<ReturnType<MetricsSource['series']>>> {
    this.ranges.push(request);
    return { from: request.from, stepMs: request.stepMs, values: this.past(request), warnings: [] };
  }

  skewSeconds = (): number | null => this.skew;

  close = async (): Promise<void> => {
    this.closed = true;
  };
}

import type { MetricQuestion, MetricReading } from '../gates/metric.ts';

/** Values of one query at even steps. */
export interface SeriesRequest {
  readonly query: string;
  /** UTC ms. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

export interface Series {
  /** UTC ms of the first value; the others follow at `stepMs`. */
  readonly from: number;
  readonly stepMs: number;
  /** Null where the server had no finite value. */
  readonly values: readonly (number | null)[];
  readonly warnings: readonly string[];
}

/** One metrics server, asked for this run. Source: 30-gates, "Samples"; bad-inputs, network table. */
export interface MetricsSource {
  /** Host and port as people know it: `prometheus.example.com`; whose death is acknowledged. */
  readonly name: string;
  /** Never rejects: faults are part of the reading. All queries of a question have the same evaluation time. */
  read(question: MetricQuestion, signal: AbortSignal): Promise<MetricReading>;
  /** Rejects with `ExpectedError`. At most 11,000 steps. */
  series(request: SeriesRequest, signal: AbortSignal): Promise<Series>;
  /** Seconds that the server's clock is ahead of ours, as of the last answer; null = not known. */
  skewSeconds(): number | null;
  close(): Promise<void>;
}

import type { MetricQuestion, MetricReading } from '../../src/gates/metric.ts';
import { type MetricsOptions, openMetrics } from '../../src/metrics/open-metrics.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';
import type { Answer } from '../support/metrics-answers.ts';
import { type MetricsServer, startMetrics } from '../support/metrics-server.ts';

/** What a test opened; closed by `closeAll`. */
export const open: { close(): unknown }[] = [];

export const closeAll = async (): Promise<void> => {
  for (const one of open.splice(0)) await one.close();
};

export const serve = async (answers: Readonly<Record<string, Answer>> = {}): Promise<MetricsServer> => {
  const server = await startMetrics(answers);
  open.push(server);
  return server;
};

export const sourceOf = (url: string, options: Partial<MetricsOptions> = {}): MetricsSource => {
  const source = openMetrics({ url, name: 'metrics.example.com', ...options });
  open.push(source);
  return source;
};

export const question = (query: string, more: Partial<MetricQuestion> = {}): MetricQuestion => ({
  query,
  stable: null,
  traffic: null,
  freshness: null,
  scrapeMs: null,
  counts: false,
  ...more,
});

export const never = new AbortController().signal;

export const read = (
  source: MetricsSource,
  query: string,
  more: Partial<MetricQuestion> = {},
): Promise<MetricReading> => source.read(question(query, more), never);

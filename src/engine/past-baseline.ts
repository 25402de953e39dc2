import { baselineOf } from '../gates/baseline.ts';
import { lookMs } from '../gates/gate-rules.ts';
import type { Baseline, MetricCheck } from '../gates/metric.ts';
import { queryFacts } from '../gates/query-facts.ts';
import type { MetricsSource } from '../ports/metrics.ts';

type BaselineMetric = Pick<MetricCheck, 'name' | 'title' | 'query' | 'hash' | 'meaning' | 'rangeMs'>;

/** A baseline's values are as far apart as looks at its metric: windows that overlap say the same twice. */
export const baselineStepMs = ({ rangeMs }: Pick<MetricCheck, 'rangeMs'>): number => lookMs(null, rangeMs);

/** What a metric was between two moments (UTC ms). `counts`: its requests are counted too. Rejects with `ExpectedError`. */
export const readBaseline = async (
  source: Pick<MetricsSource, 'series'>,
  metric: BaselineMetric & { readonly counts: boolean },
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): Promise<Baseline> => {
  const stepMs = baselineStepMs(metric);
  const asked = (query: string) => source.series({ query, from, to, stepMs }, signal);
  const ratio = metric.counts ? queryFacts(metric.query).ratio : null;
  const [past, numerator, denominator] = await Promise.all([
    asked(metric.query),
    ratio === null ? null : asked(ratio.numerator),
    ratio === null ? null : asked(ratio.denominator),
  ]);
  const rates = numerator === null || denominator === null ? null : { numerator, denominator };
  return baselineOf(metric, past, rates);
};

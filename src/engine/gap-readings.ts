import { ageQuery } from '../gates/age-query.ts';
import type { DataAge, MetricQuestion, MetricReading, ScalarAnswer } from '../gates/metric.ts';
import { queryFacts } from '../gates/query-facts.ts';
import type { MetricsSource } from '../ports/metrics.ts';

/** A span of the past, looked at in even steps. Times are UTC ms. */
export interface PastSpan {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** A value at each step; null = there was none. */
type Values = readonly (number | null)[];

/**
 * What a question would have been answered in the past, the age of the data as it was then. Counts are not asked: a
 * check that needs them has no reading. Rejects with `ExpectedError`.
 */
export const readingsOf = async (
  source: Pick<MetricsSource, 'series'>,
  question: MetricQuestion,
  span: PastSpan,
  signal: AbortSignal,
): Promise<readonly MetricReading[]> => {
  const known = new Map<string, Promise<Values>>();
  const warnings = new Set<string>();
  const ask = (query: string): Promise<Values> => {
    const asked =
      known.get(query) ??
      source.series({ query, ...span }, signal).then((series) => {
        for (const warning of series.warnings) warnings.add(warning);
        return series.values;
      });
    known.set(query, asked);
    return asked;
  };
  const optional = (query: string | null): Promise<Values> | null => (query === null ? null : ask(query));
  const { query, stable, traffic, freshness } = question;
  const ages = (of: string): Promise<readonly Values[]> =>
    Promise.all(queryFacts(of).selectors.map((selector) => ask(ageQuery(selector))));
  const [values, stables, traffics, ownAges, stableAges] = await Promise.all([
    ask(query),
    optional(stable),
    optional(traffic),
    freshness === null ? ages(query) : ask(freshness).then((asked) => [asked]),
    stable === null ? null : ages(stable),
  ]);
  const count = Math.floor((span.to - span.from) / span.stepMs) + 1;
  return Array.from({ length: count }, (_, index) => ({
    at: span.from + index * span.stepMs,
    value: answerAt(values, index),
    stable: stables === null ? null : answerAt(stables, index),
    traffic: traffics === null ? null : answerAt(traffics, index),
    age: ageAt(ownAges, index),
    stableAge: stableAges === null ? null : ageAt(stableAges, index),
    counts: null,
    warnings: [...warnings],
    infos: [],
  }));
};

const answerAt = (values: Values, index: number): ScalarAnswer => {
  const value = values[index] ?? null;
  return value === null ? { kind: 'missing', missing: 'empty' } : { kind: 'value', value };
};

const ageAt = (ages: readonly Values[], index: number): DataAge => {
  const seconds = ages.map((values) => values[index] ?? null);
  if (seconds.includes(null)) return { kind: 'none' };
  return seconds.length === 0
    ? { kind: 'unknown' }
    : { kind: 'known', ms: Math.max(0, Math.round(Math.max(...(seconds as number[])) * 1000)) };
};

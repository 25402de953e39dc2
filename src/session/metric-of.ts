import type { MetricCheck, MetricQuestion } from '../gates/metric.ts';
import { queryFacts } from '../gates/query-facts.ts';
import { isSameQuery } from '../gates/query-lint.ts';
import { type Interpolated, interpolate, type Lookup, lookupIn } from '../runbook/interpolate.ts';
import type { Metric } from '../runbook/model.ts';
import { sha256 } from './exec-spec.ts';
import type { FrameState } from './state.ts';

/** A metric of a runbook with the values of its frame in its queries. */
export interface MetricOf
  extends Pick<MetricQuestion, 'query' | 'stable' | 'traffic' | 'freshness' | 'scrapeMs'>,
    Pick<MetricCheck, 'name' | 'title' | 'meaning' | 'rangeMs' | 'quantile' | 'hash'> {
  /** Why it cannot be asked: `there is no value for service`; null = it can. */
  readonly problem: string | null;
  /** Names without a value, which a later command or question may give. */
  readonly lacks: readonly string[];
}

/** Queries are parsed: the same values give the same metrics again and again, every second. */
const rendered = new WeakMap<readonly Metric[], WeakMap<FrameState['inputs'], Rendered>>();

interface Rendered extends Pick<FrameState, 'captures' | 'builtIns'> {
  readonly metrics: readonly MetricOf[];
}

/** The metrics of a frame's runbook, in its order. The same objects come again while nothing in the frame changes them. */
export const metricsOf = (frame: FrameState): readonly MetricOf[] => {
  const declared = frame.runbook.metrics;
  const byInputs = rendered.get(declared) ?? new WeakMap<FrameState['inputs'], Rendered>();
  rendered.set(declared, byInputs);
  const known = byInputs.get(frame.inputs);
  if (known?.captures === frame.captures && known.builtIns === frame.builtIns) return known.metrics;
  const lookup = lookupIn(frame.inputs, frame.captures, frame.builtIns);
  const metrics = declared.map((metric) => renderMetric(metric, lookup));
  byInputs.set(frame.inputs, { captures: frame.captures, builtIns: frame.builtIns, metrics });
  return metrics;
};

/** One metric with its `${name}`s replaced; E325 holds for what is asked, not only for what was written. */
export const renderMetric = (metric: Metric, lookup: Lookup): MetricOf => {
  const { name, title, unit, worse, scrapeMs } = metric;
  const missing: Interpolated[] = [];
  const filled = (text: string): string => {
    const found = interpolate(text, lookup, 'promql');
    missing.push(found);
    return found.text;
  };
  const optional = (text: string | null): string | null => (text === null ? null : filled(text));
  const query = filled(metric.query);
  const stable = optional(metric.stable);
  const traffic = optional(metric.traffic);
  const freshness = optional(metric.freshness);
  const facts = queryFacts(query);
  const control = stable === null ? null : queryFacts(stable);
  return {
    name,
    title,
    meaning: { unit, worse },
    query,
    stable,
    traffic,
    freshness,
    scrapeMs,
    rangeMs: Math.max(facts.rangeMs, control?.rangeMs ?? 0),
    quantile: facts.quantile,
    hash: sha256(query),
    lacks: lackedBy(missing),
    problem: unfilled(missing) ?? (stable !== null && isSameQuery(query, stable) ? sameQuery : null),
  };
};

const sameQuery = 'its query and its stable query are the same (E325): the canary would be compared with itself';

const lackedBy = (found: readonly Interpolated[]): readonly string[] => [
  ...new Set(found.flatMap(({ unknown }) => unknown)),
];

const unfilled = (found: readonly Interpolated[]): string | null => {
  const unknown = lackedBy(found);
  const refused = [...new Set(found.flatMap((each) => each.refused))];
  if (unknown.length > 0) return `there is no value for ${unknown.join(', ')}`;
  return refused.length > 0 ? `the value of ${refused.join(', ')} cannot stand where the query has it` : null;
};

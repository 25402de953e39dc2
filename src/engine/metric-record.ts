import { amountWords } from '../gates/amount-words.ts';
import { limitWords } from '../gates/limits.ts';
import type { EventData, RunEvent } from '../session/events.ts';
import { spoken } from '../text/duration.ts';
import type { EngineView, MetricView } from './view.ts';

export interface MetricRecord {
  /** What the metrics are now, when a minute has passed since they were recorded last. */
  due(view: EngineView): readonly RunEvent[];
  /** The same when somebody decides: at most every 15 s. */
  now(view: EngineView): readonly RunEvent[];
}

const everyMs = 60_000;
const leastMs = 15_000;

/** Decides when the values of metrics are worth an entry: charts and the table before and after come from these alone. */
export const recordMetrics = (): MetricRecord => {
  let last: number | null = null;
  const sampled = ({ metrics, now, session }: EngineView): readonly RunEvent[] => {
    last = now;
    return [{ type: 'metric.sampled', frame: Math.max(0, session.frame), data: { metrics: metrics.map(sampleOf) } }];
  };
  const hasPassed = (now: number, ms: number): boolean => last === null || now < last || now - last >= ms;
  return {
    due: (view) => {
      const { metrics, now } = view;
      // The first one waits until each has been asked once.
      const waits = last === null && metrics.some(({ state }) => state === 'loading');
      return metrics.length === 0 || waits || !hasPassed(now, everyMs) ? [] : sampled(view);
    },
    now: (view) => (view.metrics.length === 0 || !hasPassed(view.now, leastMs) ? [] : sampled(view)),
  };
};

type Sampled = EventData['metric.sampled']['metrics'][number];

/** What is not live is no value of now. */
const sampleOf = ({ name, hash, state, value, stable, ageMs }: MetricView): Sampled => {
  const isNow = state === 'live' || state === 'partial';
  return {
    metric: name,
    hash,
    value: isNow ? finite(value) : null,
    stable: isNow ? finite(stable) : null,
    ageMs: isNow ? ageMs : null,
  };
};

/** The journal's JSON has no infinity. */
const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

/** `548 ms, stable 398 ms`, its limits, and how it was known, for what is frozen when somebody decides. */
export const metricEvidence = ({ metrics, now }: EngineView): EventData['evidence.captured']['panels'] =>
  metrics.map((metric) => ({
    title: metric.title,
    text: evidenceLines(metric, now).join('\n'),
    ageMs: metric.at === null ? -1 : Math.max(0, now - metric.at),
  }));

const evidenceLines = (metric: MetricView, now: number): readonly string[] => {
  const { unit, state, because, value, stable, baseline, limits, ageMs, at } = metric;
  const amount = (name: string, number: number | null): readonly string[] =>
    number === null ? [] : [`${name}${amountWords(number, unit)}`];
  const known = [...amount('', value), ...amount('stable ', stable), ...amount('baseline ', baseline)].join(', ');
  const age = ageMs === null || at === null ? 'age of the data unknown' : `data ${spoken(ageMs + now - at)} old`;
  return [
    ...(state === 'live' ? [] : [`${stateWords[state]}${because === null ? '' : `: ${because}`}`]),
    ...(known === '' ? [] : [`${known}, ${age}`]),
    ...limits.map(({ rule, values, for: whose }) => {
      const absolute = limitWords(values, unit);
      return `${whose}: ${rule}${absolute === '' || absolute === rule ? '' : ` = ${absolute}`}`;
    }),
  ];
};

const stateWords: Readonly<Record<MetricView['state'], string>> = {
  loading: 'LOADING',
  live: 'LIVE',
  stale: 'STALE',
  'no-data': 'NO DATA',
  partial: 'PARTIAL',
  error: 'ERROR',
};

import type { Sample } from '../gates/sample.ts';
import type { RecordedOf } from './events.ts';
import { unownedChanges } from './foreign.ts';
import { metricsSource } from './metric-check.ts';
import type { SessionState } from './state.ts';

/** What becomes of a query's data is known: it comes, has not begun, was ended by this run, or went away by itself. */
export type MetricTrack = 'there' | 'not-yet' | 'over' | 'gone';

/** An instant query finds samples for so long after the last one; the watch of the cluster may be late by a minute. */
const lingersMs = 5 * 60_000 + 60_000;

/** What is known of a query when an answer comes. */
export interface TrackSeen {
  readonly hash: string;
  readonly rangeMs: number;
  /** When this process had a value last, UTC ms; null = never, and then the journal tells. */
  readonly valueAt: number | null;
}

/**
 * Whether a metric that gives no data is one to be worried about. Before its first value its track does not exist; after
 * it, it is over only when it ended because this run has scaled a workload to 0 then. A source that cannot be asked
 * tells nothing of the track.
 */
export const metricTrack = (state: SessionState, sample: Sample, seen: TrackSeen): MetricTrack => {
  if (sample.kind !== 'NO-DATA') return 'there';
  const ended = scaledToZeroAt(state);
  // The canary answers: its control is what is missing, and at the end of a release it is meant to be.
  if ((sample.figures?.value ?? null) !== null && sample.missing !== 'stale')
    return ended !== null && ended <= sample.at ? 'over' : 'gone';
  const last = seen.valueAt ?? state.answered[seen.hash] ?? null;
  if (last === null) return sample.missing === 'stale' ? 'gone' : 'not-yet';
  return ended !== null && ended <= sample.at && last <= ended + seen.rangeMs + lingersMs ? 'over' : 'gone';
};

/** When this run has scaled a workload to 0 last, and nobody has changed it since, UTC ms. */
const scaledToZeroAt = (state: SessionState): number | null => {
  const unowned = unownedChanges(state).map(({ workload }) => workload);
  const times = Object.values(state.seen).flatMap(({ workload, madeBy, spec, at }) =>
    madeBy !== null && spec?.desired === 0 && !unowned.includes(workload) ? [at] : [],
  );
  return times.length === 0 ? null : Math.max(...times);
};

/** A server that tells every metric is not dead, whether or not a gate or a criterion has asked it since. */
export const withAnswered = (state: SessionState, event: RecordedOf<'metric.sampled'>): SessionState => {
  const { metrics } = event.data;
  const answered = metrics.flatMap(({ hash, value }) => (value === null ? [] : [[hash, event.at] as const]));
  if (answered.length === 0) return state;
  const acknowledged =
    answered.length < metrics.length
      ? state.acknowledged
      : state.acknowledged.filter(({ source }) => source !== metricsSource);
  return { ...state, acknowledged, answered: { ...state.answered, ...Object.fromEntries(answered) } };
};

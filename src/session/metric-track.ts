import type { Sample } from '../gates/sample.ts';
import { changedAt } from './change-moment.ts';
import type { RecordedOf } from './events.ts';
import { unownedChanges } from './foreign.ts';
import { metricsSource } from './metric-check.ts';
import type { SessionState } from './state.ts';

/** What becomes of a query's data is known: it comes, has not begun, was ended by this run, or went away by itself. */
export type MetricTrack = 'there' | 'not-yet' | 'over' | 'gone';

/** Pods take their time to end and to be ready, and the watch of the cluster may be late by a minute. */
const slackMs = 2 * 60_000;
/** An instant query finds samples for so long after the last one. */
const lookbackMs = 5 * 60_000;

/** What is known of a query when an answer comes. */
export interface TrackSeen {
  readonly hash: string;
  readonly rangeMs: number;
  /** When this process had a value last, UTC ms; null = never, and then the journal tells. */
  readonly valueAt: number | null;
}

/**
 * Whether a metric that gives no data is one to be worried about. Before its first value its track does not exist, unless
 * all is there that it could be of; after it, it is over only when its data ended because this run has scaled a workload
 * to 0 then. A source that cannot be asked tells nothing of the track.
 */
export const metricTrack = (state: SessionState, sample: Sample, seen: TrackSeen): MetricTrack => {
  if (sample.kind !== 'NO-DATA') return 'there';
  const ended = scaledToZeroAt(state);
  // The canary answers: its control is what is missing, and at the end of a release it is meant to be.
  if ((sample.figures?.value ?? null) !== null && sample.missing !== 'stale')
    return ended !== null && ended <= sample.at ? 'over' : 'gone';
  const last = seen.valueAt ?? state.answered[seen.hash] ?? null;
  if (last === null) return sample.missing === 'stale' || isOverdue(state, sample.at, seen) ? 'gone' : 'not-yet';
  if (ended === null || ended > sample.at) return 'gone';
  const ageMs = sample.figures?.ageMs ?? null;
  const lingersMs = seen.rangeMs > 0 ? seen.rangeMs : lookbackMs;
  const hasEnded = ageMs === null ? last <= ended + lingersMs + slackMs : sample.at - ageMs <= ended + slackMs;
  return hasEnded ? 'over' : 'gone';
};

/**
 * Long after the last change, with every workload at work, what has never given a value does not come by itself. One
 * that this run has taken its pods from, as stable at the end of a release, is not waited for.
 */
const isOverdue = (state: SessionState, at: number, { rangeMs }: TrackSeen): boolean => {
  const changed = changedAt(state);
  if (changed === null || changed === 'running') return false;
  const all = Object.values(state.seen);
  const left = all.filter(({ madeBy, spec, foundAtWork }) => madeBy === null || spec?.desired !== 0 || !foundAtWork);
  const isAtWork = left.every(({ spec }) => spec !== null && spec.desired > 0);
  return isAtWork && (left.length > 0 || all.length === 0) && at - changed > rangeMs + lookbackMs + slackMs;
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

import type { VerdictWord } from '../gates/sample.ts';
import { clock } from '../text/duration.ts';

/** What is known of a metric's last answer; the engine's view of a metric is one. Times are UTC ms. */
export interface MetricAnswer {
  readonly state: 'loading' | 'live' | 'stale' | 'no-data' | 'partial' | 'error';
  readonly because: string | null;
  readonly at: number | null;
  /** Of the data when it was answered, ms; null = it cannot be told. */
  readonly ageMs: number | null;
}

/** `9 s`, `6:40`: an age that counts. */
export const ageWords = (ms: number): string => (ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : clock(ms));

/** Age of the data now, ms; null before the first answer, and where it cannot be told. */
export const dataAgeMs = ({ at, ageMs }: MetricAnswer, now: number): number | null =>
  at === null || ageMs === null ? null : Math.max(0, now - at) + ageMs;

/** Its value is one of now. */
export const isAnswered = ({ state }: MetricAnswer): boolean => state === 'live' || state === 'partial';

/** Nobody can tell what it is now. */
export const isBlind = ({ state }: MetricAnswer): boolean =>
  state === 'stale' || state === 'no-data' || state === 'error';

export const answerWord = (metric: MetricAnswer): VerdictWord =>
  isBlind(metric) ? 'BLIND' : metric.state === 'live' ? 'ok' : 'wait';

const names = { stale: 'stale', 'no-data': 'no data', error: 'no answer' } as const;

/** `stale 6:40`, `no data 0:45`, `no answer 6:40`, `partial answer`, `asking`; empty while it is live. */
export const answerWords = (metric: MetricAnswer, now: number): string => {
  const { state, at } = metric;
  if (state === 'live') return '';
  if (state === 'loading') return 'asking';
  if (state === 'partial') return 'partial answer';
  const since = state === 'stale' ? dataAgeMs(metric, now) : at === null ? null : now - at;
  return since === null ? names[state] : `${names[state]} ${ageWords(since)}`;
};

/** `data 9 s old`: the oldest of those that answer; null without any whose age is known. */
export const oldestWords = (metrics: readonly MetricAnswer[], now: number): string | null => {
  const ages = metrics.filter(isAnswered).flatMap((metric) => dataAgeMs(metric, now) ?? []);
  return ages.length === 0 ? null : `data ${ageWords(Math.max(...ages))} old`;
};

export interface Silence {
  readonly because: string;
  /** For how long nothing has answered, or how old the data of its answers is, ms; null = nothing ever did. */
  readonly forMs: number | null;
  /** The reason tells how long it is already. */
  readonly saysHowLong: boolean;
}

const tellsAge = (because: string): boolean => / old$/.test(because);

const since = ({ at }: MetricAnswer, now: number): number | null => (at === null ? null : now - at);

/** The server itself is silent: not one metric is answered, and all for one reason. Null while one of them is. */
export const silenceOf = (metrics: readonly MetricAnswer[], now: number): Silence | null => {
  const [first] = metrics;
  if (first === undefined || first.because === null) return null;
  const isSilent = ({ state, because }: MetricAnswer): boolean =>
    (state === 'error' || state === 'stale') && because === first.because;
  if (!metrics.every(isSilent)) return null;
  const { because } = first;
  // A server that answers with old data is silent for as long as its data is old.
  const times = metrics.flatMap((metric) => (tellsAge(because) ? dataAgeMs(metric, now) : since(metric, now)) ?? []);
  return {
    because,
    forMs: times.length === 0 ? null : Math.min(...times),
    saysHowLong: tellsAge(because) || because.startsWith('no answer for '),
  };
};

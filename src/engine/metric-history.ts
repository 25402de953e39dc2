import type { MetricQuestion, MetricReading } from '../gates/metric.ts';
import type { Clock } from '../ports/clock.ts';
import type { MetricsSource, Series } from '../ports/metrics.ts';
import { questionKey } from './metric-asker.ts';
import type { MetricView } from './view.ts';

export type MetricPoint = MetricView['history'][number];

export interface MetricHistory {
  /** Begins the ways of these questions, one after the other, and forgets the others. */
  keep(questions: readonly MetricQuestion[]): void;
  add(question: MetricQuestion, reading: MetricReading): void;
  /** Oldest first. The same array as long as nothing was added. */
  points(question: MetricQuestion): readonly MetricPoint[];
  /** Why its past could not be asked for; null when it could. */
  problem(question: MetricQuestion): string | null;
  /** What came between the last point and now is asked for. */
  fill(): void;
  stop(): void;
}

interface Way {
  points: readonly MetricPoint[];
  /** Its past is known, or is being asked for. */
  isBegun: boolean;
  problem: string | null;
  triedAt: number | null;
  /** From when on it is asked for, UTC ms. */
  unknownFrom: number;
}

const stepMs = 15_000;
const backMs = 30 * 60_000;
const mostPoints = 240;
const tryAgainMs = 60_000;
const slack = 0.9;

/** The way of each metric to where it is, in memory only: a chart's beginning is asked of the server. */
export const createMetricHistory = (source: Pick<MetricsSource, 'series'>, clock: Clock): MetricHistory => {
  const ways = new Map<string, Way>();
  const stop = new AbortController();
  let asking = false;

  const pastOf = async (question: MetricQuestion, from: number, to: number): Promise<readonly MetricPoint[]> => {
    const asked = (query: string) => source.series({ query, from, to, stepMs }, stop.signal);
    const [value, stable] = await Promise.all([
      asked(question.query),
      question.stable === null ? null : asked(question.stable),
    ]);
    return value.values.map((each, index) => {
      const at = value.from + index * value.stepMs;
      return { at, value: each, stable: stable === null ? null : valueAt(stable, at) };
    });
  };

  const begin = async (way: Way, question: MetricQuestion): Promise<void> => {
    const now = clock.now();
    const from = Math.max(now - backMs, way.unknownFrom);
    way.triedAt = clock.monotonic();
    way.isBegun = from >= now;
    if (way.isBegun) return;
    try {
      const past = await pastOf(question, from, now);
      const before = way.points.filter(({ at }) => at < from);
      const since = way.points.filter(({ at }) => at >= from && at > (past.at(-1)?.at ?? 0));
      way.points = [...before, ...past, ...since].slice(-mostPoints);
      way.isBegun = true;
      way.problem = null;
    } catch (error) {
      way.problem = error instanceof Error ? error.message : String(error);
    }
  };

  const askNext = (questions: readonly MetricQuestion[]): void => {
    if (asking || stop.signal.aborted) return;
    const next = questions.find((question) => {
      const way = ways.get(questionKey(question));
      const rests = way?.triedAt != null && clock.monotonic() - way.triedAt < tryAgainMs;
      return way !== undefined && !way.isBegun && !rests;
    });
    const way = next === undefined ? undefined : ways.get(questionKey(next));
    if (next === undefined || way === undefined) return;
    asking = true;
    void begin(way, next).finally(() => {
      asking = false;
    });
  };

  return {
    keep: (questions) => {
      const wanted = new Set(questions.map(questionKey));
      for (const key of ways.keys()) if (!wanted.has(key)) ways.delete(key);
      for (const key of wanted)
        if (!ways.has(key)) ways.set(key, { points: [], isBegun: false, problem: null, triedAt: null, unknownFrom: 0 });
      askNext(questions);
    },
    add: (question, { at, value, stable }) => {
      const way = ways.get(questionKey(question));
      if (way === undefined) return;
      const point = { at, value: numberIn(value), stable: numberIn(stable) };
      const last = way.points.at(-1);
      // Silence is asked about more often than it is worth a point.
      if (last !== undefined && (at <= last.at || (point.value === null && at - last.at < stepMs * slack))) return;
      way.points = [...way.points, point].slice(-mostPoints);
    },
    points: (question) => ways.get(questionKey(question))?.points ?? none,
    problem: (question) => ways.get(questionKey(question))?.problem ?? null,
    fill: () => {
      for (const way of ways.values()) {
        const last = way.points.at(-1)?.at ?? null;
        const unknownFrom = way.isBegun && last !== null ? last + stepMs : way.unknownFrom;
        Object.assign(way, { isBegun: false, triedAt: null, unknownFrom });
      }
    },
    stop: () => stop.abort(),
  };
};

const none: readonly MetricPoint[] = [];

const numberIn = (answer: MetricReading['stable']): number | null =>
  answer?.kind === 'value' && Number.isFinite(answer.value) ? answer.value : null;

const valueAt = ({ from, stepMs: step, values }: Series, at: number): number | null =>
  values[Math.round((at - from) / step)] ?? null;

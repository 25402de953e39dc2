import type { MetricQuestion, MetricReading } from '../gates/metric.ts';
import type { Clock } from '../ports/clock.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import { wordsOf } from './error-words.ts';

/** A question somebody wants answered again and again. */
export interface WantedQuestion {
  readonly question: MetricQuestion;
  /** Answers to questions from before this moment are of no use to whoever wants it, UTC ms. */
  readonly since: number;
}

export interface MetricAsker {
  /** Asks what is due and lets go of what nobody wants any more; once a second. */
  want(wanted: readonly WantedQuestion[]): void;
  /** The last answer; null before the first, and after `doubt`. */
  latest(question: MetricQuestion): MetricReading | null;
  /** Nothing that was answered until now is of this moment: everything is asked again. */
  doubt(): void;
  stop(): void;
}

interface Slot {
  question: MetricQuestion;
  /** Monotonic ms and UTC ms of the last question; null = ask now. */
  askedAt: { readonly awake: number; readonly utc: number } | null;
  abort: AbortController | null;
  reading: MetricReading | null;
  /** Its counts were asked for too. */
  isCounted: boolean;
}

/** Whatever a gate's `every` says: its looks are chosen among these answers. */
const everyMs = 15_000;
const retryMs = 5_000;
const slack = 0.9;
/** A server that takes its time is not given all questions at once. */
const mostAtOnce = 4;

/** Asks a metrics server, each question once however many want it. `answered` is told of every answer. */
export const createMetricAsker = (
  source: Pick<MetricsSource, 'read'>,
  clock: Clock,
  answered: (question: MetricQuestion, reading: MetricReading) => void,
): MetricAsker => {
  const slots = new Map<string, Slot>();
  let stopped = false;

  const isDue = ({ question, askedAt, abort, reading, isCounted }: Slot, since: number): boolean => {
    if (abort !== null) return false;
    if (askedAt === null || askedAt.utc < since) return true;
    if (question.counts && reading !== null && !isCounted) return true;
    const every = reading !== null && isFaulty(reading) ? retryMs : everyMs;
    return clock.monotonic() - askedAt.awake >= every * slack;
  };

  const ask = (slot: Slot): void => {
    const abort = new AbortController();
    const { question } = slot;
    slot.abort = abort;
    slot.askedAt = { awake: clock.monotonic(), utc: clock.now() };
    const { utc } = slot.askedAt;
    source
      .read(question, abort.signal)
      // It never rejects but when its own code cannot be loaded: this program was replaced under the run.
      .catch((error: unknown) => unread(question, utc, wordsOf(error).text))
      .then((reading) => {
        if (abort.signal.aborted) return;
        slot.reading = reading;
        slot.isCounted = question.counts;
        answered(question, reading);
      })
      .finally(() => {
        if (slot.abort === abort) slot.abort = null;
      });
  };

  const merge = (wanted: readonly WantedQuestion[]): ReadonlyMap<string, WantedQuestion> => {
    const merged = new Map<string, WantedQuestion>();
    for (const each of wanted) {
      const key = questionKey(each.question);
      const known = merged.get(key);
      const counts = each.question.counts || known?.question.counts === true;
      const question = counts === each.question.counts ? each.question : { ...each.question, counts };
      merged.set(key, { question, since: Math.max(each.since, known?.since ?? 0) });
    }
    return merged;
  };

  return {
    want: (wanted) => {
      if (stopped) return;
      const now = merge(wanted);
      for (const [key, { abort }] of slots) {
        if (now.has(key)) continue;
        abort?.abort();
        slots.delete(key);
      }
      let busy = [...slots.values()].filter(({ abort }) => abort !== null).length;
      const due: Slot[] = [];
      for (const [key, { question, since }] of now) {
        const slot = slots.get(key) ?? { question, askedAt: null, abort: null, reading: null, isCounted: false };
        slots.set(key, slot);
        slot.question = question;
        if (isDue(slot, since)) due.push(slot);
      }
      // Who has waited longest comes first: no question is starved by those before it.
      due.sort((left, right) => (left.askedAt?.awake ?? 0) - (right.askedAt?.awake ?? 0));
      for (const slot of due) {
        if (busy >= mostAtOnce) return;
        busy += 1;
        ask(slot);
      }
    },
    latest: (question) => {
      const slot = slots.get(questionKey(question));
      return slot === undefined || (question.counts && !slot.isCounted) ? null : slot.reading;
    },
    doubt: () => {
      for (const slot of slots.values()) {
        slot.abort?.abort();
        slot.abort = null;
        slot.askedAt = null;
        slot.reading = null;
      }
    },
    stop: () => {
      stopped = true;
      for (const { abort } of slots.values()) abort?.abort();
      slots.clear();
    },
  };
};

const unread = ({ stable }: MetricQuestion, at: number, because: string): MetricReading => {
  const fault = { kind: 'fault', because } as const;
  return {
    at,
    value: fault,
    stable: stable === null ? null : fault,
    traffic: null,
    age: fault,
    stableAge: stable === null ? null : fault,
    counts: null,
    warnings: [],
    infos: [],
  };
};

/** Counts apart: an answer with them answers the question without them too. */
export const questionKey = ({ query, stable, traffic, freshness }: MetricQuestion): string =>
  JSON.stringify([query, stable, traffic, freshness]);

/** Something that was asked for was not answered. A query that cannot be counted is no fault of the server. */
export const isFaulty = ({ value, stable, traffic, age, stableAge }: MetricReading): boolean =>
  [value, stable, traffic, age, stableAge].some((answer) => answer?.kind === 'fault');

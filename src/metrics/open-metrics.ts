import type { MetricQuestion, MetricReading, RatePair, ScalarAnswer } from '../gates/metric.ts';
import { type QueryFacts, queryFacts } from '../gates/query-facts.ts';
import type { MetricsSource, Series, SeriesRequest } from '../ports/metrics.ts';
import { ExpectedError } from '../text/errors.ts';
import { type ClockSkew, createClockSkew } from './clock-skew.ts';
import { type Connection, openConnection, type Told } from './connection.ts';
import { freshnessAge, selectorsAge } from './data-age.ts';
import { createLogin, type Headers } from './login.ts';
import { MetricsFault } from './metrics-fault.ts';
import { createPauses } from './pauses.ts';
import { createSameCluster, withFault } from './same-cluster.ts';
import { scalarOf, valuesOf } from './scalar-answer.ts';

export interface MetricsOptions {
  /** Base address without credentials; `/api/v1/query` is appended. */
  readonly url: string;
  readonly name: string;
  /** Read with the first question, and again after a 401. Rejections are told in the words of their message. */
  readonly headers?: () => Promise<Headers>;
  /** Must have an answer, whatever its value, for anything of this server to count; null = not asked. */
  readonly sameCluster?: string | null;
  readonly now?: () => number;
  /** For one question, all its queries together. */
  readonly deadlineMs?: number;
}

const mostSteps = 11_000;

/** The one way to the metrics server of a run. Source: 30-gates, "Samples"; bad-inputs, network table. */
export const openMetrics = (options: MetricsOptions): MetricsSource => {
  const { name, now = Date.now, deadlineMs = 5000 } = options;
  const skew = createClockSkew();
  const login = createLogin(options.headers ?? (async () => ({})), now);
  const connection = openConnection({ url: options.url, login, now, onDate: skew.note });
  const closed = new AbortController();
  const server: Server = { now, skew, ...guarded(connection, login.conceal, now) };
  const cluster = createSameCluster(
    options.sameCluster ?? null,
    (query, signal) => seriesCount(server, query, signal),
    now,
  );

  const within = async <T>(signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new MetricsFault(`no answer ${deadlineMs / 1000} s`, { isLate: true })),
      deadlineMs,
    );
    try {
      return await act(AbortSignal.any([late.signal, signal, closed.signal]));
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    name,
    read: (question, signal) =>
      within(signal, async (any) => {
        const [reading, fault] = await Promise.all([read(server, question, any), faultOf(cluster.check(any))]);
        return fault === null ? reading : withFault(reading, fault);
      }),
    series: (request, signal) =>
      within(signal, async (any) => {
        const [values, fault] = await Promise.all([series(server, name, request, any), faultOf(cluster.check(any))]);
        if (fault !== null) throw new ExpectedError(fault.message, { place: name });
        return values;
      }),
    skewSeconds: skew.seconds,
    close: async () => {
      closed.abort(new MetricsFault('asked no more'));
      connection.close();
    },
  };
};

const faultOf = (asked: Promise<void>): Promise<MetricsFault | null> =>
  asked.then(
    () => null,
    (error: unknown) => {
      if (error instanceof MetricsFault) return error;
      throw error;
    },
  );

interface Server {
  readonly now: () => number;
  readonly skew: ClockSkew;
  /** Rejects with `MetricsFault`, whose message holds no credential. */
  readonly ask: Connection['ask'];
}

/** Asks only what is not paused, and shows no credential that a server or a library repeats. */
const guarded = (connection: Connection, conceal: (text: string) => string, now: () => number): Pick<Server, 'ask'> => {
  const pauses = createPauses(now);
  const shown = (words: readonly string[]): readonly string[] => words.map(conceal);
  return {
    ask: async (question, signal) => {
      try {
        pauses.check(question.query);
        const { result, warnings, infos } = await connection.ask(question, signal);
        return { result, warnings: shown(warnings), infos: shown(infos) };
      } catch (error) {
        const fault = error as MetricsFault;
        pauses.note(question.query, fault);
        throw new MetricsFault(conceal(fault.message), { isLate: fault.isLate });
      }
    },
  };
};

/** All queries at one time, side by side. The first answer of a server may tell that the time was not its own. */
const read = async (server: Server, question: MetricQuestion, signal: AbortSignal): Promise<MetricReading> => {
  const { skew } = server;
  const isFirst = skew.seconds() === null;
  const reading = await readOnce(server, question, signal);
  if (!isFirst || skew.correctionMs() === 0 || signal.aborted) return reading;
  return readOnce(server, question, signal);
};

const readOnce = async (server: Server, question: MetricQuestion, signal: AbortSignal): Promise<MetricReading> => {
  const at = server.now();
  const time = at + server.skew.correctionMs();
  const told: Told[] = [];
  const asked = new Map<string, Promise<ScalarAnswer>>();
  const ask = (query: string): Promise<ScalarAnswer> => {
    const known = asked.get(query) ?? scalar(server, query, time, signal, told);
    asked.set(query, known);
    return known;
  };
  const { query, stable, traffic, freshness } = question;
  const [own, control] = [queryFacts(query), stable === null ? null : queryFacts(stable)];
  const [value, ofStable, ofTraffic, age, stableAge, counts] = await Promise.all([
    ask(query),
    stable === null ? null : ask(stable),
    traffic === null ? null : ask(traffic),
    freshness === null ? selectorsAge(own.selectors, ask) : freshnessAge(freshness, ask),
    control === null ? null : selectorsAge(control.selectors, ask),
    question.counts ? countsOf(own, control, ask) : null,
  ]);
  const once = (words: readonly string[]): readonly string[] => [...new Set(words)];
  return {
    at,
    value,
    stable: ofStable,
    traffic: ofTraffic,
    age,
    stableAge,
    counts,
    warnings: once(told.flatMap(({ warnings }) => warnings)),
    infos: once(told.flatMap(({ infos }) => infos)),
  };
};

const scalar = async (
  server: Server,
  query: string,
  time: number,
  signal: AbortSignal,
  told: Told[],
): Promise<ScalarAnswer> => {
  try {
    const answer = await server.ask(
      { query, ask: (driver) => driver.instantQuery(query, new Date(time), '5s') },
      signal,
    );
    told.push(answer);
    return scalarOf(answer.result);
  } catch (error) {
    if (!(error instanceof MetricsFault)) throw error;
    return { kind: 'fault', because: error.message, ...(error.isLate ? { late: true } : {}) };
  }
};

const seriesCount = async ({ ask, now, skew }: Server, query: string, signal: AbortSignal): Promise<number> => {
  const time = now() + skew.correctionMs();
  const { result } = await ask({ query, ask: (driver) => driver.instantQuery(query, new Date(time), '5s') }, signal);
  return result.result.length;
};

const countsOf = async (
  own: QueryFacts,
  control: QueryFacts | null,
  ask: (query: string) => Promise<ScalarAnswer>,
): Promise<MetricReading['counts']> => {
  const [canary, stable] = await Promise.all([pairOf(own, ask), pairOf(control, ask)]);
  return { canary, stable };
};

const noRatio: ScalarAnswer = { kind: 'fault', because: 'no division whose sides could be counted' };

const pairOf = async (facts: QueryFacts | null, ask: (query: string) => Promise<ScalarAnswer>): Promise<RatePair> => {
  const ratio = facts?.ratio ?? null;
  if (ratio === null) return { bad: noRatio, all: noRatio };
  const [bad, all] = await Promise.all([ask(ratio.numerator), ask(ratio.denominator)]);
  return { bad, all };
};

const series = async (
  server: Server,
  name: string,
  { query, from, to, stepMs }: SeriesRequest,
  signal: AbortSignal,
): Promise<Series> => {
  const count = Math.floor((to - from) / stepMs) + 1;
  const refuse = (because: string, nextStep?: string): never => {
    throw new ExpectedError(because, { place: name, ...(nextStep === undefined ? {} : { nextStep }) });
  };
  if (!(count >= 1 && count <= mostSteps))
    refuse(`${count} steps, a metrics server gives 1 to ${mostSteps}`, 'Take a longer step, or a shorter window');
  const shift = server.skew.correctionMs();
  const [start, end] = [from + shift, to + shift];
  try {
    const { result, warnings } = await server.ask(
      { query, ask: (driver) => driver.rangeQuery(query, new Date(start), new Date(end), stepMs / 1000, '5s') },
      signal,
    );
    return { from, stepMs, values: valuesOf(result, { from: start, stepMs, count }), warnings };
  } catch (error) {
    return error instanceof MetricsFault ? refuse(error.message) : Promise.reject(error);
  }
};

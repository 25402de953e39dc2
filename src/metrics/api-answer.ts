import { bounded } from './bounded.ts';
import { MetricsFault, tooLarge } from './metrics-fault.ts';
import { notPrometheus, type RawAnswer, statusFault } from './status-fault.ts';

/** A success of the API, its numbers as JavaScript spells them. */
export interface ApiAnswer {
  readonly data: ApiData;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

export interface ApiData {
  readonly resultType: 'vector' | 'matrix' | 'scalar' | 'string';
  readonly result: readonly unknown[];
}

const seriesLimit = 500;
const resultTypes: ReadonlySet<unknown> = new Set(['vector', 'matrix', 'scalar', 'string']);

/** Throws the `MetricsFault` of whatever is not a success. */
export const apiAnswer = (raw: RawAnswer, now: number): ApiAnswer => {
  const json = jsonOf(raw.body);
  const fault = statusFault(raw, json, now);
  if (fault !== null) throw fault;
  const { status, data, warnings, infos, isPartial } = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (status !== 'success' || !isData(data)) throw notPrometheus(raw);
  const { resultType, result } = data;
  if (resultType === 'vector' || resultType === 'matrix') {
    if (result.length > seriesLimit) throw new MetricsFault(tooLarge);
    if (result.some(isHistogram)) throw new MetricsFault('a histogram, not a number: take histogram_quantile of it');
  }
  // VictoriaMetrics says so instead of warning.
  const partial = isPartial === true ? ['not all storage nodes answered (isPartial)'] : [];
  return { data: withInfinity(data), warnings: [...partial, ...wordsOf(warnings)], infos: wordsOf(infos) };
};

const jsonOf = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
};

const isData = (data: unknown): data is ApiData => {
  if (typeof data !== 'object' || data === null) return false;
  const { resultType, result } = data as Readonly<Record<string, unknown>>;
  if (!resultTypes.has(resultType) || !Array.isArray(result)) return false;
  if (resultType === 'scalar' || resultType === 'string') return isPair(result);
  return result.every(
    (one) => isHistogram(one) || (resultType === 'vector' ? isPair(one?.value) : isPairs(one?.values)),
  );
};

const isPair = (pair: unknown): boolean =>
  Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'string';

const isPairs = (pairs: unknown): boolean => Array.isArray(pairs) && pairs.every(isPair);

const isHistogram = (one: unknown): boolean =>
  typeof one === 'object' && one !== null && ('histogram' in one || 'histograms' in one);

type Pair = readonly [number, string];

/** `parseFloat('+Inf')` is NaN, and so an error rate without limit would be no data. */
const withInfinity = ({ resultType, result }: ApiData): ApiData => {
  const pair = ([time, value]: Pair): Pair => [time, value.replace(/^([+-]?)Inf$/, '$1Infinity')];
  if (resultType === 'string') return { resultType, result };
  if (resultType === 'scalar') return { resultType, result: pair(result as unknown as Pair) };
  const series = result as readonly { readonly value: Pair; readonly values: readonly Pair[] }[];
  return {
    resultType,
    result: series.map((one) =>
      resultType === 'vector' ? { ...one, value: pair(one.value) } : { ...one, values: one.values.map(pair) },
    ),
  };
};

const wordsOf = (words: unknown): readonly string[] =>
  (Array.isArray(words) ? words : [])
    .filter((one) => typeof one === 'string')
    .slice(0, 5)
    .map((one) => bounded(one));

/** What a query gives at one moment. A number is one series with that value; null is an empty vector. */
export type Value =
  | number
  | null
  /** Without labels, as `scalar(…)` and `time()` give it. */
  | { readonly scalar: number }
  | { readonly string: string }
  /** So many series, the first with this value. */
  | { readonly series: number; readonly value: number }
  /** A native histogram. */
  | { readonly histogram: true }
  /** Range vector instead of an instant one, as `x[5m]` gives it. */
  | { readonly matrix: true };

/** A value with what the server says about it. */
export interface Remarked {
  readonly value: Value;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** What the server does instead of answering. `refuse` closes its port until the fault is over. */
export type Fault =
  | 'refuse'
  | 'hang'
  /** Closes the connection in the middle of the body. */
  | 'reset'
  | 'redirect'
  | 'html'
  | 'truncated'
  /** 9 MiB. */
  | 'oversized'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** As Prometheus says it: `{ status: 'error', errorType, error }`. */
  | { readonly errorType: string; readonly error: string; readonly status?: number };

export type Reply = Value | Remarked | { readonly fault: Fault };

/** A reply that changes with the evaluation time (UTC ms). */
export type Answer = Reply | ((time: number) => Reply);

export const isFault = (reply: Reply): reply is { readonly fault: Fault } =>
  typeof reply === 'object' && reply !== null && 'fault' in reply;

const isRemarked = (reply: Value | Remarked): reply is Remarked =>
  typeof reply === 'object' && reply !== null && 'value' in reply && !('series' in reply);

export const remarked = (reply: Value | Remarked): Remarked => (isRemarked(reply) ? reply : { value: reply });

/** As Prometheus writes numbers. */
const numberText = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
};

const labelsOf = (index: number): Readonly<Record<string, string>> =>
  index === 0 ? {} : { instance: `10.0.0.${index}:8080` };

/** The `data` of an instant query. */
export const instantData = (value: Value, timeMs: number): unknown => {
  const time = timeMs / 1000;
  const vector = (values: readonly number[]): unknown => ({
    resultType: 'vector',
    result: values.map((one, index) => ({ metric: labelsOf(index), value: [time, numberText(one)] })),
  });
  if (value === null) return vector([]);
  if (typeof value === 'number') return vector([value]);
  if ('scalar' in value) return { resultType: 'scalar', result: [time, numberText(value.scalar)] };
  if ('string' in value) return { resultType: 'string', result: [time, value.string] };
  if ('series' in value) return vector(Array.from({ length: value.series }, () => value.value));
  if ('matrix' in value) return matrixOf([time - 15, '1'], [time, '2']);
  const histogram = { count: '12', sum: '3.4', buckets: [[0, '0.1', '0.2', '12']] };
  return { resultType: 'vector', result: [{ metric: {}, histogram: [time, histogram] }] };
};

const matrixOf = (...values: readonly (readonly [number, string])[]): unknown => ({
  resultType: 'matrix',
  result: [{ metric: {}, values }],
});

/** The `data` of a range query whose values are one number or nothing at each step. */
export const rangeData = (steps: readonly { readonly timeMs: number; readonly value: Value }[]): unknown => {
  const count = Math.max(...steps.map(({ value }) => seriesIn(value)), 0);
  return {
    resultType: 'matrix',
    result: Array.from({ length: count }, (_, index) => ({
      metric: labelsOf(index),
      values: steps.flatMap(({ timeMs, value }) => {
        const number = numberIn(value);
        return number === null || index >= seriesIn(value) ? [] : [[timeMs / 1000, numberText(number)]];
      }),
    })).filter(({ values }) => values.length > 0),
  };
};

const numberIn = (value: Value): number | null => {
  if (value === null || typeof value === 'number') return value;
  if ('scalar' in value) return value.scalar;
  return 'series' in value ? value.value : null;
};

const seriesIn = (value: Value): number => {
  if (typeof value === 'object' && value !== null && 'series' in value) return value.series;
  return numberIn(value) === null ? 0 : 1;
};

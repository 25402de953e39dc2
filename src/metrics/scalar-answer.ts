import type { QueryResult } from 'prometheus-query';
import type { ScalarAnswer } from '../gates/metric.ts';
import { MetricsFault } from './metrics-fault.ts';

/** The one number of an instant query's result. Throws `MetricsFault` when it is none, or several. */
export const scalarOf = ({ resultType, result }: QueryResult): ScalarAnswer => {
  switch (`${resultType}`) {
    case 'scalar':
      return answerOf(Number.parseFloat(result[1] as string));
    case 'vector': {
      if (result.length === 0) return { kind: 'missing', missing: 'empty' };
      if (result.length > 1) throw severalSeries(result.length);
      return answerOf((result[0] as { readonly value: { readonly value: number } }).value.value);
    }
    case 'string':
      throw new MetricsFault('a string, not a number');
    default:
      throw new MetricsFault('values over a time, not one number: take a function of it, such as rate');
  }
};

const severalSeries = (count: number): MetricsFault => new MetricsFault(`${count} series, not one: add aggregation`);

const answerOf = (value: number): ScalarAnswer =>
  Number.isNaN(value) ? { kind: 'missing', missing: 'nan' } : { kind: 'value', value };

export interface Steps {
  /** On the server's clock, UTC ms. */
  readonly from: number;
  readonly stepMs: number;
  readonly count: number;
}

/** The values of a range query at its steps; null where there is none, or no finite one. Throws `MetricsFault`. */
export const valuesOf = ({ result }: QueryResult, { from, stepMs, count }: Steps): readonly (number | null)[] => {
  if (result.length > 1) throw severalSeries(result.length);
  const values = new Array<number | null>(count).fill(null);
  const [series] = result as readonly { readonly values: readonly { readonly time: Date; readonly value: number }[] }[];
  for (const { time, value } of series?.values ?? []) {
    const index = Math.round((time.getTime() - from) / stepMs);
    if (index >= 0 && index < count && Number.isFinite(value)) values[index] = value;
  }
  return values;
};

import type { MetricReading, ScalarAnswer } from '../gates/metric.ts';
import { MetricsFault } from './metrics-fault.ts';

/** Whether the server's metrics are those of the run's cluster. Source: 40-cluster. */
export interface SameCluster {
  /** Rejects with a `MetricsFault` that says why nothing of this server may be judged; asked anew once a minute. */
  check(signal: AbortSignal): Promise<void>;
}

export const unknownCluster = "these metrics do not know this cluster's pods";

const validMs = 60_000;

/** `ask` gives the number of series of a query's answer. */
export const createSameCluster = (
  query: string | null,
  ask: (query: string, signal: AbortSignal) => Promise<number>,
  now: () => number,
): SameCluster => {
  let knownUntil = Number.NEGATIVE_INFINITY;
  return {
    check: async (signal) => {
      if (query === null || now() < knownUntil) return;
      if ((await ask(query, signal)) === 0) throw new MetricsFault(unknownCluster);
      knownUntil = now() + validMs;
    },
  };
};

/** The reading with the same fault in the place of every answer: right numbers of another cluster are no answers. */
export const withFault = (reading: MetricReading, { message: because, isLate }: MetricsFault): MetricReading => {
  const fault: ScalarAnswer & { readonly kind: 'fault' } = {
    kind: 'fault',
    because,
    ...(isLate ? { late: true as const } : {}),
  };
  const pair = { bad: fault, all: fault };
  return {
    ...reading,
    value: fault,
    stable: reading.stable === null ? null : fault,
    traffic: reading.traffic === null ? null : fault,
    age: { kind: 'fault', because },
    stableAge: reading.stableAge === null ? null : { kind: 'fault', because },
    counts: reading.counts === null ? null : { canary: pair, stable: pair },
  };
};

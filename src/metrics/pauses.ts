import { MetricsFault } from './metrics-fault.ts';

/** Times in which a server, or one query, is not asked: `Retry-After`, and a denial that a minute will not change. */
export interface Pauses {
  /** Throws the fault that began the pause. */
  check(query: string): void;
  note(query: string, fault: MetricsFault): void;
}

interface Pause {
  readonly until: number;
  readonly fault: MetricsFault;
}

export const createPauses = (now: () => number): Pauses => {
  const queries = new Map<string, Pause>();
  let server: Pause | null = null;
  const refuse = ({ until, fault }: Pause): void => {
    const left = `again in ${Math.ceil((until - now()) / 1000)} s`;
    throw new MetricsFault(fault.message.replace(/again in \d+ s$/, left));
  };
  return {
    check: (query) => {
      for (const [denied, { until }] of queries) if (until <= now()) queries.delete(denied);
      const own = queries.get(query);
      if (own !== undefined) refuse(own);
      if (server !== null && server.until > now()) refuse(server);
    },
    note: (query, fault) => {
      if (fault.pauseMs === 0) return;
      const pause = { until: now() + fault.pauseMs, fault };
      if (fault.pauseOf === 'query') queries.set(query, pause);
      else server = pause;
    },
  };
};

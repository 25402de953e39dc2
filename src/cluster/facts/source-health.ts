import { unreadWords } from '../../gates/cluster-samples.ts';
import type { SourceHealth } from '../../gates/workload.ts';

/** Before the first answer. */
export const loading: SourceHealth = {
  state: 'loading',
  freshAt: null,
  provenAt: null,
  tries: 0,
  because: null,
  nextStep: null,
};

const worstFirst: readonly SourceHealth['state'][] = [
  'login-expired',
  'denied',
  'error',
  'stale',
  'reconnecting',
  'not-found',
  'loading',
  'live',
];

/** Null when one is not known. */
const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce((first, time) => (first === null || time === null ? null : Math.min(first, time)));

/** As the worst of them, and as old as the oldest. With none of them nothing is known. */
export const worstHealth = (sources: readonly SourceHealth[]): SourceHealth => {
  const worst = sources.toSorted((left, right) => worstFirst.indexOf(left.state) - worstFirst.indexOf(right.state))[0];
  if (worst === undefined) return loading;
  return {
    ...worst,
    freshAt: earliest(sources.map(({ freshAt }) => freshAt)),
    provenAt: earliest(sources.map(({ provenAt }) => provenAt)),
    tries: Math.max(...sources.map(({ tries }) => tries)),
  };
};

/** Why what was read from it can no longer be taken for what is; null = it can. */
export const unseenBecause = (source: SourceHealth): string | null => {
  const { state } = source;
  if (state === 'stale') return 'the watch is stale';
  return state === 'denied' || state === 'login-expired' || state === 'error' ? unreadWords(source) : null;
};

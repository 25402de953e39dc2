import { ageQuery } from '../gates/age-query.ts';
import type { DataAge, ScalarAnswer } from '../gates/metric.ts';

type Ask = (query: string) => Promise<ScalarAnswer>;

/** The age of the oldest of these selectors. */
export const selectorsAge = async (selectors: readonly string[], ask: Ask): Promise<DataAge> =>
  oldest((await Promise.all(selectors.map((selector) => ask(ageQuery(selector))))).map(ageOf));

/** The age that a query of the runbook gives, in seconds. */
export const freshnessAge = async (freshness: string, ask: Ask): Promise<DataAge> => ageOf(await ask(freshness));

/** Silence outweighs every age, and what could not be asked outweighs both. */
export const oldest = (ages: readonly DataAge[]): DataAge => {
  const worst = ages.find(({ kind }) => kind === 'fault') ?? ages.find(({ kind }) => kind === 'none');
  if (worst !== undefined) return worst;
  const known = ages.flatMap((age) => (age.kind === 'known' ? [age.ms] : []));
  return known.length === 0 ? { kind: 'unknown' } : { kind: 'known', ms: Math.max(...known) };
};

const ageOf = (answer: ScalarAnswer): DataAge => {
  if (answer.kind === 'fault') return answer;
  if (answer.kind === 'missing' || !Number.isFinite(answer.value)) return { kind: 'none' };
  // A sample from after the evaluation: two clocks that differ a little.
  return { kind: 'known', ms: Math.max(0, Math.round(answer.value * 1000)) };
};

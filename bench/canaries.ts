import { runStage, type StageResult } from './canaries/stage.ts';
import type { Service } from './canaries/traffic.ts';

const runs = 2000;

/** Canaries of one kind, judged one after the other with seeds 1, 2, 3 … */
export const judgeCanaries = (
  canary: Service,
  stable: Service,
  count: number,
  rangeMinutes = 2,
): readonly StageResult[] =>
  Array.from({ length: count }, (_, index) => runStage({ canary, stable, seed: index + 1, rangeMinutes }));

export const healthy = (perMinute: number, spread: number): Service => ({ perMinute, spread, errors: 0.003, tail: 1 });
export const slow = (service: Service): Service => ({ ...service, tail: 1.5 });
export const failing = (service: Service): Service => ({ ...service, errors: 0.03 });

export const shareOf = (results: readonly StageResult[], is: (result: StageResult) => boolean): number =>
  results.filter(is).length / results.length;

export const isCaught = ({ verdict, isInSoak }: StageResult): boolean => verdict === 'FAIL' && isInSoak;
export const isBlind = ({ verdict }: StageResult): boolean => verdict === 'INCONCLUSIVE';

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

/** The ranges that BLIND ones were told would do, the most frequent first. */
const rangesTold = (results: readonly StageResult[]): string => {
  const told = new Map<string, number>();
  for (const { because } of results.filter(isBlind)) {
    const range = / a range of (\S+) would do/.exec(because ?? '')?.[1] ?? 'none told';
    told.set(range, (told.get(range) ?? 0) + 1);
  }
  return [...told]
    .toSorted((left, right) => right[1] - left[1])
    .map(([range, count]) => `${range} ${count} x`)
    .join(', ');
};

/** Requests a minute, spread, range in minutes, and what the figures must be. */
const cases: readonly (readonly [number, number, number, string])[] = [
  [300, 0.5, 2, 'healthy FAIL <= 1 %, BLIND with a range'],
  [1000, 0.5, 2, 'healthy FAIL <= 1 %, PASS >= 95 %, caught >= 95 %'],
  [3000, 0.5, 2, 'healthy FAIL <= 1 %, PASS >= 95 %'],
  [300, 0.5, 4, 'none: the range that was told'],
  [300, 0.8, 2, 'none, for comparison'],
  [1000, 0.8, 2, 'none, for comparison'],
  [3000, 0.8, 2, 'none, for comparison'],
];

/**
 * How the gate of the shipped canary at 50 % (read from its runbook) judges simulated canaries. The gate's own code
 * judges; quantiles are of the window's requests, in buckets 2 % apart.
 */
export const measure = async (): Promise<{ name: string; figures: Record<string, string> }[]> =>
  cases.map(([perMinute, spread, range, budget]) => {
    const stable = healthy(perMinute, spread);
    const judged = (canary: Service): readonly StageResult[] => judgeCanaries(canary, stable, runs, range);
    const well = judged(stable);
    const ranges = rangesTold(well);
    return {
      name: `canary at 50 %, ${perMinute.toLocaleString('en')} requests/min, latency spread ${spread}${range === 2 ? '' : `, range ${range}m`}`,
      figures: {
        runs: `${runs.toLocaleString('en')} each`,
        'healthy: FAIL': percent(shareOf(well, ({ verdict }) => verdict === 'FAIL')),
        PASS: percent(shareOf(well, ({ verdict }) => verdict === 'PASS')),
        BLIND: percent(shareOf(well, isBlind)),
        ...(ranges === '' ? {} : { 'range told': ranges }),
        'p99 + 50 %, caught in the soak': percent(shareOf(judged(slow(stable)), isCaught)),
        'errors 0.3 % to 3 %, caught': percent(shareOf(judged(failing(stable)), isCaught)),
        budget,
      },
    };
  });

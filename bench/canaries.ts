import { runStage, type StageResult, soakSeconds } from './canaries/stage.ts';
import type { Service } from './canaries/traffic.ts';

const runs = 2000;
const traffics = [300, 1000, 3000];
const spreads = [0.5, 0.8];

/** Canaries of one kind, judged one after the other with seeds 1, 2, 3 … */
export const judgeCanaries = (canary: Service, stable: Service, count: number): readonly StageResult[] =>
  Array.from({ length: count }, (_, index) => runStage({ canary, stable, seed: index + 1 }));

export const healthy = (perMinute: number, spread: number): Service => ({ perMinute, spread, errors: 0.003, tail: 1 });
export const slow = (service: Service): Service => ({ ...service, tail: 1.5 });
export const failing = (service: Service): Service => ({ ...service, errors: 0.03 });

export const shareOf = (results: readonly StageResult[], is: (result: StageResult) => boolean): number =>
  results.filter(is).length / results.length;

export const isCaught = ({ verdict, seconds }: StageResult): boolean => verdict === 'FAIL' && seconds <= soakSeconds;
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

const budgetOf = (perMinute: number, spread: number): string => {
  if (spread !== 0.5) return 'none, for comparison';
  const most = 'healthy FAIL <= 1 %';
  if (perMinute === 300) return `${most}, BLIND with a range`;
  return perMinute === 1000 ? `${most}, PASS >= 95 %, caught >= 95 %` : `${most}, PASS >= 95 %`;
};

/**
 * How the gate of the shipped canary at 50 % (soak of 15 min, range 2m; error rate at most stable + 1 pp, p95 at most
 * 110 %, p99 at most 115 % of stable) judges simulated canaries. The gate's own code judges; quantiles are of the
 * window's requests, in buckets 2 % apart.
 */
export const measure = async (): Promise<{ name: string; figures: Record<string, string> }[]> =>
  spreads.flatMap((spread) =>
    traffics.map((perMinute) => {
      const stable = healthy(perMinute, spread);
      const well = judgeCanaries(stable, stable, runs);
      const ranges = rangesTold(well);
      return {
        name: `canary at 50 %, ${perMinute.toLocaleString('en')} requests/min, latency spread ${spread}`,
        figures: {
          runs: `${runs.toLocaleString('en')} each`,
          'healthy: FAIL': percent(shareOf(well, ({ verdict }) => verdict === 'FAIL')),
          PASS: percent(shareOf(well, ({ verdict }) => verdict === 'PASS')),
          BLIND: percent(shareOf(well, isBlind)),
          ...(ranges === '' ? {} : { 'range told': ranges }),
          'p99 + 50 %, caught in the soak': percent(shareOf(judgeCanaries(slow(stable), stable, runs), isCaught)),
          'errors 0.3 % to 3 %, caught': percent(shareOf(judgeCanaries(failing(stable), stable, runs), isCaught)),
          budget: budgetOf(perMinute, spread),
        },
      };
    }),
  );

import { parseExpression } from '../../src/gates/expression.ts';
import { type GateOptions, type GateRules, gateRules } from '../../src/gates/gate-rules.ts';
import type { MetricCheck, MetricReading, ScalarAnswer } from '../../src/gates/metric.ts';
import { metricSample } from '../../src/gates/metric-sample.ts';
import { gateProgress } from '../../src/gates/progress.ts';
import { queryFacts } from '../../src/gates/query-facts.ts';
import type { Verdict } from '../../src/gates/sample.ts';
import { judge, takeSamples } from '../../src/gates/verdict.ts';
import { randomOf, requestsOf, type Service, type Shown } from './traffic.ts';

/** A stage of a canary deployment whose gate is judged by the same code that judges a real one. */
export interface Stage {
  readonly canary: Service;
  readonly stable: Service;
  readonly seed: number;
  /** Range of the queries, minutes; the shipped canary's is 2. */
  readonly rangeMinutes?: number;
}

export interface StageResult {
  readonly verdict: Verdict;
  readonly because: string | null;
  /** It came before the soak was over. */
  readonly isInSoak: boolean;
}

const slotSeconds = 15;
const forMs = 15 * 60_000;

type QueryOf = (track: string, range: string) => string;

const latency =
  (quantile: number): QueryOf =>
  (track, range) =>
    `histogram_quantile(${quantile}, sum by (le) (rate(http_request_duration_seconds_bucket{track="${track}"}[${range}])))`;
const errors: QueryOf = (track, range) =>
  `(sum(rate(http_requests_total{track="${track}",code=~"5.."}[${range}])) or vector(0)) / sum(rate(http_requests_total{track="${track}"}[${range}]))`;

const metric = (
  name: string,
  written: string,
  meaning: MetricCheck['meaning'],
  range: string,
  queryOf: QueryOf,
): MetricCheck => {
  const parsed = parseExpression(written, meaning);
  if (!('expression' in parsed)) throw new Error(parsed.message);
  const query = queryOf('canary', range);
  const { rangeMs, quantile } = queryFacts(query);
  return {
    kind: 'metric',
    name,
    title: name,
    query,
    stable: queryOf('stable', range),
    traffic: `sum(rate(http_requests_total{track="canary"}[${range}]))`,
    freshness: null,
    scrapeMs: null,
    counts: false,
    meaning,
    expression: parsed.expression,
    rangeMs,
    quantile,
    floor: null,
    shiftMs: null,
    hash: name,
  };
};

const seconds = { unit: 'seconds', worse: 'higher' } as const;
const ratio = { unit: 'ratio', worse: 'higher' } as const;

/** The checks of the shipped canary at 50 %, with the rules of its gate. */
const stageOf = (rangeMinutes: number): { readonly checks: readonly MetricCheck[]; readonly rules: GateRules } => {
  const range = `${rangeMinutes}m`;
  const checks = [
    metric('error-rate', 'stable + 1pp', ratio, range, errors),
    metric('p95', '110% of stable', seconds, range, latency(0.95)),
    metric('p99', '115% of stable', seconds, range, latency(0.99)),
  ];
  return { checks, rules: gateRules({ ...defaults, forMs }, checks) };
};

const defaults: GateOptions = {
  forMs: null,
  withinMs: null,
  settleMs: null,
  everyMs: null,
  breach: null,
  minLooks: null,
  holdTimeoutMs: null,
};

const stages = new Map<number, ReturnType<typeof stageOf>>();

const stageFor = (rangeMinutes: number): ReturnType<typeof stageOf> => {
  const known = stages.get(rangeMinutes) ?? stageOf(rangeMinutes);
  stages.set(rangeMinutes, known);
  return known;
};

const answer = (value: number | null): ScalarAnswer =>
  value === null ? { kind: 'missing', missing: 'nan' } : { kind: 'value', value };

const valueOf = ({ name }: MetricCheck, { requests, failed, quantile }: Shown): ScalarAnswer => {
  if (name === 'error-rate') return answer(requests === 0 ? null : failed / requests);
  return answer(quantile(name === 'p95' ? 0.95 : 0.99));
};

const fresh = { kind: 'known', ms: slotSeconds * 1000 } as const;

/** Runs the gate from the change at 0 to its verdict, or to the end of its hold-timeout. */
export const runStage = ({ canary, stable, seed, rangeMinutes = 2 }: Stage): StageResult => {
  const { checks, rules } = stageFor(rangeMinutes);
  const windowSlots = (rangeMinutes * 60) / slotSeconds;
  const soakMs = rules.settleMs + forMs;
  const random = randomOf(seed);
  const own = requestsOf(canary, slotSeconds, windowSlots, random);
  const control = requestsOf(stable, slotSeconds, windowSlots, random);
  const end = soakMs + rules.holdTimeoutMs + 60_000;
  let progress = gateProgress(0, checks.length, 0);
  for (let at = slotSeconds * 1000; ; at += slotSeconds * 1000) {
    own.advance();
    control.advance();
    const [here, there] = [own.shown(), control.shown()];
    const traffic = answer(here.requests / (windowSlots * slotSeconds));
    const samples = checks.map((check, index) => {
      const reading: MetricReading = {
        at,
        value: valueOf(check, here),
        stable: valueOf(check, there),
        traffic,
        age: fresh,
        stableAge: fresh,
        counts: null,
        warnings: [],
        infos: [],
      };
      return { check: index, sample: metricSample(check, reading, { baseline: null }) };
    });
    progress = takeSamples(progress, rules, samples);
    const { verdict, because } = judge(progress, rules, at);
    if (verdict === 'PASS' || verdict === 'FAIL' || at >= end) return { verdict, because, isInSoak: at <= soakMs };
  }
};

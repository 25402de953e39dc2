import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExpression } from '../../src/gates/expression.ts';
import { type GateRules, gateRules } from '../../src/gates/gate-rules.ts';
import type { MetricCheck, MetricReading, ScalarAnswer } from '../../src/gates/metric.ts';
import { metricSample } from '../../src/gates/metric-sample.ts';
import { gateProgress } from '../../src/gates/progress.ts';
import type { Verdict } from '../../src/gates/sample.ts';
import { judge, takeSamples } from '../../src/gates/verdict.ts';
import { interpolate, type Lookup } from '../../src/runbook/interpolate.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Metric, Phase, Step } from '../../src/runbook/model.ts';
import { renderMetric } from '../../src/session/metric-of.ts';
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

interface StageGate {
  readonly checks: readonly MetricCheck[];
  readonly rules: GateRules;
  readonly forMs: number;
}

const stepsIn = (phases: readonly Phase[]): readonly Step[] => {
  const withNested = (step: Step): readonly Step[] => [step, ...step.steps.flatMap(withNested)];
  return phases.flatMap(({ steps, phases: more }) => [...steps.flatMap(withNested), ...stepsIn(more)]);
};

/** The metrics of the shipped canary's gate at 50 %, with the defaults of its inputs; its pods and health are not simulated. */
const stageOf = (rangeMinutes: number): StageGate => {
  const path = join(import.meta.dirname, '../../runbooks/canary.md');
  const { runbook } = loadRunbook(readFileSync(path), { path, offPath: 'auto' });
  const gate = stepsIn(runbook?.phases ?? [])
    .flatMap(({ actions }) => actions)
    .flatMap((action) => (action.kind === 'gate' && action.gate.name === 'soak-50' ? [action.gate] : []))[0];
  if (runbook === null || gate === undefined || gate.forMs === null) throw new Error('no soak at 50 %');
  const given: Readonly<Record<string, string>> = { service: 'checkout', range: `${rangeMinutes}m` };
  const lookup: Lookup = (name) =>
    given[name] ?? runbook.inputs.find((input) => input.name === name)?.default ?? undefined;
  const checks = gate.checks.flatMap(({ source, expression }) => {
    const metric = runbook.metrics.find(({ name }) => name === source);
    return metric === undefined || expression === null ? [] : [checkOf(metric, expression, lookup)];
  });
  return { checks, rules: gateRules(gate, checks), forMs: gate.forMs };
};

const checkOf = (declared: Metric, written: string, lookup: Lookup): MetricCheck => {
  const { problem, ...metric } = renderMetric(declared, lookup);
  const parsed = parseExpression(interpolate(written, lookup, 'plain').text, metric.meaning);
  if (problem !== null || !('expression' in parsed)) throw new Error(`${metric.name}: ${problem ?? written}`);
  return { kind: 'metric', ...metric, counts: false, expression: parsed.expression, floor: null, shiftMs: null };
};

const stages = new Map<number, StageGate>();

/** The gate with queries over a range of that many minutes. */
export const stageFor = (rangeMinutes: number): StageGate => {
  const known = stages.get(rangeMinutes) ?? stageOf(rangeMinutes);
  stages.set(rangeMinutes, known);
  return known;
};

const answer = (value: number | null): ScalarAnswer =>
  value === null ? { kind: 'missing', missing: 'nan' } : { kind: 'value', value };

const valueOf = ({ quantile }: MetricCheck, shown: Shown): ScalarAnswer => {
  if (quantile === null) return answer(shown.requests === 0 ? null : shown.failed / shown.requests);
  return answer(shown.quantile(quantile));
};

const fresh = { kind: 'known', ms: slotSeconds * 1000 } as const;

/** Runs the gate from the change at 0 to its verdict, or to the end of its hold-timeout. */
export const runStage = ({ canary, stable, seed, rangeMinutes = 2 }: Stage): StageResult => {
  const { checks, rules, forMs } = stageFor(rangeMinutes);
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

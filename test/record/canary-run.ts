import type { Baseline, MetricCheck, MetricReading } from '../../src/gates/metric.ts';
import { metricSample } from '../../src/gates/metric-sample.ts';
import type { Sample } from '../../src/gates/sample.ts';
import { dueBaselines } from '../../src/session/baseline-due.ts';
import { decideBaseline } from '../../src/session/baseline-tick.ts';
import { runningGates } from '../../src/session/gate-state.ts';
import { decideGates, type GateAnswer } from '../../src/session/gate-tick.ts';
import { metricsOf } from '../../src/session/metric-of.ts';
import { Keeper } from '../session/keeper.ts';

/** A canary whose p99 fails at 50 % and is rolled back, as its operator, engine and metrics server would write it down. */

const latency = (quantile: string, track: string): string =>
  `histogram_quantile(${quantile}, sum by (le) (rate(http_request_duration_seconds_bucket{service="\${service}",track="${track}"}[1m])))`;
const errors = (track: string): string =>
  `(sum(rate(http_requests_total{service="\${service}",track="${track}",code=~"5.."}[1m])) or vector(0)) / sum(rate(http_requests_total{service="\${service}",track="${track}"}[1m]))`;
const traffic = 'sum(rate(http_requests_total{service="${service}",track="canary"}[1m]))';

const metric = (name: string, title: string, unit: string, query: (track: string) => string): string => `  ${name}:
    title: ${title}
    query: '${query('canary')}'
    stable: '${query('stable')}'
    unit: ${unit}
    worse: higher
    traffic: '${traffic}'
`;

export const canary = `---
gonogo: 1
kind: canary
title: Canary
inputs:
  service: { prompt: Service }
  version: { prompt: New version }
  previous-version: { prompt: Previous version }
metrics:
${metric('error-rate', 'Error rate', 'ratio', errors)}${metric('p95', 'p95 latency', 'seconds', (track) => latency('0.95', track))}${metric('p99', 'p99 latency', 'seconds', (track) => latency('0.99', track))}  checkouts:
    title: Checkouts
    query: 'sum(rate(checkouts_total{service="\${service}"}[1m]))'
    unit: per-second
    worse: lower
rollback:
  runbook: rollback.md
  with: { service: '\${service}' }
  when:
    - error-rate: '> 5%'
    - checkouts: '< 70% of baseline'
    - pods: failing
---
# Canary

## Setup

- [ ] Baseline of checkouts
  \`\`\`baseline
  metrics: [checkouts]
  window: 30m
  \`\`\`

## 50 % of traffic

1. Scale the canary to 5

   \`\`\`sh
   kubectl scale deployment/checkout-canary --replicas=5
   \`\`\`

- [ ] Soak: errors, p95, p99
  \`\`\`gate
  error-rate: stable + 1pp
  p95: '<= 110% of stable'
  p99: '<= 115% of stable'
  for: 15m
  \`\`\`

## 100 %

1. Set the image of the stable deployment

   \`\`\`sh
   kubectl set image deployment/checkout checkout=registry/checkout:v2.3.0
   \`\`\`
`;

const rollback = `---
gonogo: 1
kind: rollback
title: Roll back the canary
inputs:
  service: { prompt: Service }
---
# Roll back the canary

## Back

1. Scale the canary to 0

   \`\`\`sh
   kubectl scale "deployment/$SERVICE-canary" --replicas=0
   \`\`\`

- [ ] Error rate is normal
`;

/** Values of one moment, in the unit of their query; null = the source is silent. */
export interface Moment {
  readonly 'error-rate': readonly [canary: number, stable: number];
  readonly p95: readonly [canary: number, stable: number];
  readonly p99: readonly [canary: number, stable: number];
  readonly checkouts: number;
}

export const healthy: Moment = {
  'error-rate': [0.0034, 0.0031],
  p95: [0.187, 0.181],
  p99: [0.41, 0.398],
  checkouts: 6.8,
};

export class CanaryRun extends Keeper {
  constructor(text = canary) {
    super(text, {
      inputs: { service: 'checkout', version: 'v2.3.0', 'previous-version': 'v2.2.5' },
      workloads: ['deployment/checkout', 'deployment/checkout-canary'],
      others: [{ path: 'rollback.md', purpose: 'rollback', with: { service: '${service}' }, text: rollback }],
    });
  }

  #reading(name: keyof Moment, now: Moment): MetricReading {
    const values = now[name];
    const [own, control] = typeof values === 'number' ? [values, null] : values;
    const value = (number: number) => ({ kind: 'value', value: number }) as const;
    return {
      at: this.now - 3000,
      value: value(own),
      stable: control === null ? null : value(control),
      traffic: control === null ? null : value(49.3),
      age: { kind: 'known', ms: 9000 },
      stableAge: control === null ? null : { kind: 'known', ms: 8000 },
      counts: null,
      warnings: [],
      infos: [],
    };
  }

  /** The engine's tick: every check of the running gates is answered. */
  measures(now: Moment): void {
    this.now += 15_000;
    this.ticks([]);
    const answers = runningGates(this.state).flatMap(({ frame, step, action, state, checks }) =>
      checks.flatMap(({ check, index }): readonly GateAnswer[] => {
        if (check?.kind !== 'metric') return [];
        const sample = this.sampleOf(check, now);
        return [{ frame: frame.number, step, action, try: state.try, check: index, sample }];
      }),
    );
    this.ticks(answers);
  }

  sampleOf(check: MetricCheck, now: Moment): Sample {
    const baseline = this.state.baselines[check.hash] ?? null;
    return metricSample(check, this.#reading(check.name as keyof Moment, now), { baseline });
  }

  ticks(answers: readonly GateAnswer[]): void {
    const decision = decideGates(this.state, answers, this.now);
    if (decision.ok) this.record(decision.events);
  }

  /** What the engine writes once a minute. */
  notes(now: Moment): void {
    const frame = this.state.frames[0];
    if (frame === undefined) return;
    const metrics = metricsOf(frame).map(({ name, hash }) => {
      const { value, stable } = this.#reading(name as keyof Moment, now);
      return {
        metric: name,
        hash,
        value: value.kind === 'value' ? value.value : null,
        stable: stable?.kind === 'value' ? stable.value : null,
        ageMs: 9000,
      };
    });
    this.record([{ type: 'metric.sampled', frame: 0, data: { metrics } }]);
  }

  captures(median: number, problem: string | null = null): void {
    for (const due of dueBaselines(this.state)) {
      const to = this.now;
      const from = to - due.windowMs;
      const metrics = due.metrics.map(
        ({ name, title, query, hash }): Baseline => ({
          metric: name,
          title,
          query,
          hash,
          from,
          to,
          stepMs: 60_000,
          values: Array.from({ length: 31 }, (_, i) => (i % 7 === 3 ? median * 1.04 : median)),
          median,
          mad: median * 0.01,
          p95: median * 1.04,
          count: 31,
          coverage: 1,
          counts: null,
          problem,
        }),
      );
      const decision = decideBaseline(this.state, { ...due, from, to, metrics }, this.now);
      if (decision.ok) this.record(decision.events);
    }
  }

  /** Confirms the command of a step, lets it end and takes its output as expected. */
  completes(step: string): void {
    if (!this.confirms('yes')) throw new Error(this.lastRefusal ?? 'refused');
    this.finishes(step);
  }

  finishes(step: string): void {
    const startedAt = this.now + 40;
    this.passes(2);
    this.ends({ startedAt, endedAt: this.now });
    this.passes(4);
    this.does({ type: 'pass', step });
  }

  passes(seconds: number): void {
    this.now += seconds * 1000;
  }
}

/** Up to the first changing command. */
export const prepared = (): CanaryRun => {
  const run = new CanaryRun();
  run.passes(20);
  run.captures(6.9);
  run.notes(healthy);
  run.passes(40);
  return run;
};

export const scaled = (): CanaryRun => {
  const run = prepared();
  run.completes('2.1');
  for (const criterion of [0, 1, 2])
    run.record([{ type: 'criterion.armed', frame: 0, data: { criterion, reference: null } }]);
  return run;
};

/** Soaks for a while, each 15 s with the values that are given for it. */
export const soaked = (values: readonly Moment[]): CanaryRun => {
  const run = scaled();
  for (const [i, now] of values.entries()) {
    run.measures(now);
    if (i % 4 === 3) run.notes(now);
  }
  return run;
};

export const slow: Moment = { ...healthy, p99: [0.548, 0.398] };

/** Its p99 rises after some minutes of the soak. */
export const failed = (): CanaryRun =>
  soaked([...Array.from({ length: 20 }, () => healthy), ...Array.from({ length: 14 }, () => slow)]);

export const rolledBack = (): CanaryRun => {
  const run = failed();
  run.passes(42);
  run.does({ type: 'rollback' });
  run.finishes('1.1');
  run.passes(60);
  run.notes({ ...healthy, checkouts: 6.7 });
  run.passes(5);
  run.does({ type: 'pass', step: '1.2' });
  run.passes(5);
  run.does({ type: 'finish' });
  return run;
};

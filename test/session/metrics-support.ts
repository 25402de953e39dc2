import type { Baseline, Figures } from '../../src/gates/metric.ts';
import { bad, good, type Sample } from '../../src/gates/sample.ts';
import { type BaselineMetric, type DueBaseline, dueBaselines } from '../../src/session/baseline-due.ts';
import { decideBaseline } from '../../src/session/baseline-tick.ts';
import type { Recorded, RunEvent } from '../../src/session/events.ts';
import { GateOperator } from './gate-operator.ts';

export const fence = (kind: string, body: string): string =>
  `  \`\`\`${kind}\n  ${body.split('\n').join('\n  ')}\n  \`\`\`\n`;

/** Front matter of a runbook with an error rate and a p95, of a canary and its control. */
export const metricsHeader = (more = ''): string => `---
gonogo: 1
kind: canary
inputs:
  service: { prompt: Service, default: checkout }
  limit: { type: number, default: 1 }
metrics:
  error-rate:
    title: Error rate
    query: (sum(rate(http_total{service="\${service}",track="canary",code=~"5.."}[1m])) or vector(0)) / sum(rate(http_total{service="\${service}",track="canary"}[1m]))
    stable: (sum(rate(http_total{service="\${service}",track="stable",code=~"5.."}[1m])) or vector(0)) / sum(rate(http_total{service="\${service}",track="stable"}[1m]))
    unit: ratio
    worse: higher
  p95:
    title: p95
    query: histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket{service="\${service}",track="canary"}[5m])))
    stable: histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket{service="\${service}",track="stable"}[5m])))
    unit: seconds
    worse: higher
${more}---
# Deploy \${service}

`;

export const inputs = { service: 'checkout', limit: '1' };

/** A full baseline of what is due, unless said otherwise. */
export const baselineRead = (
  { name, title, query, hash }: BaselineMetric,
  to: number,
  change: Partial<Baseline> = {},
): Baseline => ({
  metric: name,
  title,
  query,
  hash,
  from: to - 30 * 60_000,
  to,
  stepMs: 60_000,
  values: Array.from({ length: 30 }, () => 0.2),
  median: 0.2,
  mad: 0,
  p95: 0.2,
  count: 30,
  coverage: 1,
  counts: null,
  problem: null,
  ...change,
});

/** An operator whose metrics server answers as the test says. */
export class MetricsOperator extends GateOperator {
  // Filled while the run is opened, before fields of this class would be.
  declare lines: Recorded[];

  override record(events: readonly RunEvent[]): void {
    super.record(events);
    this.lines ??= [];
    for (const event of events) {
      const seq = this.lines.length;
      const actor = this.state.operator;
      this.lines.push({ ...event, seq, at: this.now, mono: 0, boot: '', session: '', actor, h: this.state.head });
    }
  }

  get due(): DueBaseline {
    const [due] = dueBaselines(this.state);
    if (due === undefined) throw new Error('no baseline is due');
    return due;
  }

  /** The due baseline is read; false when nobody waited for it. */
  reads(change: Partial<Baseline> | null = {}, due: DueBaseline = this.due): boolean {
    const { frame, step, action, try: number, metrics } = due;
    const answered = change === null ? [] : metrics.map((metric) => baselineRead(metric, this.now, change));
    const answer = { frame, step, action, try: number, from: this.now - due.windowMs, to: this.now, metrics: answered };
    const decision = decideBaseline(this.state, answer, this.now);
    if (!decision.ok) throw new Error(decision.refusal.message);
    this.effects.push(...decision.effects);
    this.record(decision.events);
    return decision.events.length > 0;
  }
}

export const figures = (value: number, change: Partial<Figures> = {}): Figures => ({
  value,
  stable: null,
  baseline: null,
  limits: [],
  ageMs: 9_000,
  traffic: null,
  counts: null,
  ...change,
});

export const goodMetric =
  (value: number, change: Partial<Figures> = {}) =>
  (at: number): Sample => ({
    ...good(at, `${value}`),
    figures: figures(value, change),
  });

export const badMetric =
  (value: number, change: Partial<Figures> = {}) =>
  (at: number): Sample => ({
    ...bad(at, `${value}`, 'over its limit'),
    figures: figures(value, change),
  });

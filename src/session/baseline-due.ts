import type { Baseline as BaselineAction } from '../runbook/model.ts';
import { clock } from '../text/duration.ts';
import { inTurn } from './in-turn.ts';
import { type MetricOf, metricsOf } from './metric-of.ts';
import type { FrameState, SessionState } from './state.ts';
import { type Place, places, stepStateOf } from './walk.ts';

/** A baseline whose turn has come: the metrics server is asked for the past window, and `decideBaseline` is told. */
export interface DueBaseline {
  readonly frame: number;
  readonly step: string;
  readonly action: number;
  /** 1 for the first; an answer to an earlier one is not taken. */
  readonly try: number;
  readonly windowMs: number;
  readonly metrics: readonly BaselineMetric[];
}

/** A metric with a `problem` cannot be asked. */
export interface BaselineMetric extends MetricOf {
  /** A gate compares it with its baseline by Fisher's test: the events of the window are counted too. */
  readonly counts: boolean;
}

/** Metrics that the action names and the runbook declares. */
export const baselineMetrics = (frame: FrameState, { metrics }: BaselineAction): readonly BaselineMetric[] => {
  const byFisher = places(frame.runbook).flatMap(({ step }) =>
    step.actions.flatMap((action) =>
      action.kind === 'gate'
        ? action.gate.checks.flatMap(({ source, expression }) => (/\(fisher\)/.test(expression ?? '') ? [source] : []))
        : [],
    ),
  );
  return metricsOf(frame)
    .filter(({ name }) => metrics.includes(name))
    .map((metric) => ({ ...metric, counts: byFisher.includes(metric.name) }));
};

/** Baselines begin by themselves like gates, and beside them: they change nothing. */
export const dueBaselines = (state: SessionState): readonly DueBaseline[] =>
  inTurn(state, 'baseline', ['gate']).flatMap(({ frame, place, index, action }) =>
    action.kind === 'baseline' ? [dueAt(frame, place, index, action.baseline)] : [],
  );

const dueAt = (frame: FrameState, place: Place, action: number, baseline: BaselineAction): DueBaseline => ({
  frame: frame.number,
  step: place.step.id,
  action,
  try: stepStateOf(frame, place.step).tries,
  windowMs: baseline.windowMs,
  metrics: baselineMetrics(frame, baseline),
});

/** `reads the last 30:00 of Error rate, p95`. */
export const capturingWords = (frame: FrameState, baseline: BaselineAction): string =>
  `the last ${clock(baseline.windowMs)} of ${baselineMetrics(frame, baseline)
    .map(({ title }) => title)
    .join(', ')} are read`;

import type { Baseline as BaselineAction } from '../runbook/model.ts';
import { clock } from '../text/duration.ts';
import { falseCondition } from './condition.ts';
import { type MetricOf, metricsOf } from './metric-of.ts';
import type { FrameState, SessionState } from './state.ts';
import { isDue, isOpenPlace, nextAction, type Place, places, position, stepStateOf } from './walk.ts';

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

/**
 * Baselines begin by themselves like gates: in the phase the operator is in, once the commands, questions and decisions
 * before them are done. They change nothing, and checks by hand go on beside them.
 */
export const dueBaselines = (state: SessionState): readonly DueBaseline[] => {
  const frame = state.frames[state.frame];
  if (frame === undefined || frame.restricted || frame.closed !== null) return [];
  if (state.left || state.finished !== null || state.paused !== null) return [];
  const at = position(frame);
  if (at.kind !== 'step') return [];
  const due: DueBaseline[] = [];
  for (const place of places(frame.runbook)) {
    if (place.offPath || place.phase !== at.place.phase || !isOpenPlace(frame, place)) continue;
    const own = stepStateOf(frame, place.step);
    if (own.status === 'failed' || own.status === 'attention') break;
    const index = nextAction(frame, place.step);
    if (index === null) {
      if (place.step.actions.some((action) => isDue(frame, action))) break;
      continue;
    }
    const action = place.step.actions[index];
    if (action?.kind === 'gate') continue;
    if (action?.kind !== 'baseline') break;
    if (falseCondition(frame, place) !== null) continue;
    due.push(dueAt(frame, place, index, action.baseline));
  }
  return due;
};

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

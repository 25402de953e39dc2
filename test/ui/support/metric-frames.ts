import type { EngineView, MetricView } from '../../../src/engine/view.ts';
import { nowOf } from './checkout.ts';
import { cluster, rolledOut } from './cluster-facts.ts';
import { type Drawn, drawnOver } from './gate-frames.ts';
import { canaryLibrary, metricRuns, metricViews, silentViews } from './metric-runs.ts';

const silentMs = 400_000;

/** What the engine would show beside each of the runs. */
const metricsOf = (run: keyof typeof metricRuns, now: number): readonly MetricView[] =>
  run === 'blind' || run === 'known' ? silentViews(now, silentMs) : metricViews(now, run === 'failed');

const criteria = (now: number, silent: boolean): EngineView['criteria'] => [
  {
    value: silent ? '' : '0.34 %',
    because: silent ? 'connection refused' : null,
    at: now - 9000,
    notYet: false,
    isBad: false,
  },
  { value: '0 failing', because: null, at: now - 2000, notYet: false, isBad: false },
];

/** What there is to see of a run with metrics. */
export const metricView = (run: keyof typeof metricRuns): Partial<EngineView> => {
  const now = nowOf(metricRuns[run]());
  return {
    now,
    cluster: run === 'failed' ? rolledOut(now) : cluster(now),
    criteria: criteria(now, run === 'blind' || run === 'known'),
    metrics: metricsOf(run, now),
  };
};

/** The run screen over a run with metrics, without a terminal. */
export const metricsDrawn = (
  run: keyof typeof metricRuns,
  more: Partial<EngineView> = {},
  environment?: Readonly<Record<string, string>>,
): Drawn => drawnOver(canaryLibrary, metricRuns[run](), { ...metricView(run), ...more }, environment);

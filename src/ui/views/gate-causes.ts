import type { EngineView, MetricView } from '../../engine/view.ts';
import { amountWords } from '../../gates/amount-words.ts';
import type { GateView } from '../../session/gate-view.ts';
import { changesMade } from '../../session/happenings.ts';
import { pastSince } from '../../session/metric-limits.ts';
import { timeOfDay } from '../../text/duration.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { blank, labelled, type Row, row } from '../rows.ts';
import { metricFigure } from './metric-chart.ts';
import type { StepView } from './step.ts';

const windowMs = 30 * 60_000;
const mostChanges = 3;
/** A control that stays within this share of where it was does not move. */
const still = 0.1;

/** The metric that a gate is about now: the first that failed, else, while it is judged, the first of all. */
const aboutMetric = ({ metrics }: EngineView, { rows, word }: GateView): MetricView | null => {
  const failed = rows.find((each) => each.word === 'FAIL' && each.metric !== null);
  const first =
    failed ?? (word === 'wait' || word === 'BLIND' ? rows.find(({ metric }) => metric !== null) : undefined);
  return metrics.find(({ name }) => name === first?.metric?.name) ?? null;
};

/** Below the table of a gate, in what room is left: what changed before it failed, and the chart of its metric. */
export const causeRows = ({ view, width, theme }: StepView, gate: GateView, height: number): readonly Row[] => {
  const metric = aboutMetric(view, gate);
  if (metric === null) return [];
  const changed = gate.word === 'FAIL' ? changedRows(view, metric, width) : [];
  const below = changed.length === 0 || changed.length > height ? [] : changed;
  const chart = metricFigure(
    view,
    metric,
    width,
    Math.min(16, height - below.length - (below.length === 0 ? 0 : 1)),
    theme,
  );
  return [...chart, ...(chart.length === 0 || below.length === 0 ? [] : [blank]), ...below];
};

/** What this run and others changed in the last half hour, and since when the metric has been past its limit. */
const changedRows = (view: EngineView, metric: MetricView, width: number): readonly Row[] => {
  const { session, cluster, now } = view;
  const changes = changesMade(session, cluster?.foreignChanges ?? [])
    .filter(({ at }) => now - at <= windowMs)
    .slice(-mostChanges)
    .map(({ at, kind, what, by }) => ({
      at,
      text:
        kind === 'foreign'
          ? `${what}, by ${by ?? 'others'}`
          : `${by === session.operator ? 'you' : (by ?? '')}: ${what}`,
    }));
  const since = pastSince(metric);
  const past = since === null ? [] : [{ at: since, text: riseWords(metric, since) }];
  const all = [...changes, ...past].toSorted((a, b) => a.at - b.at);
  if (all.length === 0) return [];
  return [
    row(safeText('What changed'), { bold: true }),
    ...all.flatMap(({ at, text }) => labelled(safe`  ${timeOfDay(at)}  `, safeLine(text), width)),
  ];
};

/** `p99 of the canary is past its limit; stable stays near 398 ms`. */
const riseWords = ({ title, history, unit, stable }: MetricView, since: number): string => {
  const controls = history.flatMap(({ at, stable: value }) => (value === null || at < since ? [] : [value]));
  const before = history.findLast(({ at, stable: value }) => at < since && value !== null)?.stable ?? null;
  if (stable === null) return `${title} is past its limit from here on`;
  const calm =
    before !== null && before !== 0 && controls.every((value) => Math.abs(value - before) <= Math.abs(before) * still);
  return `${title} of the canary is past its limit from here on${calm ? `; stable stays near ${amountWords(stable, unit)}` : ''}`;
};

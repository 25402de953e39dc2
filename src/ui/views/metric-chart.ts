import type { EngineView, MetricView } from '../../engine/view.ts';
import { amountWords } from '../../gates/amount-words.ts';
import { limitWords } from '../../gates/limits.ts';
import type { Baseline } from '../../gates/metric.ts';
import { changesMade, type Happening, stageStarts } from '../../session/happenings.ts';
import { isPastLimit, limitValues } from '../../session/metric-limits.ts';
import { isAnswered } from '../../session/metric-live.ts';
import { type SafeText, safe, safeLine } from '../../text/safe-text.ts';
import type { Range } from '../../text/sparkline.ts';
import { widthOf } from '../../text/width.ts';
import { type Chart, chartRows } from '../chart.ts';
import { type Row, row, type Span, type Style, span } from '../rows.ts';
import type { Theme } from '../theme.ts';

const windowMs = 30 * 60_000;
const stepMs = 15_000;
/** A change at the start of a stage is what the stage is about. */
const togetherMs = 60_000;
/** Median absolute deviations around the median that most values of a calm metric stay within. */
const usualSpread = 3;

/** Where values were before the change; null without a baseline of this query. */
const bandOf = ({ hash, baseline }: MetricView, baselines: Readonly<Record<string, Baseline>>): Range | null => {
  const { median = null, mad = null } = baselines[hash] ?? {};
  if (median !== null && mad !== null) return { low: median - usualSpread * mad, high: median + usualSpread * mad };
  return baseline === null ? null : { low: baseline, high: baseline };
};

/** Stages, and the changes that did not just begin one. */
const marksOf = ({ session, cluster }: EngineView): Chart['marks'] => {
  const stages = stageStarts(session);
  const changes = changesMade(session, cluster?.foreignChanges ?? []).filter(
    ({ at }) => !stages.some((stage) => Math.abs(stage.at - at) < togetherMs),
  );
  const label = ({ kind, what, by }: Happening): string => (kind === 'foreign' ? `by ${by ?? 'others'}` : what);
  return [...stages, ...changes]
    .toSorted((a, b) => a.at - b.at)
    .map((each) => ({ at: each.at, label: safeLine(label(each)) }));
};

/** A metric of the last half hour with its limit, what it was before the change, and when something was done. */
export const metricChart = (
  view: EngineView,
  metric: MetricView,
  width: number,
  height: number,
  theme: Theme,
): readonly Row[] => {
  const { unit, history, worse } = metric;
  const chart: Chart = {
    from: view.now - windowMs,
    to: view.now,
    points: history,
    control: history.map(({ at, stable }) => ({ at, value: stable })),
    stepMs,
    worse,
    limits: limitValues(metric),
    isPast: (value) => isPastLimit(metric, value),
    band: bandOf(metric, view.session.baselines),
    marks: marksOf(view),
    words: (value) => amountWords(value, unit),
    faded: !isAnswered(metric),
  };
  return chartRows(chart, width, height, theme);
};

interface Entry {
  readonly glyph: string;
  readonly text: SafeText;
  readonly style: Style;
}

/** `458 ms: 115 % of stable`; a rule that is the limit itself, or its comparison, says nothing more. */
const limitText = (limit: string, rule: string): string =>
  [limit, rule.replace(/^[<>=]+ */, '') === limit ? '' : rule].filter((part) => part !== '').join(': ');

/** What the lines of the chart are, with their values now; wrapped between entries. */
export const legendRows = (view: EngineView, metric: MetricView, width: number, theme: Theme): readonly Row[] => {
  const { chart } = theme.glyph;
  const { unit, value, stable, limits } = metric;
  const words = (amount: number | null): string => (amount === null ? 'no value' : amountWords(amount, unit));
  const faded: Style = isAnswered(metric) ? {} : { dim: true };
  const rules = limits.map(({ rule, values }) => limitText(limitWords(values, unit), rule));
  const band = bandOf(metric, view.session.baselines);
  const entries: readonly Entry[] = [
    {
      glyph: chart.line.level,
      text: safe`${stable === null ? 'now' : 'canary'} ${words(value)}`,
      style: { bold: true, ...faded },
    },
    ...(stable === null ? [] : [{ glyph: chart.control, text: safe`stable ${words(stable)}`, style: faded }]),
    ...[...new Set(rules)].map(
      (rule): Entry => ({
        glyph: chart.limit,
        text: safe`limit ${safeLine(rule)}`,
        style: isAnswered(metric) ? { tone: 'fail' } : faded,
      }),
    ),
    ...(band === null
      ? []
      : [{ glyph: chart.band, text: safe`before ${bandWords(band, unit)}`, style: { dim: true } }]),
  ];
  return packed(entries, width);
};

const bandWords = ({ low, high }: Range, unit: MetricView['unit']): string =>
  low === high ? amountWords(low, unit) : `${amountWords(low, unit)} to ${amountWords(high, unit)}`;

const packed = (entries: readonly Entry[], width: number): readonly Row[] => {
  const rows: Span[][] = [];
  let left = 0;
  for (const { glyph, text, style } of entries) {
    const size = widthOf(text) + 3;
    const fits = rows.length > 0 && size + 3 <= left;
    if (!fits) rows.push([]);
    rows
      .at(-1)
      ?.push(
        span(safe`${fits ? '   ' : ''}${glyph.repeat(2)} `, style),
        span(text, style.tone === undefined ? style : {}),
      );
    left = (fits ? left - 3 : width) - size;
  }
  return rows;
};

/** `p99, last 30 minutes`. */
export const chartTitle = ({ title }: MetricView): Row =>
  row(safe`${safeLine(title)}, last 30 minutes`, { bold: true });

/** The chart of a metric below the table of its gate, in `height` rows; empty where that is too few. */
export const metricFigure = (
  view: EngineView,
  metric: MetricView,
  width: number,
  height: number,
  theme: Theme,
): readonly Row[] => {
  const legend = legendRows(view, metric, width, theme);
  const room = height - legend.length - 1;
  if (room < 8 || width < 40) return [];
  return [chartTitle(metric), ...legend, ...metricChart(view, metric, width, room, theme)];
};

import type { EngineView, MetricView } from '../../engine/view.ts';
import { limitWords } from '../../gates/limits.ts';
import type { VerdictWord } from '../../gates/sample.ts';
import { ageWords, answerWords, dataAgeMs, isAnswered, silenceOf } from '../../session/metric-live.ts';
import { type SafeText, safe, safeLine, safeText } from '../../text/safe-text.ts';
import { padTo, widthOf } from '../../text/width.ts';
import { blank, fitRow, labelled, type Row, row, span, wrapRows } from '../rows.ts';
import type { MetricsDialog } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { wordTone } from './cluster-panel.ts';
import type { DialogView } from './dialog-view.ts';
import type { DialogContext } from './dialogs.ts';
import { legendRows, metricChart } from './metric-chart.ts';
import { freshnessWords, metricWords, valueWords } from './metric-facts.ts';

/** The metric that is shown: the one that was chosen, else the worst. */
export const shownMetric = (view: EngineView, selected: string | null): MetricView | null => {
  const wordOf = metricWords(view);
  const worst = (['FAIL', 'BLIND', 'wait'] as const).map((word) => view.metrics.find((each) => wordOf(each) === word));
  const chosen = selected === null ? undefined : view.metrics.find(({ name }) => name === selected);
  return chosen ?? worst.find((each) => each !== undefined) ?? view.metrics[0] ?? null;
};

/** All metrics as a list, and the chart of one of them. */
export const metricsView = (dialog: MetricsDialog, { view, theme, columns, height }: DialogContext): DialogView => {
  const metric = shownMetric(view, dialog.selected);
  const base = { scroll: 0, menu: null, fixed: [], keys: safeText('j k metric   v evidence   Esc back') } as const;
  const enter = safeText('j and k show the other metrics.  Esc goes back.');
  if (metric === null)
    return { ...base, title: safeText('Metrics'), rows: [row(safeText('This runbook asks for no metrics.'))], enter };
  // The dialog's title and the rule below it.
  const room = height - 2;
  const list = listRows(view, metric, columns, Math.max(1, Math.floor(room / 4)), theme);
  const legend = legendRows(view, metric, columns, theme);
  const silence = silenceOf(view.metrics, view.now);
  const why = reasonRows(metric, view.now, columns);
  const facts = factRows(metric, columns);
  const above = [...list, blank, ...why, ...legend];
  const least = 9;
  const shown = above.length + facts.length + 1 + least <= room ? [blank, ...facts] : [];
  const chart = metricChart(view, metric, columns, Math.min(24, room - above.length - shown.length), theme);
  const title = safe`Metrics ${theme.glyph.open} ${silence === null ? freshnessWords(view.metrics, view.now) : safe`BLIND: ${safeLine(silence.because)}`}`;
  return { ...base, title, rows: [...above, ...chart, ...shown], enter };
};

/** As many metrics around the one that is shown as fit. */
const listRows = (view: EngineView, here: MetricView, width: number, most: number, theme: Theme): readonly Row[] => {
  const { metrics } = view;
  const wordOf = metricWords(view);
  const at = metrics.indexOf(here);
  const first = Math.max(0, Math.min(at - Math.floor(most / 2), metrics.length - most));
  const title = Math.min(Math.max(...metrics.map((each) => widthOf(safeLine(each.title)))), Math.max(12, width - 34));
  const value = Math.max(...metrics.map((each) => widthOf(valueWords(each))));
  return metrics.slice(first, first + most).map((each, i, shown) => {
    const word = wordOf(each);
    const more = (first > 0 && i === 0) || (i === shown.length - 1 && first + most < metrics.length);
    return metricLine(each, { here: each === here, more, title, value, word, now: view.now, width, theme });
  });
};

interface Line {
  readonly here: boolean;
  readonly more: boolean;
  readonly title: number;
  readonly value: number;
  readonly word: VerdictWord;
  readonly now: number;
  readonly width: number;
  readonly theme: Theme;
}

const metricLine = (metric: MetricView, { here, more, title, value, word, now, width, theme }: Line): Row => {
  const live = isAnswered(metric);
  const age = dataAgeMs(metric, now);
  const said = [
    ...new Set(
      metric.limits.map(({ values }) => (values.length === 0 ? '' : `limit ${limitWords(values, metric.unit)}`)),
    ),
    live && age !== null ? `data ${ageWords(age)} old` : answerWords(metric, now),
  ].filter((part) => part !== '');
  const mark: SafeText = safe`${here ? theme.glyph.now : ' '} `;
  const name = padTo(safeLine(metric.title), title);
  return fitRow(
    [
      span(mark, { tone: 'now', bold: true }),
      span(safe`${name}  `, here ? { bold: true, tone: 'now' } : live ? {} : { dim: true }),
      span(safe`${padTo(safeLine(valueWords(metric)), value, 'right')}  `, live ? {} : { dim: true }),
      span(safe`${word.padEnd(7)}`, { tone: wordTone(word), bold: word !== 'ok' }),
      span(safe`${said.join('   ')}${more ? `   ${theme.glyph.more}` : ''}`, { dim: true }),
    ],
    width,
  );
};

/** Why it is not live, and why there is no past to draw. */
const reasonRows = (metric: MetricView, now: number, width: number): readonly Row[] => {
  const { historyProblem } = metric;
  const past =
    historyProblem === undefined
      ? []
      : wrapRows(safe`its past cannot be read: ${safeLine(historyProblem)}`, width, { tone: 'wait' });
  if (metric.state === 'live') return past;
  const words = [answerWords(metric, now), metric.because ?? ''].filter((part) => part !== '').join(': ');
  return [...wrapRows(safeLine(words), width, { tone: isAnswered(metric) ? 'wait' : 'blind', bold: true }), ...past];
};

const factRows = (metric: MetricView, width: number): readonly Row[] => {
  const { query, traffic, skewSeconds } = metric;
  const requests =
    traffic === null ? 'traffic unknown: no minimum of requests applies' : `${traffic.toFixed(1)} requests a second`;
  return [
    ...labelled(safeText('traffic  '), safeText(requests), width),
    ...(skewSeconds === null
      ? []
      : labelled(
          safeText('clock    '),
          safe`the server's clock is ${Math.abs(skewSeconds)} s ${skewSeconds > 0 ? 'ahead' : 'behind'}`,
          width,
          { tone: 'wait' },
        )),
    ...labelled(safeText('query    '), safe`${safeLine(query)}`, width, { dim: true }),
  ];
};

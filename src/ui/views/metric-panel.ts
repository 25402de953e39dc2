import type { EngineView, MetricView } from '../../engine/view.ts';
import type { VerdictWord } from '../../gates/sample.ts';
import { answerWords, isAnswered, isBlind, silenceOf } from '../../session/metric-live.ts';
import { safe, safeLine, safeText } from '../../text/safe-text.ts';
import { padTo, widthOf } from '../../text/width.ts';
import { leftRight, type Row, row, type Section, type Style, span, wrapRows } from '../rows.ts';
import type { Theme } from '../theme.ts';
import { wordTone } from './cluster-panel.ts';
import { clockWords, freshnessWords, metricWords, sparkSpans, valueWords } from './metric-facts.ts';

const mostSpark = 14;
const leastSpark = 8;
const leastTitle = 10;
const wordColumns = 5;

interface Columns {
  readonly title: number;
  readonly spark: number;
  readonly value: number;
}

/** Title, sparkline and value side by side; long titles are cut before the sparkline gives way. */
const columnsOf = (metrics: readonly MetricView[], width: number): Columns => {
  const whole = Math.max(0, ...metrics.map((each) => widthOf(safeLine(each.title))));
  const value = Math.max(0, ...metrics.map((each) => widthOf(valueWords(each))));
  const beside = width - value - wordColumns - 5;
  const title = Math.min(whole, Math.max(leastTitle, beside - leastSpark));
  const room = beside - title;
  return { title, value, spark: room < leastSpark ? 0 : Math.min(mostSpark, room) };
};

interface Drawn {
  readonly now: number;
  readonly columns: Columns;
  readonly width: number;
  readonly theme: Theme;
  /** A reason that is told for all of them. */
  readonly said: string | null;
}

const metricRows = (
  metric: MetricView,
  word: VerdictWord,
  { now, columns, width, theme, said }: Drawn,
): readonly Row[] => {
  const live = isAnswered(metric);
  const style: Style = live ? {} : { dim: true };
  const right: Row = [
    span(safe`${padTo(safeLine(valueWords(metric)), columns.value, 'right')}  `, style),
    span(safe`${word.padStart(wordColumns)}`, { tone: wordTone(word), bold: word !== 'ok' }),
  ];
  const spark = columns.spark === 0 ? [] : [span(safeText(' ')), ...sparkSpans(metric, now, columns.spark, theme)];
  const why = metric.state === 'live' ? '' : reasonWords(metric, now, said);
  const [first = [], ...rest] = wrapRows(
    safeLine(metric.title),
    Math.max(8, width - columns.value - wordColumns - 3),
    style,
  );
  const title = columns.spark === 0 ? first : [span(padTo(safeLine(metric.title), columns.title), style)];
  return [
    leftRight([...title, ...spark], right, width),
    ...(columns.spark === 0 ? rest : []),
    ...(why === '' ? [] : wrapRows(safeLine(why), width, { tone: isBlind(metric) ? 'blind' : 'wait' }, 2)),
  ];
};

/** Why it is not live; what is said for all of them is not said again. */
const reasonWords = (metric: MetricView, now: number, said: string | null): string => {
  if (metric.because !== null && metric.because === said) return '';
  return [answerWords(metric, now), metric.because ?? ''].filter((part) => part !== '').join(': ');
};

const severity: readonly VerdictWord[] = ['FAIL', 'BLIND', 'wait', 'ok'];

/** The worst first, else in the runbook's order. */
const worstFirst = (
  metrics: readonly MetricView[],
  wordOf: (metric: MetricView) => VerdictWord,
): readonly MetricView[] => metrics.toSorted((a, b) => severity.indexOf(wordOf(a)) - severity.indexOf(wordOf(b)));

export interface PanelPlace {
  /** Names of metrics that stand in the step's own table. */
  readonly shown: ReadonlySet<string>;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** A section of the column beside the step, of metrics that are not in the step's own table; null without any. */
export const metricSection = (view: EngineView, { shown, width, height, theme }: PanelPlace): Section | null => {
  const metrics = view.metrics.filter(({ name }) => !shown.has(name));
  if (metrics.length === 0 || height < 2) return null;
  const wordOf = metricWords(view);
  const silence = silenceOf(view.metrics, view.now);
  const clock = clockWords(view.metrics);
  const head =
    silence !== null
      ? wrapRows(safe`BLIND: ${safeLine(silence.because)}`, width, { tone: 'blind', bold: true })
      : clock === null
        ? []
        : wrapRows(clock, width, { tone: 'wait' });
  const drawn = { now: view.now, columns: columnsOf(metrics, width), width, theme, said: silence?.because ?? null };
  const whole = metrics.flatMap((metric) => metricRows(metric, wordOf(metric), drawn));
  const name = shown.size > 0 ? 'Other numbers' : 'Numbers';
  const title = safe`${name} ${theme.glyph.open} ${freshnessWords(view.metrics, view.now)}`;
  if (head.length + whole.length <= height) return { title, rows: [...head, ...whole] };
  const first = worstFirst(metrics, wordOf).flatMap((metric) => metricRows(metric, wordOf(metric), drawn).slice(0, 1));
  const room = Math.max(0, height - head.length - 1);
  const rest = row(safe`${metrics.length - room} more, m shows all`, { bold: true });
  return { title, rows: first.length <= room + 1 ? [...head, ...first] : [...head, ...first.slice(0, room), rest] };
};

/** For a narrow screen one line: as many metrics as fit, the worst first. */
export const metricLine = (view: EngineView, shown: ReadonlySet<string>, width: number): readonly Row[] => {
  const { metrics, now } = view;
  const wordOf = metricWords(view);
  const ordered = worstFirst(
    metrics.filter(({ name }) => !shown.has(name)),
    wordOf,
  );
  const [first] = ordered;
  if (first === undefined) return [];
  const worst = wordOf(first);
  const silence = silenceOf(metrics, now);
  const clock = silence === null ? clockWords(metrics) : null;
  const fresh = freshnessWords(metrics, now);
  const age = span(clock === null ? fresh : safe`${fresh}, ${clock}`, { dim: true });
  const word = span(safe`${worst.padEnd(6)}`, { tone: wordTone(worst), bold: worst !== 'ok' });
  if (silence !== null)
    return [leftRight([word, span(safe`metrics: ${safeLine(silence.because)}`, { tone: 'blind' })], [age], width)];
  const pieces: Row[] = [];
  let left = width - 6 - widthOf(age.text) - 2;
  for (const each of ordered) {
    const live = isAnswered(each);
    const text = safe`${pieces.length === 0 ? '' : '   '}${safeLine(each.title)} ${live ? valueWords(each) : answerWords(each, now)}`;
    if (widthOf(text) > left) continue;
    left -= widthOf(text);
    pieces.push([span(text, live ? {} : { dim: true })]);
  }
  return [leftRight([word, ...pieces.flat()], [age], width)];
};

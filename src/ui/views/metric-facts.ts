import type { EngineView, MetricView } from '../../engine/view.ts';
import { amountWords } from '../../gates/amount-words.ts';
import type { VerdictWord } from '../../gates/sample.ts';
import { skewWords } from '../../session/cluster-words.ts';
import { criteriaOf } from '../../session/criterion-state.ts';
import { openGateViews } from '../../session/gate-view.ts';
import { isPastLimit, limitValues } from '../../session/metric-limits.ts';
import { ageWords, answerWord, answerWords, isAnswered, oldestWords, silenceOf } from '../../session/metric-live.ts';
import { type SafeText, safeText } from '../../text/safe-text.ts';
import { aligned, bridged, bucketed, levelOf, rangeOf } from '../../text/sparkline.ts';
import { criteriaNow } from '../criteria-now.ts';
import { type Span, type Style, span } from '../rows.ts';
import type { Theme } from '../theme.ts';

const sparkMs = 30 * 60_000;
const stepMs = 15_000;

export const valueWords = ({ value, unit }: MetricView): string => (value === null ? '' : amountWords(value, unit));

/** What is said of each metric in one word: of a gate or criterion that failed by it, of its value, of its answer. */
export const metricWords = (view: EngineView): ((metric: MetricView) => VerdictWord) => {
  const criteria = criteriaOf(view.session);
  const failed = new Set([
    ...criteriaNow(view).flatMap(({ row: { criterion }, word }) =>
      word === 'FAIL' ? (criteria[criterion]?.name ?? []) : [],
    ),
    ...openGateViews(view.session, view.now).flatMap(({ rows }) =>
      rows.flatMap(({ metric, word }) => (word === 'FAIL' ? (metric?.name ?? []) : [])),
    ),
  ]);
  return (metric) => {
    const answered = answerWord(metric);
    if (failed.has(metric.name)) return 'FAIL';
    if (answered !== 'ok') return answered;
    return metric.value !== null && isPastLimit(metric, metric.value) ? 'wait' : 'ok';
  };
};

/** The last half hour in `columns` cells; what is past a limit is told apart, what is not live is faded. */
export const sparkSpans = (metric: MetricView, now: number, columns: number, theme: Theme): readonly Span[] => {
  const live = isAnswered(metric);
  const pieces = bridged(
    bucketed(metric.history, { ...aligned({ from: now - sparkMs, to: now }, columns), columns, worse: metric.worse }),
    Math.ceil((columns * stepMs * 2.5) / sparkMs),
  );
  const range = rangeOf([...pieces, ...limitValues(metric), metric.baseline], 0.5);
  if (range === null) return [span(safeText(' '.repeat(columns)))];
  const out: { text: string; style: Style }[] = [];
  for (const value of pieces) {
    const style: Style = !live ? { dim: true } : value !== null && isPastLimit(metric, value) ? { tone: 'fail' } : {};
    const last = out.at(-1);
    const glyph = levelOf(value, range, theme.glyph.levels);
    if (last !== undefined && last.style.tone === style.tone) last.text += glyph;
    else out.push({ text: glyph, style });
  }
  return out.map(({ text, style }) => span(safeText(text), style));
};

/** `data 9 s old`, `BLIND 6:40`, `asking` */
export const freshnessWords = (metrics: readonly MetricView[], now: number): SafeText => {
  const silence = silenceOf(metrics, now);
  if (silence !== null) return safeText(silence.forMs === null ? 'BLIND' : `BLIND ${ageWords(silence.forMs)}`);
  return safeText(
    oldestWords(metrics, now) ?? (metrics.some(isAnswered) ? 'age unknown' : answerWords(metrics[0] ?? silent, now)),
  );
};

/** `clock skew -42 s`: they are asked for by the server's clock; null when it is ours. */
export const clockWords = (metrics: readonly MetricView[]): SafeText | null => {
  const skew = metrics.find(({ skewSeconds }) => skewSeconds !== null)?.skewSeconds ?? null;
  const words = skewWords({ clockSkewMs: skew === null ? null : skew * 1000 });
  return words === null ? null : safeText(words);
};

const silent = { state: 'loading', because: null, at: null, ageMs: null } as const;

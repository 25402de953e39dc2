import type { Engine, EngineView, MetricView } from '../engine/view.ts';
import { amountWords } from '../gates/amount-words.ts';
import { limitWords } from '../gates/limits.ts';
import { isPastLimit } from '../session/metric-limits.ts';
import { ageWords, answerWord, answerWords, dataAgeMs, isAnswered, silenceOf } from '../session/metric-live.ts';
import { type SafeText, safe, safeLine, safeText } from '../text/safe-text.ts';
import type { Lines } from './lines.ts';

const wordOf = (metric: MetricView): string => {
  const word = answerWord(metric);
  return word === 'ok' && metric.value !== null && isPastLimit(metric, metric.value) ? 'wait' : word;
};

const limitsOf = ({ limits, unit }: MetricView): readonly string[] => [
  ...new Set(
    limits.map(({ rule, values }) => {
      const absolute = limitWords(values, unit);
      return absolute === '' || absolute === rule ? `limit ${rule}` : `limit ${absolute} (${rule})`;
    }),
  ),
];

/** `ok    p99  398 ms, stable 391 ms, limit 458 ms (115 % of stable), data 9 s old`. */
export const metricLine = (metric: MetricView, now: number): SafeText => {
  const { title, unit, value, stable, because } = metric;
  const age = dataAgeMs(metric, now);
  const amount = (name: string, number: number | null): readonly string[] =>
    number === null ? [] : [`${name}${amountWords(number, unit)}`];
  const answer = [answerWords(metric, now), because ?? ''].filter((part) => part !== '').join(': ');
  const facts = [
    ...(isAnswered(metric) ? [] : [answer]),
    ...amount(isAnswered(metric) ? '' : 'last ', value),
    ...amount('stable ', stable),
    ...limitsOf(metric),
    ...(!isAnswered(metric) ? [] : [age === null ? 'age of the data unknown' : `data ${ageWords(age)} old`]),
    ...(metric.state === 'partial' ? [answer] : []),
  ];
  return safe`${wordOf(metric).padEnd(5)} ${safeLine(title)}  ${safeLine(facts.join(', '))}`;
};

/** What `m` prints: every metric, or why none can be told of. */
export const metricsLines = ({ metrics, now }: EngineView): readonly SafeText[] =>
  metrics.length === 0
    ? [safeText('  this runbook asks for no metrics')]
    : metrics.map((metric) => safe`  ${metricLine(metric, now)}`);

/** What is worth a line of its own when it changes: the state of the server, else of each metric. */
const current = ({
  metrics,
  now,
}: EngineView): ReadonlyMap<string, { readonly state: string; readonly line: SafeText }> => {
  const out = new Map<string, { state: string; line: SafeText }>();
  const silence = silenceOf(metrics, now);
  if (silence !== null) {
    const since = silence.forMs === null || silence.saysHowLong ? '' : `, for ${ageWords(silence.forMs)}`;
    out.set('server', { state: 'BLIND', line: safe`BLIND metrics: ${safeLine(silence.because)}${since}` });
    return out;
  }
  if (metrics.some(isAnswered)) out.set('server', { state: 'ok', line: safeText('ok    metrics are answered') });
  for (const metric of metrics) {
    if (metric.state === 'loading') continue;
    out.set(metric.name, { state: answerWord(metric), line: metricLine(metric, now) });
  }
  return out;
};

/** Prints when metrics can no longer be told of, and when they can again; what is well from the start is not said. */
export const tellMetrics = (engine: Engine, lines: Lines): (() => void) => {
  const known = new Map<string, string>();
  const look = (): void => {
    for (const [key, { state, line }] of current(engine.view())) {
      const before = known.get(key) ?? 'ok';
      known.set(key, state);
      if (before !== state) lines.print(safe`   ${line}`);
    }
  };
  look();
  return engine.subscribe(look);
};

import type { Unit } from '../gates/amount.ts';
import { amountWords, differenceWords } from '../gates/amount-words.ts';
import { limitWords } from '../gates/limits.ts';
import { spoken } from '../text/duration.ts';
import { clockTime, count } from './markdown-header.ts';
import { clipped, code, fence, prose } from './markdown-text.ts';
import type { DeploymentRecord } from './record.ts';

type MetricChange = DeploymentRecord['metrics'][number];

const isShare = (unit: Unit): boolean => unit === 'ratio' || unit === 'percent';

/** `-18 %`, and of shares `+0.03 pp`: what is 0.2 % of a share says nothing to anybody. */
const changeWords = ({ unit, change, before, after }: MetricChange): string | null => {
  if (before === null || after === null) return null;
  const difference = after.value - before.value;
  if (difference === 0) return 'no change';
  const sign = difference > 0 ? '+' : '-';
  if (isShare(unit) || change === null) return `${sign}${differenceWords(Math.abs(difference), unit)}`;
  const percent = Math.abs(change * 100);
  return percent >= 0.5 ? `${sign}${Math.round(percent)} %` : `${sign}${percent.toFixed(1)} %`;
};

/** `180 ms (was 220 ms, -18 %, within limit)`. */
export const metricWords = (metric: MetricChange): string => {
  const { unit, before, after, limit } = metric;
  const was = before === null ? null : `was ${amountWords(before.value, unit)}`;
  if (after === null) return was === null ? 'no data' : `no data (${was})`;
  // Where data stopped, nobody knows whether it still is.
  const limited = limit === null || after.silent ? null : limit.within ? 'within limit' : '**past its limit**';
  const told = [was, changeWords(metric), limited].filter((part) => part !== null);
  return `${after.silent ? 'last ' : ''}${amountWords(after.value, unit)}${told.length === 0 ? '' : ` (${told.join(', ')})`}`;
};

/** The same without Markdown, for a screen; metrics that never had a value are left out. */
export const metricLines = (record: DeploymentRecord): readonly { readonly title: string; readonly words: string }[] =>
  record.metrics
    .filter(({ before, after }) => before !== null || after !== null)
    .map((metric) => ({
      title: `${metric.title}${metric.track === 'whole' ? '' : `, ${metric.track}`}`,
      words: metricWords(metric).replaceAll('**', ''),
    }));

/** `458 ms (115 % of stable)`; a limit that is all there is in the rule stands once. */
export const limitAndRule = (limits: readonly number[], rule: string, unit: Unit): string => {
  const absolute = limitWords(limits, unit);
  if (absolute === '') return rule;
  return /stable|baseline/.test(rule) ? `${absolute} (${rule})` : rule;
};

/** Code, where a comparison would have to be escaped: it has to be read in the raw text too. */
export const limitText = (text: string): string =>
  text === '' ? '–' : /[<>]/.test(text) && !/[|`\n]/.test(text) ? code(text) : prose(text);

/** `baseline to 08:53:40 → 09:04:44`. */
const measured = (record: DeploymentRecord, { before, after }: MetricChange): string => {
  const was =
    before === null ? '' : `${before.from === 'baseline' ? 'baseline to ' : ''}${clockTime(record, before.at)} → `;
  if (after === null) return was === '' ? '–' : `${was}no data`;
  return `${was}${clockTime(record, after.at)}${after.silent ? ', no data since' : ''}`;
};

/** One row a metric and track; what was never measured says so. */
export const metricBlocks = (record: DeploymentRecord): readonly string[] => {
  const rows = record.metrics.map((metric) => {
    const track = metric.track === 'whole' ? '' : `, ${metric.track}`;
    const limit =
      metric.limit === null ? '–' : limitText(limitAndRule(metric.limit.limits, metric.limit.rule, metric.unit));
    return `| ${prose(clipped(metric.title, 100))}${track} | ${metricWords(metric)} | ${limit} | ${measured(record, metric)} |`;
  });
  if (rows.length === 0) return [];
  return [['| Metric | Value | Limit | Measured at |', '|---|---|---|---|', ...rows].join('\n')];
};

const numberWords = (value: number | null, unit: Unit | null): string =>
  value === null ? 'no data' : unit === null ? String(value) : amountWords(value, unit);

/** `- p95: median 220 ms, p95 241 ms, 120 values from 02:38:10 to 03:08:10, coverage 100 %`. */
export const baselineLines = (record: DeploymentRecord): readonly string[] =>
  record.baselines.map((baseline) => {
    const { title, median, p95, mad, unit, count: values, coverage, from, to, problem, accepted, kept } = baseline;
    const spread = mad === null ? '' : `, spread ${numberWords(mad, unit)} (MAD)`;
    const window = `${count(values, 'value')} from ${clockTime(record, from)} to ${clockTime(record, to)}, ${spoken(baseline.stepMs)} apart, coverage ${Math.floor(coverage * 100)} %`;
    const figures = `median ${numberWords(median, unit)}, p95 ${numberWords(p95, unit)}${spread}, ${window}`;
    const gone = accepted === null ? '' : `; went on: ${prose(clipped(accepted, 200))}`;
    const trouble = problem === null ? '' : `. **Not compared with**: ${prose(clipped(problem, 200))}${gone}`;
    return `- ${prose(title)}: ${figures}${trouble}${kept || problem !== null ? '' : '. Not used: another one was kept'}`;
  });

/** Every query that something was judged or compared by, once. */
export const queryBlocks = (record: DeploymentRecord): readonly string[] => {
  const blocks = new Map<string, string>();
  const add = (title: string, hash: string, query: string, control: string | null, traffic: string | null): void => {
    const known = blocks.get(hash);
    if (known !== undefined && control === null && traffic === null) return;
    const parts = [
      `${prose(title)}, SHA-256 ${code(hash.slice(0, 12))}:`,
      fence(query, 'promql'),
      ...(control === null ? [] : ['Stable:', fence(control, 'promql')]),
      ...(traffic === null ? [] : ['Requests a second:', fence(traffic, 'promql')]),
    ];
    blocks.set(hash, parts.join('\n\n'));
  };
  const asked = [...record.gates.flatMap(({ checks }) => checks), ...record.criteria];
  for (const { title, metric } of asked)
    if (metric !== null) add(title, metric.hash, metric.query, metric.control, metric.traffic);
  for (const { title, hash, query } of record.baselines) add(title, hash, query, null, null);
  return [...blocks.values()];
};

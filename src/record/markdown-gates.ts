import { amountWords } from '../gates/amount-words.ts';
import { beyondWords } from '../gates/limits.ts';
import { countWords } from '../gates/minimums.ts';
import { verdictWord } from '../gates/sample.ts';
import { spoken } from '../text/duration.ts';
import { clockTime } from './markdown-header.ts';
import { limitAndRule, limitText } from './markdown-metrics.ts';
import { clipped, prose } from './markdown-text.ts';
import type { DeploymentRecord } from './record.ts';

type GateRecord = DeploymentRecord['gates'][number];
type CheckRecord = GateRecord['checks'][number];

const cell = (text: string): string => (text === '' ? '–' : prose(clipped(text, 200)));

const nameOf = (gate: GateRecord): string =>
  `${gate.step} ${prose(gate.title)}${gate.try > 1 ? ` (try ${gate.try})` : ''}`;

/** What it was compared with at the same time, or what it was before: `stable 398 ms`. */
const comparedWith = ({ metric }: CheckRecord): string | null => {
  const numbers = metric?.numbers ?? null;
  if (metric === null || numbers === null) return null;
  if (/\bbaseline\b/.test(metric.rule) && numbers.baseline !== null)
    return `baseline ${amountWords(numbers.baseline, metric.unit)}`;
  return numbers.control === null ? null : `stable ${amountWords(numbers.control, metric.unit)}`;
};

const valueWords = (check: CheckRecord): string => {
  const compared = comparedWith(check);
  if (check.value !== '') return compared === null ? check.value : `${check.value} (${compared})`;
  const { metric } = check;
  return metric?.numbers?.value == null ? '' : `last ${amountWords(metric.numbers.value, metric.unit)}`;
};

const limitOf = ({ limit, metric }: CheckRecord): string =>
  metric?.numbers == null ? limit : limitAndRule(metric.numbers.limits, limit, metric.unit);

/** `9 s old, 49.3 /s, 812 requests (1,000 needed)`: what it was judged on. */
const dataWords = (record: DeploymentRecord, { metric, value }: CheckRecord): string => {
  if (metric === null) return '';
  const { numbers, traffic, requests } = metric;
  if (numbers === null) return 'none';
  if (value === '') return `none since ${clockTime(record, numbers.at)}`;
  const seconds = numbers.age === null ? null : Math.round(numbers.age / 1000);
  const age = seconds === null ? 'age unknown' : `${seconds < 60 ? `${seconds} s` : spoken(seconds * 1000)} old`;
  if (traffic === null) return `${age}, traffic unknown`;
  const rate = numbers.traffic === null ? [] : [amountWords(numbers.traffic, 'per-second')];
  const needed = requests?.needed == null ? '' : ` (${countWords(requests.needed)} needed)`;
  const seen = requests === null ? [] : [`${countWords(requests.seen)} requests${needed}`];
  return [age, ...rate, ...seen].join(', ');
};

/** Value and limit stand beside it already. */
const shortBecause = ({ because, metric }: CheckRecord): string | null => {
  const numbers = metric?.numbers ?? null;
  const value = numbers?.value ?? null;
  if (because === null || metric === null || numbers === null || value === null) return because;
  const told = `${beyondWords(value, numbers.limits, metric.unit)}: `;
  return because.startsWith(told) ? because.slice(told.length) : because;
};

const verdictCell = (gate: GateRecord, check: CheckRecord): string => {
  const word = verdictWord(gate.checks.length === 0 ? gate.verdict : check.verdict);
  const because = shortBecause(check);
  return because === null || word === 'ok' ? word : `**${word}** ${prose(clipped(because, 200))}`;
};

/** A check that was still waiting when another ended its gate was stopped with it. */
const endOf = (gate: GateRecord, { at, verdict }: CheckRecord): string | null =>
  verdictWord(verdict) === 'wait' ? gate.ended : (at ?? gate.ended);

/** How the run went on where the gate alone did not let it. */
const goneOnWords = ({ goneOn, instead }: GateRecord): string => {
  if (goneOn !== null) return ` (went on: ${goneOn.how})`;
  return instead.length === 0 ? '' : ' (passed by the checks that could be judged)';
};

/** `- **FAIL** 14:48:56 4.4 Soak: p99 was 548 ms (stable 398 ms), limit 458 ms (115 % of stable): 3 looks in a row`. */
const failLines = (record: DeploymentRecord): readonly string[] =>
  record.gates.flatMap((gate) =>
    gate.checks.flatMap((check) => {
      if (check.verdict !== 'FAIL') return [];
      const when = check.at === null ? '' : `${clockTime(record, check.at)} `;
      const was = check.value === '' ? '' : ` was ${prose(clipped(valueWords(check), 200))}`;
      const limit = `limit ${limitText(clipped(limitOf(check), 200))}`;
      const because = shortBecause(check);
      const why = because === null ? '' : `: ${prose(clipped(because, 300))}`;
      const data = dataWords(record, check);
      const basis = data === '' ? '' : ` (data ${data})`;
      return [`- **FAIL** ${when}${nameOf(gate)}: ${prose(check.title)}${was}, ${limit}${why}${basis}`];
    }),
  );

/** What failed, then one row a check, tries of a gate one after the other. */
export const gateBlocks = (record: DeploymentRecord): readonly string[] => {
  const withData = record.gates.some(({ checks }) => checks.some(({ metric }) => metric !== null));
  const rows = record.gates.flatMap((gate) =>
    gate.checks.map((check, index) => {
      const { title, looks, bad } = check;
      const at = endOf(gate, check);
      const cells = [
        index === 0 ? nameOf(gate) : '',
        cell(title),
        cell(valueWords(check)),
        limitText(clipped(limitOf(check), 200)),
        looks === 0 ? '–' : `${looks}${bad === 0 ? '' : ` (${bad} BAD)`}`,
        ...(withData ? [cell(dataWords(record, check))] : []),
        `${verdictCell(gate, check)}${index === 0 ? goneOnWords(gate) : ''}`,
        at === null ? '–' : clockTime(record, at),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  if (rows.length === 0) return [];
  const names = ['Gate', 'Check', 'Value', 'Limit', 'Looks', ...(withData ? ['Data'] : []), 'Result', 'When'];
  const failed = failLines(record);
  return [
    ...(failed.length === 0 ? [] : [failed.join('\n')]),
    [`| ${names.join(' | ')} |`, `|${'---|'.repeat(names.length)}`, ...rows].join('\n'),
  ];
};

/** `- pods failing (none) · **breached**: 14:51:38 breached (2 failing); 14:52:10 acknowledged (a node was drained)`. */
export const criterionLines = (record: DeploymentRecord): readonly string[] =>
  record.criteria.map(({ title, limit, metric, state, changes, reference, unwatched }) => {
    const amount = metric === null ? String(reference) : amountWords(reference ?? 0, metric.unit);
    const before = reference === null ? '' : `, ${amount} before the change counted as the reference`;
    const away = unwatched === 0 ? '' : `, unwatched for ${spoken(unwatched)}`;
    const history = changes.map(({ at, what, value, backfilled }) => {
      const how = backfilled ? ', while nobody watched' : '';
      return `${clockTime(record, at)} ${what} (${prose(clipped(value, 200))}${how})`;
    });
    const told = history.length === 0 ? '' : `: ${history.join('; ')}`;
    const rule = `${metric === null ? '' : 'breach: '}${limitText(limit)}`;
    return `- ${prose(title)} (${rule}) · ${state === 'ok' ? 'ok' : `**${state}**`}${before}${away}${told}`;
  });

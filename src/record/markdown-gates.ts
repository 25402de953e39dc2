import { verdictWord } from '../gates/sample.ts';
import { clockTime } from './markdown-header.ts';
import { clipped, prose } from './markdown-text.ts';
import type { DeploymentRecord } from './record.ts';

const cell = (text: string): string => (text === '' ? '–' : prose(clipped(text, 200)));

const verdictCell = (gate: DeploymentRecord['gates'][number], index: number): string => {
  const check = gate.checks[index];
  const word = verdictWord(check?.verdict ?? gate.verdict);
  const because = check?.because ?? null;
  return because === null || word === 'ok' ? word : `**${word}** ${prose(clipped(because, 200))}`;
};

/** One row a check, tries of a gate one after the other; what was gone past stands under deviations as well. */
export const gateBlocks = (record: DeploymentRecord): readonly string[] => {
  const rows = record.gates.flatMap((gate) =>
    gate.checks.map(({ title, limit, value, looks }, index) => {
      const name = `${gate.step} ${prose(gate.title)}${gate.try > 1 ? ` (try ${gate.try})` : ''}`;
      const when = gate.ended === null ? '–' : clockTime(record, gate.ended);
      const gone = gate.goneOn === null ? '' : ` (went on: ${gate.goneOn.how})`;
      const seen = [cell(value), cell(limit), looks === 0 ? '–' : String(looks)];
      return `| ${index === 0 ? name : ''} | ${cell(title)} | ${seen.join(' | ')} | ${verdictCell(gate, index)}${index === 0 ? gone : ''} | ${index === 0 ? when : ''} |`;
    }),
  );
  if (rows.length === 0) return [];
  return [
    ['| Gate | Check | Value | Limit | Looks | Result | When |', '|---|---|---|---|---|---|---|', ...rows].join('\n'),
  ];
};

/** `- pods failing: breached once, acknowledged at 14:51:38 …`. */
export const criterionLines = (record: DeploymentRecord): readonly string[] => [
  ...record.criteria.map(({ title, limit, state, changes, reference }) => {
    const before = reference === null ? '' : `, ${reference} before the change counted as the reference`;
    const history = changes.map(
      ({ at, what, value }) => `${clockTime(record, at)} ${what} (${prose(clipped(value, 200))})`,
    );
    const told = history.length === 0 ? '' : `: ${history.join('; ')}`;
    return `- ${prose(title)} (${prose(limit)}) · ${state === 'ok' ? 'ok' : `**${state}**`}${before}${told}`;
  }),
];

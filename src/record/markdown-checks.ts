import { spoken } from '../text/duration.ts';
import { clockTime, count } from './markdown-header.ts';
import { code, prose } from './markdown-text.ts';
import type { DeploymentRecord, Pending } from './record.ts';
import type { WalkedStep } from './record-order.ts';

const isTouched = ({ step }: WalkedStep): boolean => step.status !== 'open';

const box = (walked: WalkedStep): string => (walked.step.status === 'passed' ? '[x]' : '[ ]');

const commandWords = ({ commands }: WalkedStep): string => {
  const last = commands.at(-1);
  if (last === undefined) return '';
  const took = last.duration === null ? '' : `, ${spoken(last.duration)}`;
  const more = commands.length === 1 ? '' : `, ${count(commands.length, 'command')}`;
  return `${prose(last.result)}${took}${more}`;
};

const line = (record: DeploymentRecord, walked: WalkedStep, operator: string): string => {
  const { step } = walked;
  const plain = step.state === 'passed';
  const parts = [
    `${step.id} ${prose(step.title)}`,
    plain ? '' : `**${prose(step.state)}**`,
    step.until === null ? '' : `until ${clockTime(record, step.until)}`,
    commandWords(walked),
    step.result === null ? '' : clockTime(record, step.result.at),
    step.result === null || step.result.by === operator ? '' : prose(step.result.by),
  ].filter((part) => part !== '');
  const reason = step.result?.reason ?? null;
  const indent = '  '.repeat(step.depth);
  return `${indent}- ${box(walked)} ${parts.join(' · ')}${reason === null || reason === '' ? '' : `: ${prose(reason)}`}`;
};

const range = (steps: readonly WalkedStep[]): string => {
  const first = steps[0]?.step.id ?? '';
  const last = steps.at(-1)?.step.id ?? '';
  return first === last ? first : `${first} to ${last}`;
};

/** What did not apply, in one line for a reason. */
const notApplicable = (steps: readonly WalkedStep[]): readonly string[] => {
  const byReason = new Map<string, WalkedStep[]>();
  for (const walked of steps) {
    if (walked.step.status !== 'not-applicable') continue;
    const reason = walked.step.result?.reason ?? '';
    byReason.set(reason, [...(byReason.get(reason) ?? []), walked]);
  }
  return [...byReason].map(([reason, group]) => {
    const titles = group.map(({ step }) => `${step.id} ${prose(step.title)}`).join('; ');
    return `- Not applicable${reason === '' ? '' : ` (${prose(reason)})`}: ${titles}`;
  });
};

/** One line a step, grouped by phase; what was not reached or did not apply is summed up. `onlyOpen` leaves out what passed. */
export const checkList = (
  record: DeploymentRecord,
  steps: readonly WalkedStep[],
  onlyOpen: boolean,
): readonly string[] => {
  const operator = record.people.operators[0]?.name ?? '';
  const shown = steps.filter(
    (walked) =>
      isTouched(walked) && walked.step.status !== 'not-applicable' && !(onlyOpen && walked.step.state === 'passed'),
  );
  const titleOf = ({ frame, step }: WalkedStep): string =>
    frame.purpose === 'handoff' ? [frame.runbook.title, step.phase].filter(Boolean).join(' › ') : step.phase;
  const phases = new Set(shown.map(titleOf));
  const lines: string[] = [];
  let phase: string | null = null;
  for (const walked of shown) {
    const title = titleOf(walked);
    if (title !== phase && title !== '' && phases.size > 1)
      lines.push(`${lines.length === 0 ? '' : '\n'}**${prose(title)}**\n`);
    phase = title;
    lines.push(line(record, walked, operator));
  }
  const rest = notApplicable(steps);
  const open = steps.filter((walked) => !isTouched(walked));
  if ((rest.length > 0 || open.length > 0) && phases.size > 1 && lines.length > 0) lines.push('');
  lines.push(...rest);
  const words = record.interim ? 'Still open' : 'Not reached';
  if (open.length > 0) lines.push(`- ${words}: ${count(open.length, 'step')}, ${range(open)}`);
  if (onlyOpen) {
    const left = steps.filter((walked) => walked.step.state === 'passed').length;
    if (left > 0) lines.push(`- Passed, not listed here: ${count(left, 'step')}`);
  }
  return lines;
};

/** `- 03:12:40 **skipped** 1.3 Ask the owner: on holiday (bob)`. */
export const deviationLines = (record: DeploymentRecord): readonly string[] => {
  const operator = record.people.operators[0]?.name ?? '';
  const lines = record.deviations.map(({ at, kind, step, text, reason, by }) => {
    const place = step === null ? '' : `${step} `;
    const why = reason === null || reason === '' ? '' : `: ${prose(reason)}`;
    return `- ${clockTime(record, at)} **${prose(kind)}** ${place}${prose(text)}${why}${by === operator ? '' : ` (${prose(by)})`}`;
  });
  for (const found of record.secondLook) {
    const kept =
      found.kept === null
        ? ''
        : `- **kept unmasked** ${prose(found.rule)} in ${prose(found.where)}: ${prose(found.kept)}`;
    if (kept !== '') lines.push(kept);
  }
  return lines;
};

export const pendingLine = (record: DeploymentRecord, pending: Pending): string => {
  const due = pending.due === null ? '' : `, due ${clockTime(record, pending.due)}`;
  const reason = pending.reason === null || pending.reason === '' ? '' : `: ${prose(pending.reason)}`;
  return `- [ ] ${pending.step === null ? '' : `${pending.step} `}${prose(pending.title)}${due}${reason}`;
};

/** A command on one line: its first line, and how many follow. */
export const commandLine = (script: string): string => {
  const lines = script.split('\n').filter((l) => l.trim() !== '' && !l.trim().startsWith('#'));
  const first = (lines[0] ?? script.split('\n')[0] ?? '').trim();
  const shown = [...first].length > 160 ? `${[...first].slice(0, 159).join('')}…` : first;
  return code(shown) + (lines.length > 1 ? ` and ${count(lines.length - 1, 'line')} more` : '');
};

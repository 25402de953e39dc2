import { spoken } from '../text/duration.ts';
import { clockTime, count } from './markdown-header.ts';
import { code, fence, html, prose } from './markdown-text.ts';
import type { DeploymentRecord, RecordCommand } from './record.ts';

/** How much of the commands and their output stands in the text. */
export interface OutputChoice {
  /** Attempts whose output is left out; its length and hash stay. */
  readonly withoutTail: ReadonlySet<number>;
  /** `<details>`, which code hosts fold; else plain headings. */
  readonly folded: boolean;
}

const bytesWords = (bytes: number): string =>
  bytes < 10_000 ? count(bytes, 'byte') : `${Math.round(bytes / 1024)} KiB`;

const confirmation = (record: DeploymentRecord, command: RecordCommand): string => {
  const { at, by, how, typed } = command.confirmed;
  const keys: Readonly<Record<string, string>> = {
    yes: ' with y',
    typed: ` by typing ${typed === null ? 'the name' : code(typed)}`,
    auto: ' by --auto',
  };
  const waited = command.started === null ? 0 : Date.parse(command.started) - Date.parse(at);
  const origin = command.started === null || waited < 2000 ? '' : ` Started ${clockTime(record, command.started)}.`;
  const found = command.recovered ? ' The result was found again after the program had ended.' : '';
  const who =
    command.risk === 'read'
      ? `Read command, run by ${prose(by)} at ${clockTime(record, at)}`
      : `${command.risk === 'change' ? 'Changing' : 'Destroying'} command, confirmed by ${prose(by)} at ${clockTime(record, at)}${keys[how] ?? ''}`;
  return `${who}.${origin}${found}`;
};

const outputWords = (command: RecordCommand, withTail: boolean): readonly string[] => {
  const { output } = command;
  if (command.interactive) return ['Interactive, output not captured.'];
  if (output === null) return [];
  if (output.bytes === 0) return ['No output.'];
  const size = `${count(output.lines, 'line')}, ${bytesWords(output.bytes)}, SHA-256 ${code(output.sha256)}`;
  if (output.binary) return [`Binary output: ${size}`];
  if (!withTail) return [`Output left out here: ${size}`];
  const whole = output.tail.replace(/\n+$/, '').split('\n').length >= output.lines;
  return [`${whole ? 'Output' : 'End of the output'} (${size}):`, fence(output.tail, 'text')];
};

/** One command: who ran it, its exact text, values, result and output. */
export const outputBlock = (record: DeploymentRecord, command: RecordCommand, choice: OutputChoice): string => {
  const frame = record.frames[command.frame];
  const title = frame?.steps.find(({ id }) => id === command.step)?.title ?? '';
  const took = command.duration === null ? '' : `, ${spoken(command.duration)}`;
  const runbook = command.frame === 0 || frame === undefined ? '' : `${frame.runbook.title} `;
  const summary = `${runbook}${command.step} ${title}: ${command.result}${took}`;
  const values = command.values.map(({ name, value }) =>
    value === null ? `${code(name)} (a secret)` : code(`${name}=${value}`),
  );
  const parts = [
    confirmation(record, command),
    fence(command.script, command.shell === 'bash' ? 'sh' : ''),
    ...(command.original === null ? [] : ['The runbook has:', fence(command.original)]),
    ...(values.length === 0 ? [] : [`With ${values.join(', ')}`]),
    ...outputWords(command, !choice.withoutTail.has(command.attempt)),
    ...(command.sample === null ? [] : [`Beside the sample in the runbook: ${prose(command.sample.because)}.`]),
    ...(command.survivors.length === 0 ? [] : [`Still running afterwards: ${command.survivors.map(code).join(', ')}`]),
    ...(command.resolved === null || command.resolved.as === 'accepted'
      ? []
      : [`Said to be ${prose(command.resolved.as.replace('-', ' '))}: ${prose(command.resolved.evidence)}`]),
    ...command.notes.map(prose),
  ];
  const body = parts.join('\n\n');
  return choice.folded
    ? `<details><summary>${html(summary)}</summary>\n\n${body}\n\n</details>`
    : `#### ${prose(summary)}\n\n${body}`;
};

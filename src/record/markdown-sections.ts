import { checkList, commandLine, deviationLines, pendingLine } from './markdown-checks.ts';
import { criterionLines, gateBlocks } from './markdown-gates.ts';
import { clockTime, count, facts, firstLine, introduction } from './markdown-header.ts';
import { baselineLines, metricBlocks, queryBlocks } from './markdown-metrics.ts';
import { outputBlock } from './markdown-output.ts';
import { clipped, code, fence, prose } from './markdown-text.ts';
import type { DeploymentRecord } from './record.ts';
import { changesOf, stagesOf, walkedSteps } from './record-order.ts';

/** What stands in a text that has to be short; everything by default. */
export interface Extent {
  readonly withoutTail: ReadonlySet<number>;
  readonly outputs: boolean;
  readonly timeline: boolean;
  readonly passedChecks: boolean;
  readonly folded: boolean;
}

export const everything: Extent = {
  withoutTail: new Set(),
  outputs: true,
  timeline: true,
  passedChecks: true,
  folded: true,
};

/** A part of the record. Blocks are never cut in themselves. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly string[];
  readonly between: '\n' | '\n\n';
}

const list = (title: string, blocks: readonly string[]): readonly Section[] =>
  blocks.length === 0 ? [] : [{ title, blocks, between: '\n' }];
const text = (title: string, blocks: readonly string[]): readonly Section[] =>
  blocks.length === 0 ? [] : [{ title, blocks, between: '\n\n' }];

const changes = (record: DeploymentRecord): readonly Section[] => {
  const { description, pullRequest } = record.change;
  const name =
    description?.from
      .replace(/^\w+ (?:P_)?/, '')
      .replaceAll(/[_-]/g, ' ')
      .toLowerCase() ?? '';
  const label = name === 'issue' || name === 'problem' ? `${name[0]?.toUpperCase()}${name.slice(1)}: ` : '';
  const lines = [
    ...(description === null ? [] : [`${label}${prose(description.value)}`]),
    ...(pullRequest === null ? [] : [`Pull request: ${prose(pullRequest.value)}`]),
  ];
  return text('Changes', lines.length === 0 ? ['Not recorded.'] : lines);
};

const method = (record: DeploymentRecord): readonly Section[] => {
  const { runbook, git } = record.identity;
  const { steps } = record.outcome;
  const total = Object.values(steps).reduce((sum, n) => sum + (n ?? 0), 0);
  const commit =
    git === null ? '' : `, commit ${code(git.commit.slice(0, 12))}${git.dirty ? ' with local changes' : ''}`;
  const source =
    runbook === null
      ? 'Runbook not recorded.'
      : `${prose(runbook.title)} (${code(runbook.path)}${commit}, SHA-256 ${code(runbook.sha256.slice(0, 12))})`;
  const ran = changesOf(record);
  const intro = `${source}. ${steps.passed ?? 0} of ${count(total, 'step')} passed${ran.length === 0 ? ', no changing command ran' : `, ${count(ran.length, 'changing command')} ran:`}`;
  const commands = ran.map(
    (command) =>
      `- ${clockTime(record, command.started ?? command.confirmed.at)} ${commandLine(command.script)} · ${prose(command.result)}`,
  );
  return text('Method', [
    intro + (ran.length === 0 ? '.' : ''),
    ...(commands.length === 0 ? [] : [commands.join('\n')]),
  ]);
};

const timelineSection = (record: DeploymentRecord): readonly Section[] => {
  const operator = record.people.operators[0]?.name ?? '';
  const lines = record.timeline.map(({ at, by, text: words }) => {
    const who = by === operator ? '' : ` (${prose(by)})`;
    const phase = words.startsWith('Phase: ');
    return `- ${clockTime(record, at)} ${phase ? `**${prose(words.slice(7))}**` : prose(words)}${who}`;
  });
  return list('Timeline', lines);
};

const checks = (record: DeploymentRecord, extent: Extent): readonly Section[] => {
  const { before, during, after } = stagesOf(record);
  const lines = (steps: typeof before): readonly string[] => checkList(record, steps, !extent.passedChecks);
  const { ok, findings } = record.preflight;
  const total = ok + findings.length;
  const passed = findings.every(({ level }) => level !== 'stop') ? '' : ', the run could not start';
  const preflight = [
    ...(total === 0 ? [] : [`- Preflight: ${ok} of ${count(total, 'check')} ok${passed}`]),
    ...findings
      .filter(({ level }) => level !== 'override')
      .map(
        ({ title, message, level }) =>
          `- Preflight ${level === 'warn' ? 'warning' : 'stop'}: ${prose(title)}: ${prose(message)}`,
      ),
  ];
  const first = lines(before);
  const apart = preflight.length > 0 && first[0]?.startsWith('**') === true ? [''] : [];
  return [
    ...list('Pre-deployment checks', [...preflight, ...apart, ...first]),
    ...list('Deployment', lines(during)),
    ...list('Post-deployment verification', lines(after)),
  ];
};

const planSource = (source: string): string =>
  ({
    phases: 'its rollback section',
    undo: 'the undo commands of what ran, the last first',
    shipped: 'the shipped runbook',
    stored: 'the stored specifications',
  })[source] ?? 'its own runbook';

const rollbackSections = (record: DeploymentRecord, extent: Extent): readonly Section[] => {
  const { plan, performed } = record.rollback;
  if (performed !== null) {
    const end =
      performed.finished === null ? ', not ended' : `, ${performed.outcome} ${clockTime(record, performed.finished)}`;
    const frames = record.frames.filter(({ purpose }) => purpose === 'rollback');
    const steps = frames.flatMap((frame) => checkList(record, walkedSteps(record, frame), !extent.passedChecks));
    const runbook = frames[0]?.runbook;
    const by = `Started ${clockTime(record, performed.started)} by ${prose(performed.by)}${end}.`;
    const with_ = runbook === undefined ? '' : ` By ${prose(runbook.title)} (${planSource(performed.source)}).`;
    return list('Rollback', [`${by}${with_}`, ...(steps.length === 0 ? [] : [`\n${steps[0]}`, ...steps.slice(1)])]);
  }
  const { result, changes: changed } = record.outcome;
  if (changed === 0 && (result === 'aborted' || result === 'failed'))
    return text('Rollback plan', ['Not needed: no changing command ran.']);
  const isCheck = ['pre-deploy', 'verify', 'incident'].includes(record.identity.runbook?.kind ?? '');
  if (plan === null && isCheck) return [];
  if (plan === null)
    return text('Rollback plan', ['Not recorded: the runbook names no rollback, and has none of its own.']);
  const values = Object.entries(plan.values).map(([name, value]) => code(`${name}=${clipped(value, 100)}`));
  const intro = `${prose(plan.runbook.title)} (${code(plan.runbook.path)}, ${planSource(plan.source)})${values.length === 0 ? '' : ` with ${values.join(', ')}`}`;
  const steps = plan.steps.map((step, i) => {
    const marker = `${i + 1}. `;
    const indent = ' '.repeat(marker.length);
    const blocks = step.commands.map((script) => `\n\n${fence(script, 'sh').replaceAll(/^(?=.)/gm, indent)}`);
    return `${marker}${prose(step.title)}${blocks.join('')}`;
  });
  return text('Rollback plan', [intro, steps.join('\n')]);
};

const notes = (record: DeploymentRecord): readonly Section[] => {
  const operator = record.people.operators[0]?.name ?? '';
  const who = (by: string): string => (by === operator ? '' : ` (${prose(by)})`);
  const masked = record.secondLook.filter(({ kept }) => kept === null);
  return list('Notes', [
    ...record.notes.map(
      ({ at, by, step, text: words }) =>
        `- ${clockTime(record, at)} ${step === null ? '' : `${step} `}${prose(words)}${who(by)}`,
    ),
    ...record.journal.recovered.map(
      ({ at, bytes }) => `- ${clockTime(record, at)} ${count(bytes, 'byte')} of an unfinished journal entry set aside`,
    ),
    ...masked.map(({ rule, where }) => `- Masked on export: ${prose(rule)} in ${prose(where)}`),
  ]);
};

const messages = (record: DeploymentRecord): readonly Section[] =>
  text('Messages', [
    ...record.messages.map(
      ({ at, to, how, text: words }) =>
        `${clockTime(record, at)} ${how}${to === null ? '' : ` to ${prose(to)}`}:\n\n${fence(words, 'text')}`,
    ),
    ...record.statusUpdates.map(
      ({ at, text: words }) => `${clockTime(record, at)} status update:\n\n${fence(words, 'text')}`,
    ),
  ]);

/** The parts in the order of a deployment record. */
export const sections = (record: DeploymentRecord, extent: Extent): readonly Section[] => {
  const deviations = deviationLines(record);
  const pending = [...record.owed, ...record.followUps].map((item) => pendingLine(record, item));
  const outputs = extent.outputs ? record.commands.map((command) => outputBlock(record, command, extent)) : [];
  return [
    ...changes(record),
    ...method(record),
    ...list('Deviations and overrides', deviations.length === 0 ? ['None.'] : deviations),
    ...list('Owed and follow-ups', pending),
    ...text('Before and after', metricBlocks(record)),
    ...(extent.timeline ? timelineSection(record) : []),
    ...text('Gates', gateBlocks(record)),
    ...list('Baselines', baselineLines(record)),
    ...list('Rollback criteria', criterionLines(record)),
    ...checks(record, extent),
    ...rollbackSections(record, extent),
    ...notes(record),
    ...(extent.timeline ? messages(record) : []),
    ...text('Queries', extent.outputs ? queryBlocks(record) : []),
    ...text('Commands and output', outputs),
  ];
};

/** The text without its seal. `shortened` says what was left out. */
export const bodyOf = (record: DeploymentRecord, parts: readonly Section[], shortened: string | null): string => {
  const { events, head } = record.journal;
  const head12 = code(head.slice(0, 12));
  const blocks = [
    firstLine(record),
    ...introduction(record),
    ...(shortened === null ? [] : [`> ${shortened}`]),
    facts(record)
      .map((line) => `- ${line}`)
      .join('\n'),
    ...parts.map(({ title, blocks: own, between }) => `### ${title}\n\n${own.join(between)}`),
    `Written from ${count(events, 'journal entry', 'journal entries')} up to ${head12}. Tamper-evident since the last published anchor: ${code('gonogo verify')} checks it.`,
  ];
  return `${blocks.join('\n\n')}\n\n`;
};

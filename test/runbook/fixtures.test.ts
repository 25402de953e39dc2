import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Command, LineRange, Phase, Step } from '../../src/runbook/model.ts';
import { commandsOf, expandRanges } from './markdown/commands-of.ts';

/** See `fixtures-format.md`. */
interface ExpectedCommand {
  lines?: [number, number][];
  script?: string;
  placeholders?: string[];
  sample?: [number, number][];
  risk?: string;
  blocked?: string | null;
  shell?: string;
}
interface ExpectedStep {
  id: string;
  title?: string;
  line?: number;
  kind?: string;
  optional?: boolean;
  commands?: ExpectedCommand[];
  steps?: ExpectedStep[];
}
interface ExpectedPhase {
  number: number;
  title?: string;
  line?: number;
  offPath?: string | null;
  choice?: string | null;
  at?: string | null;
  steps: ExpectedStep[];
  phases?: ExpectedPhase[];
}
interface Expected {
  title?: string;
  plain?: boolean;
  kind?: string;
  phases?: ExpectedPhase[];
  counts?: { phases?: number; steps?: number; commands?: number; commandLines?: number };
  codes?: string[];
  noCodes?: string[];
}

const folder = new URL('fixtures/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => /\.(md|yaml)$/.test(name))
  .sort();

/** Lines of a command that say something: blank and comment-only ones are forgiven. */
const said = (ranges: readonly LineRange[], source: readonly string[]): number[] =>
  expandRanges(ranges).filter((line) => !/^[\s>]*(?:(?:[$%]|\d+[.)]|[-*+])\s+)*(?:#.*)?$/.test(source[line - 1] ?? ''));

const notBlank = (ranges: readonly LineRange[], source: readonly string[]): number[] =>
  expandRanges(ranges).filter((line) => !/^[\s>]*$/.test(source[line - 1] ?? ''));

const seenCommand = (command: Command, expected: ExpectedCommand, source: readonly string[]): object => ({
  ...(expected.lines && { lines: said(command.lines, source) }),
  ...(expected.script !== undefined && { script: command.script.replace(/\n$/, '') }),
  ...(expected.placeholders && { placeholders: command.placeholders.map(({ text }) => text).sort() }),
  ...(expected.sample && { sample: notBlank(command.sample?.lines ?? [], source) }),
  ...(expected.risk && { risk: command.risk }),
  ...(expected.blocked !== undefined && { blocked: command.blocked?.slice(1) ?? null }),
  ...(expected.shell && { shell: command.shell }),
});

const wantedCommand = (expected: ExpectedCommand, source: readonly string[]): object => ({
  ...expected,
  ...(expected.lines && { lines: said(expected.lines, source) }),
  ...(expected.placeholders && { placeholders: [...expected.placeholders].sort() }),
  ...(expected.sample && { sample: notBlank(expected.sample, source) }),
  ...(expected.blocked && { blocked: expected.blocked.slice(1) }),
});

const pick = (seen: object, wanted: object, keys: readonly string[]): object =>
  Object.fromEntries(keys.filter((key) => key in wanted).map((key) => [key, seen[key as keyof typeof seen]]));

const seenStep = (step: Step, wanted: ExpectedStep | undefined, source: readonly string[]): object => {
  const commands = step.actions.flatMap((action) => (action.kind === 'command' ? [action.command] : []));
  return {
    ...pick(step, wanted ?? { id: '', title: '' }, ['id', 'title', 'line', 'kind']),
    optional: step.optional,
    commands: commands.map((command, i) => seenCommand(command, wanted?.commands?.[i] ?? { lines: [] }, source)),
    steps: step.steps.map((nested, i) => seenStep(nested, wanted?.steps?.[i], source)),
  };
};

const wantedStep = (step: ExpectedStep, source: readonly string[]): object => ({
  ...step,
  optional: step.optional ?? false,
  commands: (step.commands ?? []).map((command) => wantedCommand(command, source)),
  steps: (step.steps ?? []).map((nested) => wantedStep(nested, source)),
});

const choiceSeen = (phase: Phase, wanted: ExpectedPhase | undefined): object => {
  if (wanted?.choice === undefined) return {};
  const matches = wanted.choice !== null && phase.choice?.toLowerCase().includes(wanted.choice.toLowerCase());
  return { choice: matches ? wanted.choice : phase.choice };
};

const seenPhase = (phase: Phase, wanted: ExpectedPhase | undefined, source: readonly string[]): object => ({
  ...pick(phase, wanted ?? { number: 0, title: '' }, ['number', 'title', 'line', 'offPath', 'at']),
  ...choiceSeen(phase, wanted),
  steps: phase.steps.map((step, i) => seenStep(step, wanted?.steps[i], source)),
  phases: phase.phases.map((nested, i) => seenPhase(nested, wanted?.phases?.[i], source)),
});

const wantedPhase = (phase: ExpectedPhase, source: readonly string[]): object => ({
  ...phase,
  steps: phase.steps.map((step) => wantedStep(step, source)),
  phases: (phase.phases ?? []).map((nested) => wantedPhase(nested, source)),
});

const count = (phases: readonly Phase[]): NonNullable<Expected['counts']> => {
  const all = (phase: Phase): Phase[] => [phase, ...phase.phases.flatMap(all)];
  const steps = (step: Step): Step[] => [step, ...step.steps.flatMap(steps)];
  const every = phases.flatMap(all);
  const commands = commandsOf(phases);
  return {
    phases: every.length,
    steps: every.flatMap((phase) => phase.steps.flatMap(steps)).length,
    commands: commands.length,
    commandLines: commands.reduce((sum, command) => sum + expandRanges(command.lines).length, 0),
  };
};

describe.each(names)('%s', (name) => {
  const stem = name.replace(/\.\w+$/, '');
  const bytes = readFileSync(new URL(name, folder));
  const expected = JSON.parse(readFileSync(new URL(`${stem}.json`, folder), 'utf8')) as Expected;
  const source = bytes.toString('utf8').split(/\r?\n/);
  const { runbook, diagnostics } = loadRunbook(bytes, { path: name, offPath: 'auto' });
  const codes = diagnostics.map(({ code }) => code);

  it('reports what it must', () => {
    expect(codes).toEqual(expect.arrayContaining(expected.codes ?? []));
    for (const code of expected.noCodes ?? []) expect(codes).not.toContain(code);
  });

  it('gives the expected model', () => {
    if (expected.phases === undefined && expected.plain === undefined) {
      expect(runbook).toBeNull();
      return;
    }
    expect(runbook).not.toBeNull();
    if (runbook === null) return;
    if (expected.title !== undefined) expect(runbook.title).toBe(expected.title);
    if (expected.plain !== undefined) expect(runbook.plain).toBe(expected.plain);
    if (expected.kind !== undefined) expect(runbook.kind).toBe(expected.kind);
    if (expected.counts !== undefined)
      expect(count(runbook.phases)).toEqual({ ...count(runbook.phases), ...expected.counts });
    if (expected.phases !== undefined) {
      const seen = runbook.phases.map((phase, i) => seenPhase(phase, expected.phases?.[i], source));
      expect(seen).toEqual(expected.phases.map((phase) => wantedPhase(phase, source)));
    }
  });
});

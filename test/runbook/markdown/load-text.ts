import { loadRunbook } from '../../../src/runbook/load.ts';
import type { Diagnostic, LoadResult, Phase, Runbook, Step } from '../../../src/runbook/model.ts';
import { commandsOf, expandRanges } from './commands-of.ts';

export const load = (text: string, offPath: 'auto' | 'all' = 'auto'): LoadResult =>
  loadRunbook(new TextEncoder().encode(text), { path: 'dir/example.md', offPath });

/** The model of a text that must have one. */
export const model = (text: string, offPath: 'auto' | 'all' = 'auto'): Runbook => {
  const { runbook, diagnostics } = load(text, offPath);
  if (runbook === null) throw new Error(`no model: ${JSON.stringify(diagnostics)}`);
  return runbook;
};

export const codes = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(({ code, line }) => `${line}: ${code}`);

/** `1.2 Title (command)` of every step, nested ones indented; phases as `# 1 Title`. */
export const outline = (runbook: Runbook): string[] => {
  const ofStep = (step: Step, indent: string): string[] => [
    `${indent}${step.id} ${step.title} (${step.actions.map(({ kind }) => kind).join(' ') || 'manual'})`,
    ...step.steps.flatMap((nested) => ofStep(nested, `${indent}  `)),
  ];
  const ofPhase = (phase: Phase, marks: string): string[] => [
    `${marks} ${phase.number} ${phase.title}`,
    ...phase.steps.flatMap((step) => ofStep(step, '')),
    ...phase.phases.flatMap((nested) => ofPhase(nested, `${marks}#`)),
  ];
  return runbook.phases.flatMap((phase) => ofPhase(phase, '#'));
};

/** One character per source line: `R` runs, `o` is sample output, `.` anything else. */
export const marks = (text: string): string => {
  const { runbook } = load(text);
  const commands = runbook === null ? [] : commandsOf(runbook.phases, true);
  const run = new Set(commands.flatMap(({ lines }) => expandRanges(lines)));
  const sample = new Set(commands.flatMap((command) => expandRanges(command.sample?.lines ?? [])));
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((_, i) => (run.has(i + 1) ? 'R' : sample.has(i + 1) ? 'o' : '.'))
    .join('');
};

/** Marks of the lines of one fence. */
export const fenceMarks = (language: string, ...lines: string[]): string => {
  const text = `# T\n\n- [ ] step\n\n\`\`\`${language}\n${lines.join('\n')}\n\`\`\`\n`;
  return marks(text).slice(5, 5 + lines.length);
};

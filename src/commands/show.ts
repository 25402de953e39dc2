import type { Phase, Runbook, Step } from '../runbook/model.ts';
import { modelJson } from '../runbook/model-json.ts';
import { loadSettings } from '../settings/settings.ts';
import { type ExitCode, exitCodes } from '../text/errors.ts';
import { safe, safeLine } from '../text/safe-text.ts';
import { findRunbook } from './find-runbook.ts';
import { diagnosticLine, readRunbook } from './open-runbook.ts';
import { checkFormat, print, printJson } from './output.ts';
import { printWarnings } from './runbook-warnings.ts';

/** Prints what is read in a runbook: phases, steps, commands with their risk. Exit 0 when there is a model. */
export const show = async (reference: string, { format }: { readonly format: string }): Promise<ExitCode> => {
  checkFormat(format);
  const { path: offPath } = await loadSettings();
  const file = await readRunbook(findRunbook(reference), offPath);
  if (file.runbook === null) {
    for (const diagnostic of file.diagnostics) process.stderr.write(`${diagnosticLine(file.path, diagnostic)}\n`);
    return exitCodes.usage;
  }
  if (format === 'json') printJson(modelJson(file.runbook, file.diagnostics));
  else {
    showText(file.runbook);
    printWarnings([{ ...file, runbook: file.runbook }]);
  }
  return exitCodes.done;
};

const showText = (runbook: Runbook): void => {
  print(safe`${safeLine(runbook.title)}${runbook.plain ? '' : `  (${runbook.kind})`}`);
  for (const input of runbook.inputs)
    print(safe`  input ${input.name}${input.askedAtStep ? ', asked at its step' : ''}: ${input.prompt}`);
  for (const phase of runbook.phases) showPhase(phase, 0);
};

const showPhase = (phase: Phase, depth: number): void => {
  const marks = [
    phase.offPath === null ? '' : 'only if needed',
    phase.choice === null ? '' : `choice ${phase.choice}`,
    phase.at ?? '',
  ].filter((mark) => mark !== '');
  print(
    safe`\n${'  '.repeat(depth)}${phase.number}  ${phase.title}${marks.length === 0 ? '' : `  (${marks.join(', ')})`}`,
  );
  for (const step of phase.steps) showStep(step, depth + 1);
  for (const child of phase.phases) showPhase(child, depth + 1);
};

const showStep = (step: Step, depth: number): void => {
  const indent = '  '.repeat(depth);
  print(
    safe`${indent}${step.id}  ${step.title}${step.kind === 'manual' || step.kind === 'command' ? '' : `  [${step.kind}]`}`,
  );
  for (const action of step.actions) {
    if (action.kind !== 'command') continue;
    const { command } = action;
    const blocked = command.blocked === null ? '' : `, blocked ${command.blocked}`;
    for (const [i, line] of command.script.trimEnd().split('\n').entries())
      print(safe`${indent}     ${i === 0 ? `[${command.risk}${blocked}] $ ` : '  '}${line}`);
  }
  for (const child of step.steps) showStep(child, depth + 1);
};

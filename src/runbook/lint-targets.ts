import { diagnosticAt } from './diagnostic.ts';
import type { SourceText } from './lint-source.ts';
import type { Diagnostic, Runbook, Step } from './model.ts';
import { didYouMean } from './suggest.ts';
import { allPhases, commandsOf, stepsOf } from './walk.ts';

/** E218: what a decision, a handoff, the rollback or the status updates name inside the file must exist. */
export const targetProblems = (runbook: Runbook, source: SourceText): readonly Diagnostic[] => {
  const names = targetNames(runbook);
  const diagnostics: Diagnostic[] = [];
  const check = (target: string, line: number, what: string): void => {
    if (!target.startsWith('#') || names.has(target.slice(1))) return;
    const message = `${what}: no step or phase is named "${target}"${didYouMean(target.slice(1), names)}`;
    diagnostics.push(
      diagnosticAt('E218', source.findFrom(target, line), message, 'name one with {name=…}, or correct the target'),
    );
  };
  if (runbook.rollback?.runbook != null) check(runbook.rollback.runbook, runbook.rollback.line, 'rollback');
  for (const step of stepsOf(runbook)) {
    for (const action of step.actions) {
      if (action.kind === 'decide')
        for (const choice of action.choices) check(choice.target, action.line, `"${choice.label}"`);
      if (action.kind === 'handoff') check(action.handoff.runbook, action.line, 'handoff');
    }
  }
  return [...diagnostics, ...statusProblems(runbook, source)];
};

/** Names that `#name` may mean: explicit ones, and the code host's anchors of headings and steps. */
export const targetNames = (runbook: Runbook): ReadonlySet<string> => {
  const names = new Set<string>();
  const add = (name: string | null): void => {
    if (name !== null && name !== '') names.add(name);
  };
  for (const phase of allPhases(runbook.phases)) {
    add(phase.name);
    add(phase.anchor);
  }
  for (const step of stepsOf(runbook)) {
    add(step.name);
    add(step.anchor);
    for (const command of commandsOf(step)) add(command.options.name);
  }
  return names;
};

const statusProblems = (runbook: Runbook, source: SourceText): readonly Diagnostic[] => {
  const wanted = runbook.statusUpdates?.message;
  const messages = stepsOf(runbook).flatMap(messageNames);
  if (wanted === undefined || messages.includes(wanted)) return [];
  const place = source.findFrom('status-updates', 1, 2000);
  const message = `status-updates: no message is named "${wanted}"${didYouMean(wanted, messages)}`;
  return [diagnosticAt('E218', place, message, `add a message with "name: ${wanted}"`)];
};

const messageNames = (step: Step): readonly string[] =>
  step.actions.flatMap((action) => (action.kind === 'message' ? (action.message.name ?? []) : []));

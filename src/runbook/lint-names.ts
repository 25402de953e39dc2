import { diagnosticAt } from './diagnostic.ts';
import type { SourceText } from './lint-source.ts';
import type { Diagnostic, Runbook, Step } from './model.ts';
import { allPhases, stepsOf } from './walk.ts';

interface Named {
  readonly name: string;
  /** Where its phase or action begins; the name stands there or soon after. */
  readonly line: number;
  /** One step may carry its name twice: on its item and on its only fence. */
  readonly owner: object;
}

/** E213 and E214: explicit names of phases, steps, commands, gates and messages. */
export const nameProblems = (runbook: Runbook, source: SourceText): readonly Diagnostic[] => {
  const first = new Map<string, { readonly line: number; readonly owner: object }>();
  const diagnostics: Diagnostic[] = [];
  for (const named of [...phaseNames(runbook), ...stepsOf(runbook).flatMap(stepNames)].sort(
    (a, b) => a.line - b.line,
  )) {
    const place = source.findFrom(named.name, named.line, 30);
    if (!/^[\p{L}\p{N}][\p{L}\p{N} _.-]*$/u.test(named.name)) {
      const message = `name ${JSON.stringify(named.name)} holds characters that a name may not have`;
      diagnostics.push(diagnosticAt('E214', place, message, 'use letters, digits, "-", "_" and "."'));
      continue;
    }
    const before = first.get(named.name);
    if (before === undefined) first.set(named.name, { line: place.line, owner: named.owner });
    else if (before.owner !== named.owner) {
      const message = `name "${named.name}" used on lines ${before.line} and ${place.line}`;
      diagnostics.push(diagnosticAt('E213', place, message, 'give one of them another name'));
    }
  }
  return diagnostics;
};

const phaseNames = (runbook: Runbook): readonly Named[] =>
  allPhases(runbook.phases).flatMap((phase) =>
    phase.name === null ? [] : [{ name: phase.name, line: phase.line, owner: phase }],
  );

const stepNames = (step: Step): readonly Named[] => {
  const names: Named[] = [];
  const add = (name: string | null, line: number): void => {
    if (name !== null && !names.some((named) => named.name === name)) names.push({ name, line, owner: step });
  };
  add(step.name, step.line);
  for (const action of step.actions) {
    if (action.kind === 'command') add(action.command.options.name, action.line);
    else if (action.kind === 'gate') add(action.gate.name, action.line);
    else if (action.kind === 'message') add(action.message.name, action.line);
  }
  for (const command of step.undo) add(command.options.name, command.lines[0]?.[0] ?? step.line);
  return names;
};

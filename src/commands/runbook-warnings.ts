import type { Diagnostic } from '../runbook/model.ts';
import { places } from '../session/walk.ts';
import { diagnosticLine, type OpenedRunbook } from './open-runbook.ts';

/** What a runbook's author must know and its operator meets at the step: a variable is asked for, a status is read. */
const metAtTheStep: ReadonlySet<string> = new Set(['W327', 'W411']);

/** Warnings of a file that somebody who runs it must know beforehand; a blocked command says why at its step. */
export const warningsOf = ({ runbook, diagnostics }: OpenedRunbook): readonly Diagnostic[] => {
  const blocked = new Set(
    places(runbook).flatMap(({ step }) =>
      step.actions.flatMap((action) => (action.kind === 'command' ? (action.command.blocked?.slice(1) ?? []) : [])),
    ),
  );
  return diagnostics.filter(
    ({ severity, code }) => severity === 'warning' && !metAtTheStep.has(code) && !blocked.has(code.slice(1)),
  );
};

/** Prints the warnings of files whose content is shown, beside it. */
export const printWarnings = (files: readonly OpenedRunbook[]): void => {
  for (const file of files)
    for (const warning of warningsOf(file)) process.stderr.write(`${diagnosticLine(file.path, warning)}\n`);
};

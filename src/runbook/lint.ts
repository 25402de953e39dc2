import { inOrder } from './diagnostic.ts';
import { withDurationRules } from './duration-inputs.ts';
import { nameProblems } from './lint-names.ts';
import { SourceText } from './lint-source.ts';
import { targetProblems } from './lint-targets.ts';
import { inputsOfUnsetVariables, referenceProblems, variableProblems } from './lint-variables.ts';
import { watchedProblems } from './lint-watched.ts';
import type { Diagnostic, Runbook } from './model.ts';

export interface LintOptions {
  /** The file's text, for columns; without it a problem stands at column 1. */
  readonly source?: string;
  /** Names of variables that are set when commands run; they are not asked for in a plain file. */
  readonly environment?: readonly string[];
}

export interface Linted {
  /** In a plain file with an input for each variable that nothing sets, asked at its step. */
  readonly runbook: Runbook;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks that need the whole model. Errors: E213 (a name twice), E214 (a name that cannot be one), E218 (a target that
 * does not exist), E411 (a name or variable that nothing gives), E513; in a plain file W411 with an input instead. W329 (a check of what nobody watches).
 */
export const lint = (runbook: Runbook, options: LintOptions = {}): Linted => {
  const source = new SourceText(options.source);
  const names = [
    ...nameProblems(runbook, source),
    ...targetProblems(runbook, source),
    ...watchedProblems(runbook, source),
  ];
  if (runbook.plain) {
    const { inputs, diagnostics } = inputsOfUnsetVariables(runbook, new Set(options.environment), source);
    const linted = inputs.length === 0 ? runbook : { ...runbook, inputs: [...runbook.inputs, ...inputs] };
    return { runbook: linted, diagnostics: inOrder([...names, ...diagnostics]) };
  }
  const variables = [...variableProblems(runbook, source), ...referenceProblems(runbook, source)];
  return { runbook: withDurationRules(runbook), diagnostics: inOrder([...names, ...variables]) };
};

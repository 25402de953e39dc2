import { diagnosticAt } from './diagnostic.ts';
import { isCommonVariable } from './environment.ts';
import { builtInNames } from './interpolate.ts';
import type { SourceText } from './lint-source.ts';
import { type TextWithNames, textsWithNames } from './lint-texts.ts';
import type { Command, Condition, Diagnostic, Input, Runbook } from './model.ts';
import { didYouMean } from './suggest.ts';
import { allPhases, asksOf, commandsOf, stepsOf } from './walk.ts';

interface Unset {
  readonly variable: string;
  readonly command: Command;
}

/** Variables that a command uses and that no input, earlier command or environment gives, in order. */
const unsetVariables = (runbook: Runbook, environment: ReadonlySet<string>): readonly Unset[] => {
  const known = new Set([...runbook.inputs.map((input) => input.variable), ...runbook.env, ...environment]);
  const found: Unset[] = [];
  for (const step of stepsOf(runbook)) {
    for (const input of asksOf(step)) known.add(input.variable);
    for (const command of commandsOf(step)) {
      for (const variable of command.uses) {
        if (!known.has(variable) && !isCommonVariable(variable)) found.push({ variable, command });
      }
      for (const variable of command.sets) known.add(variable);
      if (command.options.capture !== null) known.add(command.options.capture);
    }
  }
  return found;
};

const placeOf = ({ variable, command }: Unset, source: SourceText) =>
  source.find(new RegExp(`\\$\\{?[#!]?${variable}\\b`), command.lines);

/** E411 for the commands of a gonogo runbook. */
export const variableProblems = (runbook: Runbook, source: SourceText): readonly Diagnostic[] => {
  const names = runbook.inputs.map((input) => input.variable);
  return [
    ...unsetVariables(runbook, new Set()).map((unset) => {
      const message = `$${unset.variable} is not an input, and no earlier step sets it${didYouMean(unset.variable, names)}`;
      return diagnosticAt('E411', placeOf(unset, source), message, 'declare it under "inputs:" or "env:"');
    }),
    ...askProblems(runbook, source),
  ];
};

/** E513: two questions whose answers would be the same variable under different names. */
const askProblems = (runbook: Runbook, source: SourceText): readonly Diagnostic[] => {
  const owners = new Map<string, Input>();
  return stepsOf(runbook)
    .flatMap(asksOf)
    .flatMap((input) => {
      const owner = owners.get(input.variable) ?? input;
      owners.set(input.variable, owner);
      if (owner.name === input.name) return [];
      const message = `inputs "${owner.name}" and "${input.name}" are both $${input.variable}`;
      return [diagnosticAt('E513', source.findFrom(input.name, input.line, 0), message, 'rename one of them')];
    });
};

/** For a plain file: an input for each variable that nothing sets, asked at its step, and W411. */
export const inputsOfUnsetVariables = (
  runbook: Runbook,
  environment: ReadonlySet<string>,
  source: SourceText,
): { readonly inputs: readonly Input[]; readonly diagnostics: readonly Diagnostic[] } => {
  const inputs = new Map<string, Input>();
  const diagnostics: Diagnostic[] = [];
  for (const unset of unsetVariables(runbook, environment)) {
    const { variable } = unset;
    if (inputs.has(variable)) continue;
    const place = placeOf(unset, source);
    inputs.set(variable, askedAtStep(variable, place.line));
    const hint = `it is asked at its step; ${variable} in the environment is used instead`;
    diagnostics.push(diagnosticAt('W411', place, `nothing sets $${variable}`, hint));
  }
  return { inputs: [...inputs.values()], diagnostics };
};

const askedAtStep = (variable: string, line: number): Input => ({
  name: variable,
  variable,
  type: 'text',
  prompt: `$${variable}`,
  example: null,
  default: null,
  pattern: null,
  choices: [],
  from: null,
  askedAtStep: true,
  line,
});

/** E411 for `${name}` in titles, prose, gates, messages, links and queries, and for `when` of steps and phases. */
export const referenceProblems = (runbook: Runbook, source: SourceText): readonly Diagnostic[] => {
  const known = knownNames(runbook);
  const unknown = (text: TextWithNames, name: string): Diagnostic => {
    const message = `\${${name}} is not an input, capture or built-in name${didYouMean(name, known)}`;
    return diagnosticAt(
      'E411',
      source.findFrom(`\${${name}}`, text.line),
      message,
      'declare it under "inputs:", or correct the name',
    );
  };
  const texts = textsWithNames(runbook).flatMap((text) =>
    text.names.filter((name) => !known.has(name)).map((name) => unknown(text, name)),
  );
  return [...texts, ...conditionProblems(runbook, known, source)];
};

const knownNames = (runbook: Runbook): ReadonlySet<string> => {
  const steps = stepsOf(runbook);
  const inputs = [...runbook.inputs, ...steps.flatMap(asksOf)];
  const commands = steps.flatMap(commandsOf);
  return new Set([
    ...builtInNames,
    ...inputs.map((input) => input.name),
    ...runbook.env,
    ...commands.flatMap((command) => command.sets),
    ...commands.flatMap((command) => command.options.capture ?? []),
  ]);
};

const conditionProblems = (runbook: Runbook, known: ReadonlySet<string>, source: SourceText): readonly Diagnostic[] => {
  const steps = stepsOf(runbook);
  const all: readonly { when: Condition | null; line: number }[] = [
    ...allPhases(runbook.phases),
    ...steps,
    ...steps.flatMap(commandsOf).map((command) => ({ when: command.options.when, line: command.lines[0]?.[0] ?? 1 })),
  ];
  return all.flatMap(({ when, line }) => {
    if (when === null || known.has(when.input)) return [];
    const message = `when=${when.input}: not an input${didYouMean(when.input, known)}`;
    return [diagnosticAt('E411', source.findFrom(when.input, line, 3), message, 'declare it under "inputs:"')];
  });
};

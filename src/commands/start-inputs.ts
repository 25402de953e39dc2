import { secretOption, validateValue } from '../runbook/inputs.ts';
import type { Input, Runbook } from '../runbook/model.ts';
import { nearest } from '../runbook/nearest.ts';
import type { InputSource } from '../session/events.ts';
import { ExpectedError } from '../text/errors.ts';
import { shellWord } from '../text/shell-word.ts';

export interface GivenInput {
  readonly value: string;
  readonly source: InputSource;
}

/** Values of a run's inputs before anybody is asked. */
export interface StartInputs {
  readonly given: Readonly<Record<string, GivenInput>>;
  /** Inputs without a value, in the order of the runbook: required ones, and secrets without a reference. */
  readonly missing: readonly Input[];
}

export interface InputSources {
  /** Of `--set name=value`. */
  readonly set: Readonly<Record<string, string>>;
  /** Those of questions and of further runbooks are used later. */
  readonly answers: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Inputs that are asked before the run: those of placeholders wait for their step. */
export const startInputs = (runbook: Runbook): readonly Input[] => runbook.inputs.filter((input) => !input.askedAtStep);

/** `name=value` of an option. Throws when there is no `=`. */
export const parseSet = (options: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    options.map((option) => {
      const at = option.indexOf('=');
      if (at < 1)
        throw new ExpectedError(`"${option}" is not name=value`, {
          place: '--set',
          nextStep: 'For example: --set version=v2.3.0',
        });
      return [option.slice(0, at), option.slice(at + 1)];
    }),
  );

const checkNames = (runbook: Runbook, names: readonly string[]): void => {
  for (const name of names) {
    if (runbook.inputs.some((input) => input.name === name)) continue;
    const known = runbook.inputs.map((input) => input.name);
    const guess = nearest(name, known);
    const nextStep =
      guess === null
        ? known.length === 0
          ? 'It asks for no values'
          : `Its inputs: ${known.join(', ')}`
        : `Did you mean "${guess}"?`;
    throw new ExpectedError(`this runbook has no input "${name}"`, { place: '--set', nextStep });
  }
};

/** The first source that has a value wins. Throws `ExpectedError` E501-E508 for a value that is not allowed. */
export const gatherInputs = (runbook: Runbook, sources: InputSources): StartInputs => {
  checkNames(runbook, Object.keys(sources.set));
  const given: Record<string, GivenInput> = {};
  const missing: Input[] = [];
  for (const input of runbook.inputs) {
    const found = firstValue(input, sources);
    if (found !== null) given[input.name] = checked(input, found);
    else if (!input.askedAtStep && (input.type !== 'secret' || input.from === null)) missing.push(input);
  }
  return { given, missing };
};

const firstValue = (input: Input, { set, answers, environment }: InputSources): GivenInput | null => {
  if (input.type === 'secret') {
    const problem = set[input.name] === undefined && answers[input.name] === undefined ? null : secretOption(input);
    if (problem !== null)
      throw new ExpectedError(problem.message, { code: problem.code, place: '--set', nextStep: problem.nextStep });
    return null;
  }
  const { name } = input;
  if (set[name] !== undefined) return { value: set[name], source: 'option' };
  if (answers[name] !== undefined) return { value: answers[name], source: 'answers' };
  const fromEnvironment = environment[`GONOGO_INPUT_${input.variable}`];
  if (fromEnvironment !== undefined) return { value: fromEnvironment, source: 'environment' };
  return input.default === null ? null : { value: input.default, source: 'default' };
};

const checked = (input: Input, { value, source }: GivenInput): GivenInput => {
  const check = validateValue(input, value);
  if (check.ok) return { value: check.value, source };
  const place =
    { option: '--set', answers: '--answers', environment: `GONOGO_INPUT_${input.variable}` }[source as string] ??
    'default';
  throw new ExpectedError(check.message, { code: check.code, place, nextStep: check.nextStep });
};

/** E504 for a run that can ask nobody. */
export const missingError = (missing: readonly Input[]): ExpectedError => {
  const names = missing.map((input) => input.name).join(', ');
  const [first] = missing;
  const example = first?.example ?? 'VALUE';
  return new ExpectedError(`${missing.length === 1 ? 'a value is' : 'values are'} missing: ${names}`, {
    code: 'E504',
    nextStep:
      first?.type === 'secret'
        ? 'Give the secret a reference (from: env:NAME), or run in a terminal'
        : `Give it with --set ${first?.name}=${shellWord(example)}`,
  });
};

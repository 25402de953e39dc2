import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Runbook } from '../runbook/model.ts';
import { nearest } from '../runbook/nearest.ts';
import { places } from '../session/walk.ts';
import { ExpectedError } from '../text/errors.ts';

/** One answer to one prompt of a step. Source: 60-interface, "Plain mode". */
export type Answer =
  | { readonly kind: 'enter' | 'yes' | 'again' | 'rollback' }
  | {
      readonly kind: 'type' | 'answer' | 'choose' | 'n/a' | 'owe' | 'skip' | 'accept' | 'override' | 'by-eye' | 'fail';
      readonly text: string;
    };

export interface Answers {
  readonly inputs: Readonly<Record<string, string>>;
  /** By step id or name, in the order of the step's prompts. */
  readonly steps: Readonly<Record<string, readonly Answer[]>>;
  readonly default: 'stop' | 'enter';
}

export const noAnswers: Answers = { inputs: {}, steps: {}, default: 'stop' };

const bare = ['enter', 'yes', 'again', 'rollback'] as const;
const worded = ['type', 'answer', 'choose', 'n/a', 'owe', 'skip', 'accept', 'override', 'by-eye', 'fail'] as const;

const isBare = (text: string): text is (typeof bare)[number] => (bare as readonly string[]).includes(text);
const isWorded = (text: string): text is (typeof worded)[number] => (worded as readonly string[]).includes(text);

const text = z.string();
const one = z.union([text, z.record(text, text)]);
const shape = z.strictObject({
  inputs: z.record(text, text).default({}),
  steps: z.record(text, z.union([one, z.array(one)])).default({}),
  default: z.enum(['stop', 'enter']).default('stop'),
});

/** `enter`, `'type: checkout'`, or `type: checkout` without quotes. */
const answerOf = (value: z.infer<typeof one>, place: string): Answer => {
  const written =
    typeof value === 'string'
      ? value
      : Object.entries(value)
          .map(([k, v]) => `${k}: ${v}`)
          .join(', ');
  if (isBare(written)) return { kind: written };
  const match = /^([a-z/-]+):\s*([\s\S]*)$/.exec(written);
  const kind = match?.[1] ?? '';
  if (isWorded(kind)) return { kind, text: match?.[2] ?? '' };
  throw new ExpectedError(`"${written}" is not an answer`, {
    place,
    nextStep: `One of ${bare.join(', ')}, or ${worded.map((w) => `'${w}: …'`).join(', ')}`,
  });
};

/** Reads `--answers FILE`. Throws `ExpectedError` with the place of what is wrong. */
export const readAnswers = async (path: string): Promise<Answers> => {
  let source: string;
  let regular: boolean;
  try {
    regular = (await stat(path)).isFile();
    source = regular ? await readFile(path, 'utf8') : '';
  } catch (error) {
    throw new ExpectedError('the answers file cannot be read', {
      place: path,
      nextStep: 'Check its path and permissions',
      cause: error,
    });
  }
  if (!regular || source.trim() === '') throw noAnswersIn(path, regular);
  let data: unknown;
  try {
    data = parse(source, { schema: 'failsafe', maxAliasCount: 0 });
  } catch (error) {
    throw new ExpectedError(`not YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`, {
      place: path,
      nextStep: 'See "gonogo run --help" for an example',
      cause: error,
    });
  }
  const read = shape.safeParse(data ?? {});
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new ExpectedError(issue?.message ?? 'not an answers file', {
      place: `${path}: ${issue?.path.join('.') ?? ''}`,
      nextStep: 'It has inputs, steps and default',
    });
  }
  const steps = Object.entries(read.data.steps).map(([step, value]): [string, readonly Answer[]] => {
    const list = Array.isArray(value) ? value : [value];
    return [step, list.map((item) => answerOf(item, `${path}: steps.${step}`))];
  });
  return { inputs: read.data.inputs, steps: Object.fromEntries(steps), default: read.data.default };
};

/** E510: a run that is meant to be answered must not go on as if there was nothing to say. */
const noAnswersIn = (path: string, regular: boolean): ExpectedError =>
  regular
    ? new ExpectedError('the answers file is empty', {
        code: 'E510',
        place: path,
        nextStep: 'It has inputs, steps and default; or leave --answers out',
      })
    : new ExpectedError('the answers are not in a regular file', {
        code: 'E510',
        place: path,
        nextStep: 'They are read more than once, which a pipe does not allow: write them to a file',
      });

/** E510 for an answer to a step, or a value for an input, that none of the runbooks has. */
export const checkAnswers = (answers: Answers, runbooks: readonly Runbook[], path: string): void => {
  const steps = runbooks.flatMap((runbook) => places(runbook).map(({ step }) => step));
  const stepNames = new Set(
    steps.flatMap(({ id, anchor, name }) => (name === null ? [id, anchor] : [id, anchor, name])),
  );
  for (const step of Object.keys(answers.steps))
    if (!stepNames.has(step))
      throw unknownName(
        path,
        `there is no step "${step}"`,
        step,
        stepNames,
        'gonogo show lists the steps with their ids',
      );
  const asked = steps.flatMap(({ actions }) =>
    actions.flatMap((action) => (action.kind === 'ask' ? action.inputs : [])),
  );
  const inputNames = new Set([...runbooks.flatMap(({ inputs }) => inputs), ...asked].map(({ name }) => name));
  for (const input of Object.keys(answers.inputs))
    if (!inputNames.has(input))
      throw unknownName(
        `${path}: inputs.${input}`,
        `there is no input "${input}"`,
        input,
        inputNames,
        inputNames.size === 0 ? 'This run asks for no values' : `Its inputs: ${[...inputNames].join(', ')}`,
      );
};

const unknownName = (
  place: string,
  message: string,
  name: string,
  known: ReadonlySet<string>,
  otherwise: string,
): ExpectedError => {
  const guess = nearest(name, known);
  return new ExpectedError(message, {
    code: 'E510',
    place,
    nextStep: guess === null ? otherwise : `Did you mean "${guess}"?`,
  });
};

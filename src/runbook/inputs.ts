import type { ProblemCode } from '../text/errors.ts';
import { safeText } from '../text/safe-text.ts';
import { codePointOf, findLookAlike } from './look-alike.ts';
import type { Input } from './model.ts';
import { didYouMean, listed } from './suggest.ts';

/** What a `string` input accepts when it has no pattern of its own. Source: 50-safety, "Values". */
export const defaultPattern = '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$';

export interface ValueProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly nextStep: string;
}

export type ValueCheck =
  | { readonly ok: true; readonly value: string; readonly warnings: readonly ValueProblem[] }
  | ({ readonly ok: false } & ValueProblem);

const maxLength = 4 * 1024;
const maxTextLength = 64 * 1024;

/**
 * Whether a value may be given to an input. It is kept as text whatever its type, so that large integers and
 * `1.10` stay as typed. Errors: E206 (boolean), E501 to E505, E507, E511; warning W514.
 * The value of a secret never appears in a message.
 */
export const validateValue = (input: Input, raw: string): ValueCheck => {
  const problem =
    raw === '' ? emptyProblem(input) : input.type === 'secret' ? secretProblem(input, raw) : problemOf(input, raw);
  if (problem !== null) return { ok: false, ...problem };
  return { ok: true, value: raw, warnings: input.type === 'secret' ? secretWarnings(input, raw) : [] };
};

const refuse = (code: ProblemCode, message: string, nextStep: string): ValueProblem => ({ code, message, nextStep });

const emptyProblem = (input: Input): ValueProblem | null =>
  input.default === '' ? null : refuse('E504', `"${input.name}" is required`, exampleOr(input, 'give it a value'));

const exampleOr = (input: Input, otherwise: string): string =>
  input.example === null ? otherwise : `for example ${input.example}`;

const problemOf = (input: Input, raw: string): ValueProblem | null =>
  sizeProblem(input, raw) ??
  hiddenProblem(input, raw) ??
  lookAlikeProblem(input, raw) ??
  dashProblem(input, raw) ??
  typeProblem(input, raw) ??
  patternProblem(input, raw);

const sizeProblem = (input: Input, raw: string): ValueProblem | null => {
  const limit = input.type === 'text' || input.type === 'secret' ? maxTextLength : maxLength;
  if (raw.length > limit) {
    const size =
      raw.length > 1_000_000 ? `${(raw.length / 1_000_000).toFixed(1)} MB` : `${Math.ceil(raw.length / 1024)} KiB`;
    return refuse(
      'E503',
      `"${input.name}" is ${size} long, limit ${limit / 1024} KiB`,
      'put it into a file and pass its path',
    );
  }
  if (raw.includes('\0')) return refuse('E503', `"${input.name}" contains a NUL byte`, 'give one line of text');
  if (input.type !== 'secret' && /[\n\r]/.test(raw)) {
    return refuse('E503', `"${input.name}" contains a line break`, 'give one line of text');
  }
  return null;
};

const hiddenProblem = (input: Input, raw: string): ValueProblem | null => {
  const edge = /^\s|\s$/u.exec(raw);
  const hidden = safeText(raw) === raw ? (/(?! )\p{Zs}/u.exec(raw) ?? edge) : firstHidden(raw);
  if (hidden === null) return null;
  const character = String.fromCodePoint(hidden[0].codePointAt(0) as number);
  const where =
    hidden.index === 0 ? 'starts with' : hidden.index + character.length === raw.length ? 'ends with' : 'contains';
  const what = character === ' ' ? 'a space (U+0020)' : codePointOf(character);
  const at = where === 'contains' ? ` at character ${hidden.index + 1}` : '';
  return refuse('E505', `"${input.name}" ${where} ${what}${at}`, 'remove the character, or type the value by hand');
};

/** The first character that `safeText` would show as something else. */
const firstHidden = (raw: string): RegExpExecArray | null => {
  for (const match of raw.matchAll(/[\s\S]/gu)) if (safeText(match[0]) !== match[0]) return match as RegExpExecArray;
  return null;
};

const lookAlikeProblem = (input: Input, raw: string): ValueProblem | null => {
  const prose = input.type === 'text' || input.pattern !== null;
  const found = findLookAlike(raw, prose ? 'prose' : 'identifier');
  if (found === null) return null;
  const like = found.like === null ? `not a letter of the same alphabet` : `not the letter "${found.like}"`;
  return refuse(
    'E507',
    `"${input.name}": "${found.character}" in "${found.word}" is ${found.codePoint}, ${like}`,
    'type the value by hand',
  );
};

/** Placeholders of plain files may stand for options; declared inputs may not become one. */
const dashProblem = (input: Input, raw: string): ValueProblem | null =>
  raw.startsWith('-') && !input.askedAtStep
    ? refuse('E502', `"${input.name}" may not start with "-"`, exampleOr(input, 'a command would read it as an option'))
    : null;

const typeProblem = (input: Input, raw: string): ValueProblem | null => {
  const must = (what: string, next: string, code: ProblemCode = 'E501') =>
    refuse(code, `"${input.name}" must be ${what}`, next);
  switch (input.type) {
    case 'integer':
      return /^\d+$/.test(raw) ? null : must('a whole number', exampleOr(input, 'write digits only'));
    case 'number':
      return /^\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(raw)
        ? null
        : must('a number', exampleOr(input, 'write it like 0.25'));
    case 'boolean':
      return raw === 'true' || raw === 'false' ? null : must('true or false', 'use true/false', 'E206');
    case 'choice':
      return input.choices.includes(raw)
        ? null
        : must(`one of ${listed(input.choices)}${didYouMean(raw, input.choices)}`, 'choose one of them');
    default:
      return null;
  }
};

const patternProblem = (input: Input, raw: string): ValueProblem | null => {
  const pattern = input.pattern ?? (input.type === 'string' ? defaultPattern : null);
  if (pattern === null || compilePattern(pattern)?.test(raw) === true) return null;
  return refuse('E501', `"${input.name}" must match ${pattern}`, exampleOr(input, 'correct the value'));
};

/** The pattern for a whole value; null when it is not a regular expression. */
export const compilePattern = (pattern: string): RegExp | null => {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(`^(?:${pattern})$`, flags);
    } catch {
      // A pattern may be valid without the `u` flag only.
    }
  }
  return null;
};

const secretProblem = (input: Input, raw: string): ValueProblem | null => {
  const size = sizeProblem(input, raw);
  if (size !== null) return size;
  if ([...raw].length < 4) {
    return refuse(
      'E511',
      `"${input.name}" is shorter than 4 characters and cannot be masked`,
      'check that it is the whole secret',
    );
  }
  return patternProblem(input, raw);
};

const secretWarnings = (input: Input, raw: string): readonly ValueProblem[] =>
  [...raw].length < 8
    ? [
        refuse(
          'W514',
          `"${input.name}" is shorter than 8 characters; masking may hide other text too`,
          'use a longer secret',
        ),
      ]
    : [];

/**
 * W506: a plain value that is or holds a secret; it is treated like one from then on. Null when it holds none.
 * `heldIn` gives the name of a secret that a text holds.
 */
export const secretInValue = (
  input: Input,
  value: string,
  heldIn: (text: string) => string | null,
): ValueProblem | null => {
  const secret = heldIn(value);
  if (secret === null) return null;
  const message = `"${input.name}" holds the secret ${secret}: it is masked everywhere and not recorded`;
  return refuse('W506', message, 'declare the input with type: secret when it always is one');
};

/** E508: `--set` of a secret would leave it in the shell history and the process list. */
export const secretOption = (input: Input): ValueProblem | null =>
  input.type !== 'secret'
    ? null
    : refuse(
        'E508',
        `"${input.name}" is a secret and may not be given with --set`,
        'type it when asked, or add from: env:NAME',
      );

import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from 'unbash';
import { isOrdinary } from './literal.ts';

/** Variables with the values a command is given. */
export type Values = Readonly<Record<string, string>>;

/** The text of a word with these values; null when any of it is known only when it runs. */
export const expanded = (word: Word, values: Values): string | null => {
  if (isOrdinary(word)) return word.text;
  if (word.parts === undefined) return word.value;
  return joined(word.parts.map((part) => partText(part, values)));
};

const joined = (texts: readonly (string | null)[]): string | null =>
  texts.some((text) => text === null) ? null : texts.join('');

const partText = (part: WordPart, values: Values): string | null => {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    // `*=IMAGE`: no file has such a name.
    case 'Glob':
      return part.text;
    case 'DoubleQuoted':
    case 'LocaleString':
      return joined(part.parts.map((child) => quotedText(child, values)));
    case 'SimpleExpansion':
    case 'ParameterExpansion': {
      const text = quotedText(part, values);
      // Unquoted it may become several words, or the names of files.
      return text !== null && /^[\w./:=,@%+-]+$/.test(text) ? text : null;
    }
    default:
      return null;
  }
};

const quotedText = (part: DoubleQuotedChild, values: Values): string | null => {
  switch (part.type) {
    case 'Literal':
      return part.value;
    case 'SimpleExpansion':
      return valueOf(part.text.slice(1), values);
    case 'ParameterExpansion':
      return isPlain(part) ? valueOf(part.parameter, values) : null;
    default:
      return null;
  }
};

/** `${NAME}`, and those whose default is not asked for. */
const isPlain = ({ prefix, index, operation }: ParameterExpansionPart): boolean =>
  prefix === undefined &&
  index === undefined &&
  (operation === undefined || (operation.type === 'Default' && /^:?[-=?]$/.test(operation.operator)));

const valueOf = (name: string, values: Values): string | null =>
  Object.hasOwn(values, name) && values[name] !== '' ? (values[name] ?? null) : null;

import type { Assignment, Command, DoubleQuotedChild, Word, WordPart } from 'unbash';

/** Stands for an expansion inside a text that is known otherwise: `--context=␀`. */
export const unknownPart = '\u0000';

/** An argument of a command. */
export interface Arg {
  /** Text after quote removal, with `unknownPart` for expansions; null = nothing is known of how it starts. */
  readonly value: string | null;
  readonly word: Word | null;
  readonly pos: number;
  readonly end: number;
}

const ordinary = /^[\w./:=,@%+-]*$/;

/** True when nothing in the word can expand: its parts need not be looked at. */
export const isOrdinary = (word: Word): boolean => ordinary.test(word.text);

/** Text of a word after quote removal; expansions are `unknownPart`. */
export const textOf = (word: Word): string => {
  if (isOrdinary(word)) return word.text;
  return word.parts === undefined ? word.value : word.parts.map(partText).join('');
};

const partText = (part: WordPart): string => {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map(childText).join('');
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return part.text;
    default:
      return unknownPart;
  }
};

const childText = (part: DoubleQuotedChild): string => (part.type === 'Literal' ? part.value : unknownPart);

const known = (text: string): string | null => (text.startsWith(unknownPart) ? null : text);

export const argOf = (item: Word | Assignment): Arg => {
  if (item.type === 'Word') return { value: known(textOf(item)), word: item, pos: item.pos, end: item.end };
  const value = item.value.type === 'Word' ? textOf(item.value) : unknownPart;
  const name = item.text.slice(0, item.text.indexOf('=') + 1);
  return { value: name + value, word: item.value.type === 'Word' ? item.value : null, pos: item.pos, end: item.end };
};

/** Name and arguments of a simple command; empty when it only assigns or redirects. */
export const argsOf = (command: Command): Arg[] =>
  command.name === undefined ? [] : [argOf(command.name), ...command.args.map(argOf)];

/** The whole text, or null when any of it is not known. */
export const wholeText = (arg: Arg | undefined): string | null =>
  arg === undefined || arg.value === null || arg.value.includes(unknownPart) ? null : arg.value;

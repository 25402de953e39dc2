import type { Risk } from '../model.ts';
import type { Tool } from './tables/tool.ts';

/** A line of a tool's table, ready to be matched. */
export interface Phrase {
  readonly words: readonly (string | RegExp)[];
  readonly options: readonly { readonly name: string | RegExp; readonly value: string | null }[];
  readonly weight: number;
  readonly risk: Risk;
  readonly reason: string | null;
}

/** Phrases by their first word; the others are tried every time. */
export interface PhraseIndex {
  readonly byWord: ReadonlyMap<string, readonly Phrase[]>;
  readonly others: readonly Phrase[];
}

export interface Compiled {
  readonly valued: ReadonlySet<string>;
  readonly phrases: PhraseIndex;
  readonly marks: Readonly<Record<MarkName, PhraseIndex>>;
  readonly dry: ReadonlySet<string>;
}

export type MarkName = 'outside' | 'watches' | 'interactive' | 'answered' | 'target';

const compiled = new Map<Tool, Compiled>();

const split = (text: string): string[] => text.split(/[\s]+/).filter((word) => word !== '');

const indexOf = (phrases: readonly Phrase[]): PhraseIndex => {
  const byWord = new Map<string, Phrase[]>();
  const others: Phrase[] = [];
  for (const phrase of phrases) {
    const [first] = phrase.words;
    const list = typeof first === 'string' ? (byWord.get(first) ?? []) : others;
    list.push(phrase);
    if (typeof first === 'string') byWord.set(first, list);
  }
  return { byWord, others };
};

/** A tool's table, read once. */
export const compile = (tool: Tool): Compiled => {
  const known = compiled.get(tool);
  if (known !== undefined) return known;
  const phrases = [
    ...phraseLines(tool.read ?? '', 'read'),
    ...phraseLines(tool.change ?? '', 'change'),
    ...phraseLines(tool.destroy ?? '', 'destroy'),
  ];
  const result: Compiled = {
    valued: new Set(split(tool.valued ?? '')),
    phrases: indexOf(phrases),
    marks: {
      outside: indexOf(phraseLines(tool.outside ?? '', 'read')),
      watches: indexOf(phraseLines(tool.watches ?? '', 'read')),
      interactive: indexOf(phraseLines(tool.interactive ?? '', 'read')),
      answered: indexOf(phraseLines(tool.answered ?? '', 'read')),
      target: indexOf(phraseLines(tool.target ?? '', 'read')),
    },
    dry: new Set(split(tool.dry ?? '')),
  };
  compiled.set(tool, result);
  return result;
};

/** Lists of reads have no reasons and may run over several lines; the others are `phrases: reason` a line. */
const phraseLines = (text: string, risk: Risk): Phrase[] => {
  const lines = risk === 'read' ? [text] : joinContinuations(text);
  return lines.flatMap((line) => {
    const colon = risk === 'read' ? -1 : line.lastIndexOf(': ');
    const reason = colon < 0 ? null : line.slice(colon + 2).trim();
    return (colon < 0 ? line : line.slice(0, colon))
      .split(',')
      .map((phrase) => split(phrase))
      .filter((tokens) => tokens.length > 0)
      .map((tokens) => toPhrase(tokens, risk, reason));
  });
};

/** A line that ends in a comma goes on in the next one. */
const joinContinuations = (text: string): string[] =>
  text
    .replace(/,\s*\n\s*/g, ', ')
    .split('\n')
    .filter((line) => line.trim() !== '');

const toPhrase = (tokens: readonly string[], risk: Risk, reason: string | null): Phrase => {
  const words: (string | RegExp)[] = [];
  const options: { name: string | RegExp; value: string | null }[] = [];
  let weight = 0;
  for (const token of tokens) {
    if (!token.startsWith('-')) {
      words.push(token.includes('*') ? wildcard(token) : token);
      weight += token === '*' ? 1 : token.includes('*') ? 6 : 10;
      continue;
    }
    const equals = token.indexOf('=');
    const name = equals < 0 ? token : token.slice(0, equals);
    options.push({
      name: name.includes('*') ? wildcard(name) : name,
      value: equals < 0 ? null : token.slice(equals + 1),
    });
    weight += token.includes('*') ? 5 : equals < 0 ? 10 : 12;
  }
  return { words, options, weight, risk, reason };
};

const wildcard = (token: string): RegExp =>
  new RegExp(
    `^${token
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

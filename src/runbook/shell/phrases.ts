import type { Risk } from '../model.ts';
import type { Tool } from './tables/tool.ts';

/** An argument as far as it is known without running anything; null = holds an expansion. */
export type KnownText = string | null;

/** The arguments of a tool, taken apart by what its table knows of its options. */
export interface Parsed {
  readonly options: readonly { readonly name: string; readonly value: KnownText }[];
  readonly words: readonly KnownText[];
  /** Positions in the arguments of `words`. */
  readonly at: readonly number[];
}

interface Phrase {
  readonly words: readonly (string | RegExp)[];
  readonly options: readonly { readonly name: string | RegExp; readonly value: string | null }[];
  readonly weight: number;
  readonly risk: Risk;
  readonly reason: string | null;
}

interface Compiled {
  readonly tool: Tool;
  readonly valued: ReadonlySet<string>;
  readonly phrases: readonly Phrase[];
  readonly marks: Readonly<Record<MarkName, readonly Phrase[]>>;
  readonly dry: ReadonlySet<string>;
}

type MarkName = 'outside' | 'watches' | 'interactive' | 'target';

const compiled = new Map<Tool, Compiled>();

const split = (text: string): string[] => text.split(/[\s]+/).filter((word) => word !== '');

const compile = (tool: Tool): Compiled => {
  const known = compiled.get(tool);
  if (known !== undefined) return known;
  const phrases = [
    ...phraseLines(tool.read ?? '', 'read'),
    ...phraseLines(tool.change ?? '', 'change'),
    ...phraseLines(tool.destroy ?? '', 'destroy'),
  ];
  const result: Compiled = {
    tool,
    valued: new Set(split(tool.valued ?? '')),
    phrases,
    marks: {
      outside: phraseLines(tool.outside ?? '', 'read'),
      watches: phraseLines(tool.watches ?? '', 'read'),
      interactive: phraseLines(tool.interactive ?? '', 'read'),
      target: phraseLines(tool.target ?? '', 'read'),
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

/** Options, their values, and the words that are neither; stops at `--` unless told that what follows are words too. */
export const parseArguments = (tool: Tool, args: readonly KnownText[]): Parsed => {
  const { valued } = compile(tool);
  const options: { name: string; value: KnownText }[] = [];
  const words: KnownText[] = [];
  const at: number[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as KnownText;
    if (arg === null || !arg.startsWith('-') || arg === '-') {
      words.push(arg);
      at.push(i);
      continue;
    }
    if (arg === '--') break;
    i += readOption(arg, args[i + 1], valued, tool.joined !== false, options);
  }
  return { options, words, at };
};

/** Adds the options of one argument; returns how many further arguments it took as a value. */
const readOption = (
  arg: string,
  next: KnownText | undefined,
  valued: ReadonlySet<string>,
  joined: boolean,
  options: { name: string; value: KnownText }[],
): number => {
  const equals = arg.indexOf('=');
  if (equals > 0) {
    options.push({ name: arg.slice(0, equals), value: arg.slice(equals + 1) });
    return 0;
  }
  if (valued.has(arg) && next !== undefined) {
    options.push({ name: arg, value: next });
    return 1;
  }
  if (!joined || arg.startsWith('--') || arg.length === 2) {
    options.push({ name: arg, value: null });
    return 0;
  }
  for (let i = 1; i < arg.length; i += 1) {
    const name = `-${arg[i]}`;
    if (!valued.has(name)) options.push({ name, value: null });
    else {
      const rest = arg.slice(i + 1);
      const takesNext = rest === '' && next !== undefined;
      options.push({ name, value: takesNext ? (next as KnownText) : rest });
      return takesNext ? 1 : 0;
    }
  }
  // `-all` of a tool with long options is looked for as a whole too.
  options.push({ name: arg, value: null });
  return 0;
};

export interface Lookup {
  readonly risk: Risk;
  /** The words that decided, for the reason: `rollout undo`. */
  readonly phrase: string;
  readonly reason: string | null;
}

const severity: Readonly<Record<Risk, number>> = { read: 0, change: 1, destroy: 2 };

/** What a tool's table says of these arguments. */
export const lookUp = (tool: Tool, args: readonly KnownText[]): Lookup => {
  const { phrases, dry } = compile(tool);
  const parsed = parseArguments(tool, args);
  if (args.length === 0) return { risk: tool.alone ?? tool.otherwise ?? 'change', phrase: '', reason: null };
  if (parsed.options.some(({ name }) => name === '--help') || args.every((arg) => arg === '--version')) {
    return { risk: 'read', phrase: '--help', reason: null };
  }
  const found = best(phrases, parsed, tool.anywhere === true);
  // `--dry-run` counts as a flag or with a value the table names: `--dry-run=none` runs for real.
  const isDry =
    parsed.options.some(({ name, value }) => dry.has(value === null ? name : `${name}=${value}`)) ||
    parsed.words.some((word) => word !== null && dry.has(word));
  if (isDry) return { risk: 'read', phrase: found?.text ?? '', reason: null };
  if (found !== null) return { risk: found.phrase.risk, phrase: found.text, reason: found.phrase.reason };
  const phrase = parsed.words[0] ?? '';
  return { risk: tool.otherwise ?? 'change', phrase, reason: null };
};

/** True when one of the tool's phrases of that kind matches. */
export const isMarked = (tool: Tool, mark: MarkName, args: readonly KnownText[]): boolean => {
  const phrases = compile(tool).marks[mark];
  return phrases.length > 0 && best(phrases, parseArguments(tool, args), tool.anywhere === true) !== null;
};

const best = (
  phrases: readonly Phrase[],
  parsed: Parsed,
  anywhere: boolean,
): { phrase: Phrase; text: string } | null => {
  let found: { phrase: Phrase; text: string } | null = null;
  for (const phrase of phrases) {
    if (found !== null && phrase.weight < found.phrase.weight) continue;
    if (found !== null && phrase.weight === found.phrase.weight && severity[phrase.risk] <= severity[found.phrase.risk])
      continue;
    const text = matches(phrase, parsed, anywhere);
    if (text !== null) found = { phrase, text };
  }
  return found;
};

const matches = (phrase: Phrase, parsed: Parsed, anywhere: boolean): string | null => {
  for (const option of phrase.options) if (!hasOption(parsed, option)) return null;
  const last = anywhere ? Math.min(4, parsed.words.length - phrase.words.length) : 0;
  for (let from = 0; from <= last; from += 1) {
    const words = phrase.words.map((word, i) => matchWord(word, parsed.words[from + i]));
    if (words.every((word) => word !== null)) {
      return [...words.map((word) => (word === '' ? '…' : word)), ...phrase.options.map(optionText)].join(' ');
    }
  }
  return null;
};

const matchWord = (pattern: string | RegExp, word: KnownText | undefined): string | null => {
  if (word === undefined) return null;
  if (typeof pattern === 'string') return word === pattern ? pattern : null;
  if (word === null) return pattern.source === '^.*$' ? '' : null;
  return pattern.test(word) ? (pattern.source === '^.*$' ? '' : word) : null;
};

const hasOption = (parsed: Parsed, wanted: Phrase['options'][number]): boolean =>
  parsed.options.some(
    ({ name, value }) =>
      (typeof wanted.name === 'string' ? name === wanted.name : wanted.name.test(name)) &&
      (wanted.value === null ? value !== 'false' : wanted.value === '*' || value === wanted.value),
  );

const optionText = ({ name, value }: Phrase['options'][number]): string =>
  `${typeof name === 'string' ? name : '…'}${value === null ? '' : `=${value}`}`;

import type { Risk } from '../model.ts';
import { compile, type MarkName, type Phrase, type PhraseIndex } from './phrase-table.ts';
import type { Tool } from './tables/tool.ts';

/** An argument as far as it is known without running anything; null = holds an expansion. */
export type KnownText = string | null;

/** The arguments of a tool, taken apart by what its table knows of its options. */
export interface Parsed {
  readonly options: readonly { readonly name: string; readonly value: KnownText }[];
  readonly words: readonly KnownText[];
}

/** Options, their values, and the words that are neither; stops at `--` unless told that what follows are words too. */
export const parseArguments = (tool: Tool, args: readonly KnownText[]): Parsed => {
  const { valued } = compile(tool);
  const options: { name: string; value: KnownText }[] = [];
  const words: KnownText[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as KnownText;
    if (arg === null || !arg.startsWith('-') || arg === '-') {
      words.push(arg);
      continue;
    }
    if (arg === '--') break;
    i += readOption(arg, args[i + 1], valued, tool.joined !== false, options);
  }
  return { options, words };
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

/** What a tool's table says of its arguments. */
export const lookUp = (tool: Tool, parsed: Parsed): Lookup => {
  const { phrases, dry } = compile(tool);
  const { options, words } = parsed;
  if (options.length === 0 && words.length === 0) {
    return { risk: tool.alone ?? tool.otherwise ?? 'change', phrase: '', reason: null };
  }
  const isVersion = words.length === 0 && options.length === 1 && options[0]?.name === '--version';
  if (isVersion || options.some(({ name }) => name === '--help'))
    return { risk: 'read', phrase: '--help', reason: null };
  // `--dry-run` counts as a flag or with a value the table names: `--dry-run=none` runs for real.
  const isDry =
    dry.size > 0 &&
    (options.some(({ name, value }) => dry.has(value === null ? name : `${name}=${value}`)) ||
      words.some((word) => word !== null && dry.has(word)));
  if (isDry) return { risk: 'read', phrase: '', reason: null };
  const found = best(phrases, parsed, tool.anywhere === true);
  if (found !== null) return { risk: found.risk, phrase: phraseText(found, parsed), reason: found.reason };
  return { risk: tool.otherwise ?? 'change', phrase: words[0] ?? '', reason: null };
};

/** True when one of the tool's phrases of that kind matches. */
export const isMarked = (tool: Tool, mark: MarkName, parsed: Parsed): boolean => {
  const index = compile(tool).marks[mark];
  if (index.others.length === 0 && index.byWord.size === 0) return false;
  if (parsed.options.length === 0 && parsed.words.length === 0) {
    if (mark === 'target') return false;
    return index.others.some(({ words, options }) => options.length === 0 && words[0] instanceof RegExp);
  }
  return best(index, parsed, tool.anywhere === true) !== null;
};

const furthest = 4;

const best = (index: PhraseIndex, parsed: Parsed, anywhere: boolean): Phrase | null => {
  let found: Phrase | null = null;
  const consider = (phrases: readonly Phrase[]): void => {
    for (const phrase of phrases) if (isBetter(phrase, found) && startOf(phrase, parsed, anywhere) >= 0) found = phrase;
  };
  consider(index.others);
  const first = anywhere ? Math.min(furthest + 1, parsed.words.length) : 1;
  for (let i = 0; i < first; i += 1) {
    const word = parsed.words[i];
    const list = word === null || word === undefined ? undefined : index.byWord.get(word);
    if (list !== undefined) consider(list);
  }
  return found;
};

const isBetter = (phrase: Phrase, other: Phrase | null): boolean =>
  other === null ||
  phrase.weight > other.weight ||
  (phrase.weight === other.weight && severity[phrase.risk] > severity[other.risk]);

/** Index of the word at which the phrase starts; -1 when it does not match. */
const startOf = (phrase: Phrase, parsed: Parsed, anywhere: boolean): number => {
  for (const option of phrase.options) if (!hasOption(parsed, option)) return -1;
  const last = anywhere ? Math.min(furthest, parsed.words.length - phrase.words.length) : 0;
  for (let from = 0; from <= last; from += 1) {
    if (phrase.words.every((word, i) => isWord(word, parsed.words[from + i]))) return from;
  }
  return -1;
};

const isAny = (pattern: RegExp): boolean => pattern.source === '^.*$';

const isWord = (pattern: string | RegExp, word: KnownText | undefined): boolean => {
  if (word === undefined) return false;
  if (typeof pattern === 'string') return word === pattern;
  return isAny(pattern) || (word !== null && pattern.test(word));
};

const hasOption = (parsed: Parsed, wanted: Phrase['options'][number]): boolean =>
  parsed.options.some(
    ({ name, value }) =>
      (typeof wanted.name === 'string' ? name === wanted.name : wanted.name.test(name)) &&
      (wanted.value === null ? value !== 'false' : wanted.value === '*' || value === wanted.value),
  );

/** The words of the command that a phrase stands for; `…` for those that may be anything. */
const phraseText = (phrase: Phrase, parsed: Parsed): string => {
  const from = Math.max(0, startOf(phrase, parsed, true));
  const words = phrase.words.map((word, i) =>
    typeof word === 'string' ? word : isAny(word) ? '…' : (parsed.words[from + i] ?? '…'),
  );
  const options = phrase.options.map(
    ({ name, value }) => `${typeof name === 'string' ? name : '…'}${value === null ? '' : `=${value}`}`,
  );
  return [...words, ...options].join(' ');
};

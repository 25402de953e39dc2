/** Names that gonogo fills in itself. Source: 10-runbook-format, "Variables". */
export const builtInNames = [
  'run.id',
  'namespace',
  'context',
  'operator',
  'started',
  'elapsed',
  'rollback',
  'from',
  'to',
] as const;

/** Where the text goes: a value is escaped so that it stays a value there. */
export type InterpolationPlace = 'plain' | 'markdown' | 'url' | 'promql';

/** Value of a name; undefined when there is none. */
export type Lookup = (name: string) => string | undefined;

export interface Interpolated {
  readonly text: string;
  /** Names without a value; their `${name}` stays in the text. */
  readonly unknown: readonly string[];
  /** Names whose value cannot be written at their place; their `${name}` stays in the text. */
  readonly refused: readonly string[];
}

export interface Reference {
  readonly name: string;
  /** UTF-16 offset of the `$`. */
  readonly offset: number;
  readonly length: number;
}

const pattern = /\$\{([A-Za-z_][A-Za-z0-9_.-]*)\}/g;

/** The `${name}` of a text, in order. Shell forms such as `${NAME:-x}` are none. */
export const referencesIn = (text: string): readonly Reference[] =>
  [...text.matchAll(pattern)].map((match) => ({
    name: match[1] as string,
    offset: match.index,
    length: match[0].length,
  }));

/** Replaces `${name}`; never used for anything that a shell runs. */
export const interpolate = (text: string, lookup: Lookup, place: InterpolationPlace): Interpolated => {
  const unknown: string[] = [];
  const refused: string[] = [];
  let out = '';
  let done = 0;
  for (const { name, offset, length } of referencesIn(text)) {
    out += text.slice(done, offset);
    done = offset + length;
    const value = lookup(name);
    const written = value === undefined ? null : writers[place](value, text, offset);
    if (value === undefined) unknown.push(name);
    else if (written === null) refused.push(name);
    out += written ?? text.slice(offset, done);
  }
  return { text: out + text.slice(done), unknown: [...new Set(unknown)], refused: [...new Set(refused)] };
};

/** Looks a name up in the given maps, the first that has it. */
export const lookupIn =
  (...maps: readonly Readonly<Record<string, string>>[]): Lookup =>
  (name) =>
    maps.find((map) => Object.hasOwn(map, name))?.[name];

type Writer = (value: string, text: string, offset: number) => string | null;

/** What would start an emphasis, link, code, HTML or table cell; `_` only where it can open or close one. */
const asMarkdown: Writer = (value) =>
  value.replaceAll(/[\\`*[\]<>|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (character) => `\\${character}`);

/** One component; a value that is the start of the address is kept when it is one itself. */
const asUrl: Writer = (value, _text, offset) => {
  if (offset === 0) return /^https?:\/\/[^\s"'<>\\^`{|}]+$/i.test(value) ? value : null;
  return encodeURIComponent(value.toWellFormed());
};

/**
 * Inside quotes a value becomes part of the string. A raw string has no escapes, and outside of strings only what can
 * be a name, number or duration may stand.
 */
const asPromql: Writer = (value, text, offset) => {
  const quote = openQuote(text, offset);
  if (quote === null) return /^[A-Za-z0-9_:.]+$/.test(value) ? value : null;
  if (quote === '`') return value.includes('`') ? null : value;
  return value.replaceAll(/[\\"'\u0000-\u001F\u007F]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
};

const writers: Readonly<Record<InterpolationPlace, Writer>> = {
  plain: (value) => value,
  markdown: asMarkdown,
  url: asUrl,
  promql: asPromql,
};

/** The quote of the PromQL string that is open at an offset; comments run from `#` to the end of the line. */
const openQuote = (query: string, offset: number): string | null => {
  let quote: string | null = null;
  for (let at = 0; at < offset; at += 1) {
    const character = query[at];
    if (quote === null) {
      if (character === '"' || character === "'" || character === '`') quote = character;
      else if (character === '#') {
        const end = query.indexOf('\n', at);
        if (end < 0 || end >= offset) return null;
        at = end;
      }
    } else if (character === '\\' && quote !== '`') at += 1;
    else if (character === quote) quote = null;
  }
  return quote;
};

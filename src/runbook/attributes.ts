import { attributeNames, foreignAttributes, itemAttributes, runmeNames } from './attribute-names.ts';
import { nearest } from './nearest.ts';

export {
  commandOptions,
  type ItemOptions,
  itemOptions,
  type Place,
  parseCondition,
  riskOf,
} from './command-options.ts';

/** A problem found in attributes; `offset` counts from the start of the text that was given. */
export interface AttributeProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly offset: number;
}

export interface ParsedAttributes {
  /** First word of the info string, lower case: `sh`, `console`; null when there is none. */
  readonly language: string | null;
  readonly attributes: Record<string, string>;
  readonly problems: readonly AttributeProblem[];
}

interface Token {
  readonly key: string;
  readonly value: string;
  readonly offset: number;
  readonly flag: boolean;
}

/**
 * The info string of a fence: `sh {name=x timeout=5m tty}`, `sh {"name":"x"}` as runme writes it.
 * Line numbers, classes and directives of other renderers (`{1,3-4}`, `{.numberLines}`, `{{execute}}`) are passed over.
 */
export const parseAttributes = (info: string): ParsedAttributes => {
  const head = /^\s*([^\s{,]*)/.exec(info);
  const word = (head?.[1] ?? '').toLowerCase();
  const open = info.indexOf('{');
  const pandoc = word === '' ? /^\s*\{\s*\.([\w-]+)/.exec(info) : null;
  const language = word !== '' ? word.replace(/\?.*$/, '') : (pandoc?.[1]?.toLowerCase() ?? null);
  if (open < 0 || info.startsWith('{{', open)) return { language, attributes: {}, problems: [] };
  const close = info.lastIndexOf('}');
  if (close < open) {
    const problem = {
      code: 'E217',
      message: 'attributes are not closed',
      hint: 'end them with }',
      offset: open,
    };
    return { language, attributes: {}, problems: [problem] };
  }
  return { language, ...readBody(info.slice(open, close + 1), open) };
};

const readBody = (text: string, at: number): Omit<ParsedAttributes, 'language'> => {
  if (/^\{\s*"/.test(text)) return readJson(text, at);
  const { tokens, problems } = tokenize(text.slice(1, -1), at + 1);
  const attributes: Record<string, string> = {};
  const found = [...problems];
  for (const token of tokens) {
    if (isDecoration(token)) continue;
    const [key, value] = translate(token.key, token.value);
    if (key === null) continue;
    if (Object.hasOwn(attributes, key)) {
      found.push({ code: 'E202', message: `attribute "${key}" twice`, hint: 'keep one', offset: token.offset });
      continue;
    }
    attributes[key] = value;
  }
  return { attributes, problems: found };
};

/** `.class`, `#id`, `1,3-4`: what other renderers put between the braces. */
const isDecoration = (token: Token): boolean => !/^[A-Za-z]/.test(token.key);

const readJson = (text: string, at: number): Omit<ParsedAttributes, 'language'> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    const message = 'attributes are not valid JSON';
    return {
      attributes: {},
      problems: [{ code: 'E217', message, hint: 'write {name=x} or {"name":"x"}', offset: at }],
    };
  }
  const attributes: Record<string, string> = {};
  for (const [name, raw] of Object.entries(parsed as Record<string, unknown>)) {
    const [key, value] = translate(name, typeof raw === 'string' ? raw : JSON.stringify(raw));
    if (key !== null) attributes[key] = value;
  }
  return { attributes, problems: [] };
};

/** Names of runme become ours; `false` of a flag means that it is absent. */
const translate = (name: string, value: string): readonly [string | null, string] => {
  const mapped = Object.hasOwn(runmeNames, name) ? (runmeNames[name] as string | null) : name;
  if (mapped === null) return [null, value];
  return attributeNames.get(mapped) === 'flag' && value === 'false' && mapped !== 'tty'
    ? [null, value]
    : [mapped, value];
};

const tokenize = (text: string, at: number): { tokens: Token[]; problems: AttributeProblem[] } => {
  const tokens: Token[] = [];
  const problems: AttributeProblem[] = [];
  const pattern =
    /([^\s=,"']+)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|\[[^\]]*\]|\/(?:[^/\\]|\\.)*\/[a-z]*(?=[\s,]|$)|[^\s"']*))?|(["'])/gy;
  let position = 0;
  while (position < text.length) {
    if (/[\s,]/.test(text[position] as string)) {
      position += 1;
      continue;
    }
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null || match[3] !== undefined || isUnclosed(text, pattern.lastIndex)) {
      const offset = at + (match === null ? position : match.index);
      problems.push({ code: 'E217', message: 'quote is not closed', hint: 'write key="value"', offset });
      break;
    }
    const raw = match[2];
    tokens.push({
      key: match[1] as string,
      value: raw === undefined ? 'true' : unquote(raw),
      offset: at + match.index,
      flag: raw === undefined,
    });
    position = pattern.lastIndex;
  }
  return { tokens, problems };
};

const isUnclosed = (text: string, end: number): boolean => text[end] === '"' || text[end] === "'";

const unquote = (raw: string): string => {
  if (raw.startsWith('"')) return raw.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return raw.startsWith("'") ? raw.slice(1, -1) : raw;
};

/**
 * `Deploy it {name=deploy critical}` -> the text without the braces, and the attributes.
 * Braces that hold no attribute of a step or heading (`{service}`, `{app=web}`) stay text; `{#id}` gives the name.
 */
export const splitTrailingAttributes = (
  text: string,
): { text: string; attributes: Record<string, string>; problems: readonly AttributeProblem[] } => {
  const trimmed = text.trimEnd();
  const none = { text, attributes: {}, problems: [] };
  if (!trimmed.endsWith('}')) return none;
  const open = trimmed.lastIndexOf('{');
  if (open < 0 || trimmed[open - 1] === '{' || trimmed[open - 1] === '$' || trimmed[open - 1] === '`') return none;
  const body = trimmed.slice(open + 1, -1);
  const id = /^\s*:?\s*#([\w-]+)\s*$/.exec(body);
  if (id !== null)
    return { text: trimmed.slice(0, open).trimEnd(), attributes: { name: id[1] as string }, problems: [] };
  const { tokens, problems } = tokenize(body, open + 1);
  if (tokens.length === 0 || !tokens.some(belongsToItem)) return none;
  const attributes: Record<string, string> = {};
  for (const { key, value } of tokens) attributes[key] = value;
  return { text: trimmed.slice(0, open).trimEnd(), attributes, problems };
};

const belongsToItem = ({ key, flag }: Token): boolean =>
  itemAttributes.get(key) === (flag ? 'flag' : 'value') ||
  (!flag && key.length >= 3 && !foreignAttributes.has(key) && nearest(key, itemAttributes.keys()) !== null);

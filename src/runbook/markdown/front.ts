import { diagnosticAt } from '../diagnostic.ts';
import { frontMatterOwner, type Header, parseFrontMatter, unclosedFrontMatter } from '../front-matter.ts';
import type { Diagnostic } from '../model.ts';

export interface FrontMatter {
  /** Null when a gonogo front matter could not be read at all. */
  readonly header: Header | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The document with the front matter blanked out, so that lines keep their numbers. */
  readonly body: string;
}

export const plainHeader: Header = {
  title: null,
  kind: 'deploy',
  plain: true,
  summary: null,
  inputs: [],
  env: [],
  target: null,
  lockScope: null,
  metrics: [],
  panels: [],
  links: [],
  contacts: [],
  rollback: null,
  statusUpdates: null,
  windows: [],
  shell: 'bash',
};

/** Splits front matter off and reads it: gonogo's as a header, of another tool's only the title. */
export const readFront = (text: string): FrontMatter => {
  const unclosed = unclosedFrontMatter(text);
  if (unclosed !== null) return { header: null, diagnostics: [unclosed], body: '' };
  const found = findFront(text);
  if (found === null) return { header: plainHeader, diagnostics: [], body: text };
  const body = '\n'.repeat(found.lines) + text.slice(found.length);
  if (found.toml) {
    const message = "front matter is not gonogo's";
    const note = diagnosticAt('I112', { line: 1, column: 1 }, message, 'only its title is read');
    return { header: { ...plainHeader, title: tomlTitle(found.text) }, diagnostics: [note], body };
  }
  const owner = frontMatterOwner(found.text, 2);
  if (owner.owner === 'other')
    return { header: { ...plainHeader, title: owner.title }, diagnostics: owner.diagnostics, body };
  return { ...parseFrontMatter(found.text, 2), body };
};

/** The document with its front matter blanked out, whatever that says. */
export const withoutFront = (text: string): string => {
  const found = findFront(text);
  return found === null ? text : '\n'.repeat(found.lines) + text.slice(found.length);
};

interface Found {
  readonly text: string;
  /** Lines and characters up to and with the closing mark. */
  readonly lines: number;
  readonly length: number;
  readonly toml: boolean;
}

/**
 * Front matter between two `---` (or `+++`) lines at the very start. Its first line must look like a key: two rules
 * around an introduction are no front matter, and nothing between them may be lost.
 */
const findFront = (text: string): Found | null => {
  const open = /^(---|\+\+\+)[ \t]*\n/.exec(text);
  if (open === null) return null;
  const toml = open[1] === '+++';
  const close = toml ? /^\+\+\+[ \t]*$/m : /^(?:---|\.\.\.)[ \t]*$/m;
  const rest = text.slice(open[0].length);
  const end = close.exec(rest);
  if (end === null) return null;
  const inner = rest.slice(0, end.index);
  const first = inner.split('\n').find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const isKey = toml ? /^\s*(?:[\w."-]+\s*=|\[)/ : /^\s*(?:\{|["']?[\w.$@-]+["']?\s*:(?:\s|$))/;
  if (first === undefined ? inner.trim() !== '' : !isKey.test(first)) return null;
  const length = open[0].length + end.index + end[0].length;
  return { text: inner, lines: text.slice(0, length).split('\n').length - 1, length, toml };
};

const tomlTitle = (text: string): string | null => {
  const match = /^title\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/m.exec(text);
  const title = (match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2] ?? '').trim();
  return title === '' ? null : title;
};

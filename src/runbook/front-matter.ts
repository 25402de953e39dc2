import { diagnosticAt } from './diagnostic.ts';
import { type BuiltHeader, buildHeader } from './header.ts';
import type { Diagnostic } from './model.ts';
import { listed } from './suggest.ts';
import { readYaml } from './yaml/read.ts';
import { childOf } from './yaml/tree.ts';

export type { Header } from './header.ts';

/** Whose front matter it is. A file without `gonogo: 1` is plain, and only a title is taken from it. */
export type FrontMatterOwner =
  | { readonly owner: 'gonogo' }
  | {
      readonly owner: 'other';
      readonly title: string | null;
      /** I112, or W113 when it has keys that only mean something with `gonogo: 1`. */
      readonly diagnostics: readonly Diagnostic[];
    };

const ownKeys = new Set(['inputs', 'target', 'metrics', 'rollback', 'panels']);
const topKey = /^(["']?)([A-Za-z_][\w-]*)\1[ \t]*:(?:[ \t]|\r?$)/gm;

/**
 * Tells gonogo's front matter from that of other tools by its top-level keys, without parsing it: what another tool
 * writes need not be YAML that we accept. `text` is what stands between the `---` lines.
 */
export const frontMatterOwner = (text: string, firstLine: number): FrontMatterOwner => {
  const keys = [...text.matchAll(topKey)].map((match) => ({ name: match[2] as string, offset: match.index }));
  if (keys.some((key) => key.name === 'gonogo') || /^\s*\{\s*["']?gonogo["']?\s*:/.test(text))
    return { owner: 'gonogo' };
  const title = titleOf(text, firstLine);
  const own = keys.filter((key) => ownKeys.has(key.name));
  if (own[0] !== undefined) {
    const names = listed([...new Set(own.map((key) => key.name))]);
    const message = `front matter has ${names} but not "gonogo: 1", so it is not used`;
    const line = firstLine + text.slice(0, own[0].offset).split('\n').length - 1;
    const found = diagnosticAt('W113', { line, column: 1 }, message, 'add "gonogo: 1" to use it');
    return { owner: 'other', title, diagnostics: [found] };
  }
  if (text.trim() === '') return { owner: 'other', title, diagnostics: [] };
  const found = diagnosticAt(
    'I112',
    { line: firstLine, column: 1 },
    "front matter is not gonogo's",
    'only its title is read',
  );
  return { owner: 'other', title, diagnostics: [found] };
};

/** `title:` on one line, with YAML's quotes taken off; null when there is none. */
const titleOf = (text: string, firstLine: number): string | null => {
  const line = /^(?:["']?)title(?:["']?)[ \t]*:[ \t]*(\S.*?)[ \t]*\r?$/m.exec(text)?.[0];
  if (line === undefined) return null;
  const { root } = readYaml(line.trim(), { quoting: 'nowhere', firstLine, indent: 0 });
  const title = root === null ? undefined : childOf(root, 'title');
  return title?.kind === 'scalar' && title.text.trim() !== '' ? title.text.trim() : null;
};

/**
 * Reads front matter that has `gonogo: 1`. The header lacks keys that had a problem, and is null when nothing could
 * be read. `firstLine` is the line after the opening `---`.
 */
export const parseFrontMatter = (text: string, firstLine: number): BuiltHeader => {
  const { root, diagnostics } = readYaml(text, { quoting: 'when', firstLine, indent: 0 });
  if (diagnostics.length > 0) return { header: null, diagnostics };
  if (root === null) {
    return {
      header: null,
      diagnostics: [diagnosticAt('E217', { line: firstLine, column: 1 }, 'front matter is empty', 'write "gonogo: 1"')],
    };
  }
  return buildHeader(root);
};

/** E215 for a file that opens gonogo's front matter and never closes it; a lone `---` in other files is a rule. */
export const unclosedFrontMatter = (text: string): Diagnostic | null => {
  if (!/^---[ \t]*\r?\n/.test(text) || /\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.test(text)) return null;
  if (!/^(["']?)gonogo\1[ \t]*:/m.test(text)) return null;
  return diagnosticAt(
    'E215',
    { line: 1, column: 1 },
    'line 1 opens --- that is never closed',
    'write --- on a line of its own after the front matter',
  );
};

import { decodeText } from './bytes.ts';
import { inOrder } from './diagnostic.ts';
import { loadMarkdown } from './markdown/load-markdown.ts';
import type { LoadResult } from './model.ts';

export interface LoadOptions {
  /** Names the file in titles and picks the notation: `.yaml` and `.yml` are YAML, all else Markdown. */
  readonly path: string;
  /** `all`: rollback and reference phases are on the path too. */
  readonly offPath: 'auto' | 'all';
}

/** The bytes of a runbook file as a model with diagnostics in reading order, or only the reasons why there is none. */
export const loadRunbook = (bytes: Uint8Array, options: LoadOptions): LoadResult => {
  const decoded = decodeText(bytes);
  if (decoded.text === null) return { runbook: null, diagnostics: decoded.diagnostics };
  const loaded = loadMarkdown(decoded.text, { fallbackTitle: baseName(options.path), offPath: options.offPath });
  return { ...loaded, diagnostics: inOrder([...decoded.diagnostics, ...loaded.diagnostics]) };
};

const baseName = (path: string): string => {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return name.replace(/\.(?:md|markdown|mdx|ya?ml|txt)$/i, '') || name;
};

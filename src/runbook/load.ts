import { decodeText } from './bytes.ts';
import { inOrder } from './diagnostic.ts';
import { lint } from './lint.ts';
import { loadMarkdown } from './markdown/load-markdown.ts';
import { softened } from './markdown/softened.ts';
import type { Diagnostic, LoadResult } from './model.ts';
import { baseName } from './title.ts';
import { parseYamlRunbook } from './yaml/notation.ts';

export interface LoadOptions {
  /** Names the file in titles and picks the notation: `.yaml` and `.yml` are YAML, all else Markdown. */
  readonly path: string;
  /** `all`: rollback and reference phases are on the path too. */
  readonly offPath: 'auto' | 'all';
  /** Names of variables that are set when commands run; a plain file does not ask for them. Default: none. */
  readonly environment?: readonly string[];
}

/**
 * The bytes of a runbook file as a model with diagnostics in reading order, or only the reasons why there is none:
 * an error of any kind means that the file cannot be run, so no model is handed out with one.
 */
export const loadRunbook = (bytes: Uint8Array, options: LoadOptions): LoadResult => {
  const decoded = decodeText(bytes);
  if (decoded.text === null) return { runbook: null, diagnostics: decoded.diagnostics };
  const loaded = /\.ya?ml$/i.test(options.path)
    ? parseYamlRunbook(decoded.text, { offPath: options.offPath })
    : loadMarkdown(decoded.text, { fallbackTitle: baseName(options.path), offPath: options.offPath });
  const before = [...decoded.diagnostics, ...loaded.diagnostics];
  if (loaded.runbook === null) return result(null, before);
  const linted = lint(loaded.runbook, { source: decoded.text, environment: options.environment ?? [] });
  const { plain } = loaded.runbook;
  return result(linted.runbook, [...before, ...linted.diagnostics.map((found) => softened(found, plain))]);
};

const result = (runbook: LoadResult['runbook'], found: readonly Diagnostic[]): LoadResult => {
  const refused = found.some(({ severity }) => severity === 'error');
  return { runbook: refused ? null : runbook, diagnostics: inOrder(found) };
};

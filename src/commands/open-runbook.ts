import { relative } from 'node:path';
import { readRunbookFile } from '../journal/read-file.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Diagnostic, Runbook } from '../runbook/model.ts';
import { ExpectedError } from '../text/errors.ts';
import { type SafeText, safe } from '../text/safe-text.ts';

/** A runbook file that was read and parsed; `runbook` is null when there is no model. */
export interface RunbookFileModel {
  /** As shown to people: relative where that is shorter. */
  readonly path: string;
  readonly realPath: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly runbook: Runbook | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface OpenedRunbook extends RunbookFileModel {
  readonly runbook: Runbook;
}

export const shownPath = (path: string, cwd: string = process.cwd()): string => {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
};

/** Reads and parses a file. Throws `ExpectedError` for files that cannot be read (E103-E110). */
export const readRunbook = async (path: string, offPath: 'auto' | 'all'): Promise<RunbookFileModel> => {
  const file = await readRunbookFile(path);
  const { runbook, diagnostics } = loadRunbook(file.bytes, { path, offPath });
  return {
    path: shownPath(path),
    realPath: file.realPath,
    bytes: file.bytes,
    sha256: file.sha256,
    runbook,
    diagnostics: [...file.diagnostics, ...diagnostics],
  };
};

/** One line of `check`: `file:line:column: E409 message. hint`. */
export const diagnosticLine = (path: string, diagnostic: Diagnostic): SafeText => {
  const { line, column, code, message, hint } = diagnostic;
  const next = hint === null ? '' : `${message.endsWith('?') ? '' : '.'} ${hint}`;
  return safe`${path}:${line}:${column}: ${code} ${message}${next}`;
};

/** The model of a file that can be run. Throws with every error of the file when it has some. */
export const openRunbook = async (path: string, offPath: 'auto' | 'all'): Promise<OpenedRunbook> => {
  const file = await readRunbook(path, offPath);
  const errors = file.diagnostics.filter(({ severity }) => severity === 'error');
  if (file.runbook !== null && errors.length === 0) return { ...file, runbook: file.runbook };
  const [first] = errors;
  if (first === undefined) throw new ExpectedError('this file has no runbook in it', { place: file.path });
  const rest = errors
    .slice(1)
    .map((error) => `\n${diagnosticLine(file.path, error)}`)
    .join('');
  throw new ExpectedError(`${diagnosticLine(file.path, first)}${rest}`, { exit: 2 });
};

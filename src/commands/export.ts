import { writeFile } from 'node:fs/promises';
import { readRun, resolveRun, runsDirectory } from '../journal/open.ts';
import { buildRecord } from '../record/build.ts';
import type { FitTarget } from '../record/fit.ts';
import { renderJson } from '../record/json.ts';
import { renderMarkdown } from '../record/markdown.ts';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safeText } from '../text/safe-text.ts';
import { libraryOf } from './run-parts.ts';
import { offPathOf, snapshots } from './snapshots.ts';

interface ExportOptions {
  readonly format: string;
  readonly fit?: string;
  readonly output?: string;
}

const targets: readonly string[] = ['github', 'jira', 'slack'];

/** The record of a run as it stands, also of one that goes on or whose chain is broken (said on standard error). */
export const exportRecord = async (reference: string, options: ExportOptions): Promise<ExitCode> => {
  if (options.format !== 'md' && options.format !== 'json')
    throw new ExpectedError(`unknown format "${options.format}"`, { place: '--format', nextStep: 'md or json' });
  if (options.fit !== undefined && !targets.includes(options.fit))
    throw new ExpectedError(`unknown limit "${options.fit}"`, { place: '--fit', nextStep: targets.join(', ') });
  const dir = resolveRun(runsDirectory(), reference);
  const { events, damage } = readRun(dir);
  const library = libraryOf(await snapshots(dir, events, offPathOf(events)));
  const record = buildRecord(events, library);
  const text =
    options.format === 'json'
      ? renderJson(record)
      : renderMarkdown(record, { fit: (options.fit as FitTarget | undefined) ?? null });
  if (damage !== null) process.stderr.write(`${safeText(`E702 ${damage.message}: the record ends before it`)}\n`);
  if (options.output === undefined) process.stdout.write(text);
  else await save(options.output, text);
  return damage === null ? exitCodes.done : exitCodes.failed;
};

const save = async (path: string, text: string): Promise<void> => {
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (error) {
    const because = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ExpectedError(`it cannot be written (${because})`, {
      place: path,
      nextStep: 'Name another file with -o',
      cause: error,
    });
  }
};

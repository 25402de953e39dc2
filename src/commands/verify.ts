import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readRun, resolveRun, runsDirectory, verifyJournal } from '../journal/open.ts';
import { type VerifyRequest, verifyRecord } from '../record/verify.ts';
import { type ExitCode, ExpectedError, errorLine, exitCodes } from '../text/errors.ts';
import { safe, safeText } from '../text/safe-text.ts';
import { print } from './output.ts';
import { libraryOf } from './run-parts.ts';
import { offPathOf, snapshots } from './snapshots.ts';

const anchorPattern = /^[0-9a-f]{12,64}$/;

/** Checks a run (by id or folder) or a record file. With the run at hand the record is built again and compared. */
export const verify = async (what: string, { anchor }: { readonly anchor: readonly string[] }): Promise<ExitCode> => {
  const wrong = anchor.find((hex) => !anchorPattern.test(hex));
  if (wrong !== undefined)
    throw new ExpectedError(`"${wrong}" is not an anchor`, {
      place: '--anchor',
      nextStep: '12 to 64 hex characters, as messages and records carry them',
    });
  const stats = await stat(what).catch(() => null);
  const isRecord = stats?.isFile() === true;
  const record = isRecord ? await readFile(what) : null;
  const dir = isRecord
    ? runOf(what, record ?? Buffer.alloc(0))
    : stats?.isDirectory() === true
      ? what
      : resolveRun(runsDirectory(), what);
  const { run, missing } = dir === null ? { run: null, missing: null } : await runAt(dir);
  const report = verifyRecord({ record: missing === null ? record : null, run, anchors: anchor });
  const ok = report.ok && missing === null;
  const words = { proven: 'proven', claimed: 'claimed', broken: 'BROKEN', note: 'note' } as const;
  if (missing !== null) print(safe`${words.broken.padEnd(8)} ${missing}`);
  for (const { level, text } of report.findings) print(safe`${words[level].padEnd(8)} ${text}`);
  print(safeText(ok ? 'ok' : 'FAIL'));
  return ok ? exitCodes.done : exitCodes.failed;
};

/** A record in a run folder belongs to that run; elsewhere the run's id in its text is looked for among the local runs. */
const runOf = (path: string, record: Uint8Array): string | null => {
  const folder = dirname(path);
  if (isRun(folder)) return folder;
  for (const [id] of new TextDecoder()
    .decode(record)
    .matchAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g)) {
    try {
      return resolveRun(runsDirectory(), id);
    } catch {
      // Not one of ours; the seal alone is checked then.
    }
  }
  return null;
};

const isRun = (folder: string): boolean => {
  try {
    return verifyJournal(folder).count > 0;
  } catch {
    return false;
  }
};

/** `missing`: why a stored runbook is not there; without it steps and commands have no names, and no record can be compared. */
const runAt = async (
  dir: string,
): Promise<{ readonly run: NonNullable<VerifyRequest['run']>; readonly missing: string | null }> => {
  const { events } = readRun(dir);
  const { firstBad } = verifyJournal(dir);
  const journal: NonNullable<VerifyRequest['run']>['journal'] =
    firstBad === null
      ? { kind: 'intact' }
      : {
          kind: 'broken',
          entry: firstBad.entry,
          because: `${firstBad.because} (line ${firstBad.line} of ${firstBad.path})`,
        };
  try {
    return {
      run: { events, library: libraryOf(await snapshots(dir, events, offPathOf(events))), journal },
      missing: null,
    };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { run: { events, library: {}, journal }, missing: errorLine(error) };
  }
};

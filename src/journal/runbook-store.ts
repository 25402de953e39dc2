import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunbookStore } from '../ports/journal.ts';
import { ExpectedError } from '../text/errors.ts';
import { asExpected } from './disk-errors.ts';
import { writeDurably } from './durable-file.ts';
import { runFiles } from './runs-directory.ts';

/** The runbooks of one run, as exact bytes under `runbooks/<sha256>`. */
export const runbookStore = (dir: string): RunbookStore => ({
  store: async (bytes) => {
    const sha256 = hash('sha256', bytes, 'hex');
    const path = join(dir, runFiles.runbooks, sha256);
    if (existsSync(path)) return sha256;
    await writeDurably(path, bytes).catch((error: unknown) => {
      throw asExpected(error, dir);
    });
    return sha256;
  },
  read: async (sha256) => {
    const path = join(dir, runFiles.runbooks, sha256);
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw snapshotError(dir, path, 'the stored runbook cannot be read', cause);
    });
    if (hash('sha256', bytes, 'hex') !== sha256) {
      throw snapshotError(dir, path, 'the stored runbook was changed: its bytes do not have the recorded hash', null);
    }
    return bytes;
  },
});

/** Without the runbook neither the run nor its record can be made out; the record written last still stands. */
const snapshotError = (dir: string, place: string, message: string, cause: unknown): ExpectedError =>
  new ExpectedError(message, {
    code: 'E708',
    place,
    nextStep: `Put back the file with the hash that is its name; the record as last written is ${join(dir, 'record.md')}`,
    exit: 4,
    cause,
  });

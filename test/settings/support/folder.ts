import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A real path that is gone when the test is over. */
export const temporaryFolder = (): string => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gonogo-settings-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

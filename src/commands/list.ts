import { readRunbookFile } from '../journal/read-file.ts';
import { runbookTitle } from '../runbook/title.ts';
import { type ExitCode, exitCodes } from '../text/errors.ts';
import { safe, safeLine, safeText } from '../text/safe-text.ts';
import { listRunbooks } from './find-runbook.ts';
import { shownPath } from './open-runbook.ts';
import { print } from './output.ts';
import { table } from './table.ts';

/** Runbooks that are found by name, with the folder each comes from and which one wins. */
export const list = async (): Promise<ExitCode> => {
  const rows = [[safeText('NAME'), safeText('TITLE'), safeText('FROM')]];
  for (const { name, path, folder, shadowedBy } of listRunbooks()) {
    const title = await titleOf(path);
    const hidden = shadowedBy === null ? '' : `, hidden by ${shownPath(shadowedBy)}`;
    rows.push([safeLine(name), safeLine(title), safe`${folder.label}${hidden}`]);
  }
  for (const line of table(rows)) print(line);
  return exitCodes.done;
};

export const titleOf = async (path: string): Promise<string> => {
  try {
    const { bytes } = await readRunbookFile(path);
    return runbookTitle(bytes, path);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RecordFiles } from '../ports/record-files.ts';

const writeWhole = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
};

/** Records go into the run's folder, and copies into the record folder of the settings when there is one. */
export const recordFilesIn = (runDir: string, recordFolder: string | null): RecordFiles => ({
  write: async ({ markdown, json }) => {
    const files = [join(runDir, 'record.md'), join(runDir, 'record.json')];
    await writeWhole(files[0] as string, markdown);
    await writeWhole(files[1] as string, json);
    if (recordFolder === null) return { paths: files, copyFailed: null };
    try {
      return { paths: [...(await copiesOf(files, basename(runDir), recordFolder)), ...files], copyFailed: null };
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      return { paths: files, copyFailed: { folder: recordFolder, because } };
    }
  },
});

const copiesOf = async (files: readonly string[], run: string, folder: string): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true });
  const copies: string[] = [];
  for (const file of files) {
    const copy = join(folder, `${run}-${basename(file)}`);
    await copyFile(file, copy);
    copies.push(copy);
  }
  return copies;
};

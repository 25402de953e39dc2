import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';

const isExecutable = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

/** The file a shell would run for this name; a name with a slash is taken as a path from `cwd`. Null when there is none. */
export const findOnPath = async (command: string, search: string, cwd: string): Promise<string | null> => {
  const places = command.includes('/') ? [''] : search.split(delimiter);
  for (const place of places) {
    const path = resolve(cwd, place, command);
    if (await isExecutable(path)) return path;
  }
  return null;
};

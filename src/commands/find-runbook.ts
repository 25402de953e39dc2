import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from '../runbook/nearest.ts';
import { userConfigFolder } from '../settings/folders.ts';
import { ExpectedError } from '../text/errors.ts';
import { shellWord } from '../text/shell-word.ts';
import { NoRunbookError } from './no-runbook.ts';

/** A folder in which bare names are looked up, in this order. Source: 10-runbook-format, "Where runbooks are found". */
export interface RunbookFolder {
  readonly path: string;
  /** What `list` calls it. */
  readonly label: string;
  readonly shipped: boolean;
}

const endings = ['.md', '.markdown', '.yaml', '.yml'];

/** The folder of the runbooks that come with gonogo: beside `dist` in a package and in a checkout. */
export const shippedFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'runbooks', 'hotfix.md')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'runbooks');
};

export const runbookFolders = (cwd: string = process.cwd()): readonly RunbookFolder[] => [
  { path: join(cwd, 'runbooks'), label: './runbooks', shipped: resolve(cwd, 'runbooks') === shippedFolder() },
  { path: join(cwd, '.gonogo', 'runbooks'), label: './.gonogo/runbooks', shipped: false },
  { path: join(userConfigFolder(), 'runbooks'), label: 'yours', shipped: false },
  { path: shippedFolder(), label: 'shipped', shipped: true },
];

const isFile = (path: string): boolean => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isDirectory();
};

const inFolder = (folder: string, name: string): string | null => {
  const direct = join(folder, name);
  if (endings.includes(extname(name)) && isFile(direct)) return direct;
  return endings.map((ending) => join(folder, `${name}${ending}`)).find(isFile) ?? null;
};

/**
 * The file that a path or a name means. `beside` is the folder of the runbook that names it.
 * Throws `ExpectedError` with the nearest name when there is none.
 */
export const findRunbook = (reference: string, beside: string | null = null, cwd: string = process.cwd()): string => {
  const path = resolve(cwd, reference);
  if (
    beside === null &&
    statSync(path, { throwIfNoEntry: false }) !== undefined &&
    (reference.includes('/') || extname(reference) !== '' || isFile(path))
  )
    return path;
  const found =
    (beside === null ? null : inFolder(beside, reference)) ??
    runbookFolders(cwd)
      .map(({ path: folder }) => inFolder(folder, reference))
      .find((file) => file !== null);
  if (found !== undefined && found !== null) return found;
  if (beside === null && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new ExpectedError('not a regular file: it is a directory', {
      code: 'E107',
      place: reference,
      nextStep: `Name a runbook file; gonogo check ${shellWord(reference)} looks at all in it`,
    });
  const guess = nearest(
    reference,
    listRunbooks(cwd).map(({ name }) => name),
  );
  throw new NoRunbookError(`there is no runbook "${reference}"`, {
    nextStep:
      guess === null
        ? 'gonogo list shows those that are found by name'
        : `Did you mean "${guess}"? gonogo list shows all`,
  });
};

export interface ListedRunbook {
  readonly name: string;
  readonly path: string;
  readonly folder: RunbookFolder;
  /** A file of the same name in an earlier folder is found instead. */
  readonly shadowedBy: string | null;
}

/** Every runbook that is found by name, folder by folder. */
export const listRunbooks = (cwd: string = process.cwd()): readonly ListedRunbook[] => {
  const seen = new Map<string, string>();
  const listed = new Set<string>();
  return runbookFolders(cwd).flatMap((folder) => {
    if (listed.has(resolve(folder.path)) || !existsSync(folder.path)) return [];
    listed.add(resolve(folder.path));
    return readdirSync(folder.path)
      .filter((file) => endings.includes(extname(file)) && isFile(join(folder.path, file)))
      .sort()
      .map((file): ListedRunbook => {
        const name = file.slice(0, -extname(file).length);
        const path = join(folder.path, file);
        const shadowedBy = seen.get(name) ?? null;
        if (shadowedBy === null) seen.set(name, path);
        return { name, path, folder, shadowedBy };
      });
  });
};

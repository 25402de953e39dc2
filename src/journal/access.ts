import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname, sep } from 'node:path';
import { ExpectedError } from '../text/errors.ts';
import { ownUid } from './machine.ts';

const refusal = (path: string, because: string, nextStep: string): ExpectedError =>
  new ExpectedError(`${because}; a run's record must be private`, { code: 'E704', place: path, nextStep });

const checkOwner = (path: string, stats: Stats, uid: number | null): void => {
  if (uid !== null && stats.uid !== uid) {
    throw refusal(path, `belongs to user ${stats.uid}, not to you (${uid})`, 'Open it as its owner');
  }
};

const modeText = (stats: Stats): string => `0${(stats.mode & 0o7777).toString(8)}`;

/** Throws E704 unless `path` is a directory of this user that nobody else can enter. */
export const checkPrivateFolder = (path: string, uid: number | null = ownUid()): void => {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) throw refusal(path, 'is a symbolic link', 'Replace the link by the folder it names');
  if (!stats.isDirectory()) throw refusal(path, 'is not a directory', 'Move it away');
  checkOwner(path, stats, uid);
  if ((stats.mode & 0o077) !== 0) {
    throw refusal(path, `is open to others (mode ${modeText(stats)})`, `Run: chmod 700 ${path}`);
  }
};

/** Throws E704 unless `path` is a regular file of this user that nobody else can read or write. */
export const checkPrivateFile = (path: string, uid: number | null = ownUid()): void => {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) throw refusal(path, 'is a symbolic link', 'Replace the link by the file it names');
  if (stats.isDirectory()) throw refusal(path, 'is a directory', 'Move it away');
  if (!stats.isFile()) throw refusal(path, 'is not a regular file', 'Move it away');
  checkOwner(path, stats, uid);
  if ((stats.mode & 0o077) !== 0) {
    throw refusal(path, `is open to others (mode ${modeText(stats)})`, `Run: chmod 600 ${path}`);
  }
};

/**
 * Throws E704 when a parent of `path` below `home` can be written by others, who could then replace what is in it.
 * Sticky directories are fine: in them nobody renames what belongs to somebody else.
 */
export const checkParents = (path: string, home: string): void => {
  const top = realpathSync(home);
  for (let folder = dirname(realpathSync(path)); folder.startsWith(top + sep); folder = dirname(folder)) {
    const stats = lstatSync(folder);
    const sticky = (stats.mode & 0o1000) !== 0;
    if ((stats.mode & 0o002) !== 0 && !sticky) {
      throw refusal(folder, `can be written by everybody (mode ${modeText(stats)})`, `Run: chmod o-w ${folder}`);
    }
  }
};

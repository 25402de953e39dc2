import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

const syncDirectory = (path: string): void => {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

/** What cannot be written whole, on a full disk, is taken away again. */
const writeSynced = (path: string, text: string): void => {
  const fd = openSync(path, 'w', 0o600);
  try {
    const bytes = Buffer.from(text);
    let done = 0;
    while (done < bytes.length) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
};

let counter = 0;
const temporaryName = (path: string): string => {
  counter += 1;
  return `${path}.${process.pid}.${counter}.tmp`;
};

/** Replaces the file as a whole: after a crash it holds the old text or the new one. On disk when this returns. */
export const replaceDurably = (path: string, text: string): void => {
  const temporary = temporaryName(path);
  writeSynced(temporary, text);
  renameSync(temporary, path);
  syncDirectory(dirname(path));
};

/** The same without waiting for the disk: for facts that mean nothing after a reboot. */
export const replaceAtomically = (path: string, text: string): void => {
  const temporary = temporaryName(path);
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
};

/**
 * Creates the file with its whole text, or leaves an existing one alone and gives false. A link to a finished file
 * is as exclusive as O_EXCL, and nobody ever reads half of it. On disk when this returns true.
 */
export const createDurably = (path: string, text: string): boolean => {
  const temporary = temporaryName(path);
  writeSynced(temporary, text);
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDirectory(dirname(path));
  return true;
};

/** Private folder; its entry in the parent is on disk when this returns. */
export const makeFolderDurably = (path: string): void => {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) syncDirectory(dirname(folder));
};

/** The parsed JSON; null when the file is missing or is not whole. */
export const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
};

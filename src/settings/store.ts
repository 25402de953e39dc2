import { chmodSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../text/errors.ts';

/** `config` holds the settings, `recents` what was run, `trust` what may run. Each is a JSON object in a file of that name. */
export type StoreName = 'config' | 'recents' | 'trust';

export const storePath = (folder: string, name: StoreName): string => join(folder, `${name}.json`);

/**
 * The whole store; null when there is none. Read without conf, which takes longer to load than a start may last.
 * Throws `ExpectedError` when the file is no JSON object or cannot be read.
 */
export const readStore = (folder: string, name: StoreName): Readonly<Record<string, unknown>> | null => {
  const path = storePath(folder, name);
  const text = textOf(path);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw fileError(path, `not JSON: ${(cause as Error).message}`, cause);
  }
  throw fileError(path, 'not a JSON object', null);
};

const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw fileError(path, `cannot be read (${code})`, cause);
  }
};

const fileError = (path: string, message: string, cause: unknown): ExpectedError =>
  new ExpectedError(message, { place: path, nextStep: 'Correct the file or move it away', cause });

/** Throws `ExpectedError` when another user could have written the store. */
export const checkOwnStore = (folder: string, name: StoreName): void => {
  for (const path of [folder, storePath(folder, name)]) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const uid = process.getuid?.();
    if (uid !== undefined && stats.uid !== uid) {
      throw new ExpectedError(`belongs to user ${stats.uid}, not to you`, { place: path, nextStep: 'Move it away' });
    }
    if ((stats.mode & 0o022) !== 0) {
      throw new ExpectedError('can be written by others', { place: path, nextStep: `Run: chmod go-w ${path}` });
    }
  }
};

/** Changes one key through conf, atomically; `undefined` removes it. */
export const changeStore = async (folder: string, name: StoreName, key: string, value: unknown): Promise<void> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // conf would answer a broken file with a stack; this says where it is.
  readStore(folder, name);
  const { default: Conf } = await import('conf');
  const store = new Conf<Record<string, unknown>>({
    cwd: folder,
    configName: name,
    accessPropertiesByDotNotation: false,
    configFileMode: 0o600,
  });
  if (value === undefined) store.delete(key);
  else store.set(key, value);
  chmodSync(storePath(folder, name), 0o600);
};

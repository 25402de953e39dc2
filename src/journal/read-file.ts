import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants, type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ExpectedError, type ProblemCode } from '../text/errors.ts';

const limitBytes = 1024 * 1024;

/** W108, in the shape of a runbook's diagnostics. */
export interface LinkWarning {
  readonly code: 'W108';
  readonly severity: 'warning';
  readonly line: 1;
  readonly column: 1;
  readonly message: string;
  readonly hint: string;
}

export interface RunbookFile {
  readonly bytes: Buffer;
  /** Of the bytes, hex. */
  readonly sha256: string;
  /** Without symbolic links: what trust is bound to. */
  readonly realPath: string;
  readonly diagnostics: readonly LinkWarning[];
}

export interface ReadOptions {
  /** Reads the open file; replaced in tests. */
  readonly read?: (handle: FileHandle) => Promise<Buffer>;
}

/**
 * Reads a runbook once and whole. Throws `ExpectedError` E103 (over 1 MiB, before all of it is read), E107 (not a regular
 * file), E109 (no permission), E110 (changes while it is read, twice), or without a code when there is no such file.
 */
export const readRunbookFile = async (path: string, options: ReadOptions = {}): Promise<RunbookFile> => {
  const { read = readAll } = options;
  try {
    const realPath = await realpath(path);
    // Looked at before it is opened: opening a device or a FIFO may already do something, or wait.
    checkKind(path, await stat(realPath));
    const bytes = (await readUnchanged(path, realPath, read)) ?? (await readUnchanged(path, realPath, read));
    if (bytes === null) throw fileError('E110', path, 'changes while it is read', 'Try again when it is saved');
    const diagnostics = await linkDiagnostics(path, realPath);
    return { bytes, sha256: hash('sha256', bytes, 'hex'), realPath, diagnostics };
  } catch (error) {
    throw asExpected(path, error);
  }
};

const fileError = (code: ProblemCode, place: string, message: string, nextStep: string): ExpectedError =>
  new ExpectedError(message, { code, place, nextStep });

const checkKind = (path: string, stats: { isFile(): boolean; isDirectory(): boolean }): void => {
  if (stats.isFile()) return;
  const what = stats.isDirectory() ? 'it is a directory' : 'it is a device, a FIFO or a socket';
  throw fileError('E107', path, `not a regular file: ${what}`, 'Name a runbook file');
};

const sizeError = (path: string, size: number): ExpectedError => {
  const shown = size > limitBytes ? `${(Math.ceil((size / limitBytes) * 10) / 10).toFixed(1)} MB` : 'larger';
  return fileError('E103', path, `file is ${shown}, limit 1 MB`, 'Split it; a handoff joins two runbooks');
};

/** The bytes, or null when the file was another one afterwards. */
const readUnchanged = async (
  path: string,
  realPath: string,
  read: (handle: FileHandle) => Promise<Buffer>,
): Promise<Buffer | null> => {
  const handle = await open(realPath, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = await handle.stat({ bigint: true });
    checkKind(path, before);
    if (before.size > limitBytes) throw sizeError(path, Number(before.size));
    const bytes = await read(handle);
    if (bytes.length > limitBytes) throw sizeError(path, 0);
    const after = await handle.stat({ bigint: true });
    const named = await stat(realPath, { bigint: true });
    const same = [after, named].every(
      (now) =>
        now.ino === before.ino && now.dev === before.dev && now.size === before.size && now.mtimeNs === before.mtimeNs,
    );
    return same ? bytes : null;
  } finally {
    await handle.close();
  }
};

/** At most one byte more than the limit, also from a file that says it is empty and is not. */
const readAll = async (handle: FileHandle): Promise<Buffer> => {
  const buffer = Buffer.alloc(limitBytes + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return Buffer.from(buffer.subarray(0, length));
};

const linkDiagnostics = async (path: string, realPath: string): Promise<readonly LinkWarning[]> => {
  const absolute = resolve(path);
  const root = await realpath(workTree(absolute) ?? dirname(absolute));
  const inside = relative(root, realPath);
  if (inside !== '..' && !inside.startsWith(`..${sep}`)) return [];
  return [
    {
      code: 'W108',
      severity: 'warning',
      line: 1,
      column: 1,
      message: `resolves to ${realPath}`,
      hint: 'It is a link out of its folder; trust is given to the file it leads to.',
    },
  ];
};

/** The git work tree that holds the path as it is written, links not followed; null outside one. */
const workTree = (absolute: string): string | null => {
  for (let folder = dirname(absolute); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return null;
  }
};

const asExpected = (path: string, error: unknown): unknown => {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') {
    return fileError('E109', path, 'permission denied', 'Ask for the right to read it, or check its folders');
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ExpectedError('no such file', { place: path, nextStep: 'List the runbooks there are: gonogo list' });
  }
  if (code === 'ELOOP')
    return fileError('E107', path, 'not a regular file: the links go in a circle', 'Name a runbook file');
  return error;
};

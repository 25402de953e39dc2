import { hash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { userConfigFolder } from './folders.ts';
import { changeStore, checkOwnStore, readStore } from './store.ts';

/** Whether this user lets the commands of a runbook run. Source: 50-safety, "Trust". */
export type TrustState =
  | { readonly kind: 'allowed'; readonly by: 'user' | 'repo' | 'shipped' }
  /** `previous`: the bytes that were allowed, for a diff of the commands; null when their copy is gone. */
  | { readonly kind: 'changed'; readonly previous: Buffer | null; readonly allowedAt: number }
  | { readonly kind: 'unknown' };

interface TrustEntry {
  readonly path: string;
  readonly sha256: string;
  readonly at: number;
  readonly by: 'user' | 'repo';
}

export interface TrustOptions {
  /** Folder of the runbooks that came with this program: they are trusted as it is. */
  readonly shippedFolder?: string | null;
  readonly folder?: string;
}

const entries = (folder: string): readonly TrustEntry[] => {
  checkOwnStore(folder, 'trust');
  const files = readStore(folder, 'trust')?.files;
  return Array.isArray(files) ? files.filter(isEntry) : [];
};

const isEntry = (value: unknown): value is TrustEntry => {
  const one = value as Partial<TrustEntry> | null;
  return (
    typeof one?.path === 'string' &&
    /^[0-9a-f]{64}$/.test(one.sha256 ?? '') &&
    typeof one.at === 'number' &&
    (one.by === 'user' || one.by === 'repo')
  );
};

/**
 * State of a file with these bytes at this path. `path` is the real path. One changed byte, or the same bytes at another
 * path, are not allowed. Throws `ExpectedError` when the list could have been written by somebody else or is no JSON.
 */
export const trustState = (
  { path, sha256 }: { readonly path: string; readonly sha256: string },
  { shippedFolder = null, folder = userConfigFolder() }: TrustOptions = {},
): TrustState => {
  if (shippedFolder !== null && isWithin(path, shippedFolder)) return { kind: 'allowed', by: 'shipped' };
  const entry = entries(folder).find((one) => one.path === path);
  if (entry === undefined) return { kind: 'unknown' };
  if (entry.sha256 === sha256) return { kind: 'allowed', by: entry.by };
  return { kind: 'changed', previous: trustedBytes(folder, entry.sha256), allowedAt: entry.at };
};

const isWithin = (path: string, shipped: string): boolean =>
  existsSync(shipped) && existsSync(path) && realpathSync(path).startsWith(realpathSync(shipped) + sep);

const copyPath = (folder: string, sha256: string): string => join(folder, 'trusted', sha256);

const trustedBytes = (folder: string, sha256: string): Buffer | null => {
  try {
    const bytes = readFileSync(copyPath(folder, sha256));
    return hash('sha256', bytes, 'hex') === sha256 ? bytes : null;
  } catch {
    return null;
  }
};

/** Lets exactly these bytes run from this real path, and keeps a copy of them for a later diff. */
export const allow = async (
  path: string,
  bytes: Uint8Array,
  {
    by = 'user',
    folder = userConfigFolder(),
    now = Date.now(),
  }: { readonly by?: 'user' | 'repo'; readonly folder?: string; readonly now?: number } = {},
): Promise<void> => {
  const sha256 = hash('sha256', bytes, 'hex');
  const others = entries(folder).filter((one) => one.path !== path);
  const replaced = entries(folder).find((one) => one.path === path);
  keepCopy(folder, sha256, bytes);
  const entry: TrustEntry = { path, sha256, at: now, by };
  await changeStore(folder, 'trust', 'files', [...others, entry]);
  const stillUsed = [...others, entry].some((one) => one.sha256 === replaced?.sha256);
  if (replaced !== undefined && !stillUsed) rmSync(copyPath(folder, replaced.sha256), { force: true });
};

/** Takes a file back into restricted mode. */
export const disallow = async (path: string, folder: string = userConfigFolder()): Promise<void> => {
  const others = entries(folder).filter((one) => one.path !== path);
  await changeStore(folder, 'trust', 'files', others);
};

const keepCopy = (folder: string, sha256: string, bytes: Uint8Array): void => {
  const path = copyPath(folder, sha256);
  mkdirSync(join(folder, 'trusted'), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, bytes, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, path);
};

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkPrivateFile, checkPrivateFolder } from './access.ts';
import { continuedFrom } from './check-lines.ts';
import { ownUid } from './machine.ts';
import { type Environment, runFiles } from './runs-directory.ts';

/**
 * Folders where a journal may go on when its own cannot be written, in this order. The shared temporary folder gets the
 * user's number into the name, so that two users do not meet there. Source: 20-runs, "Run directory".
 */
export const fallbackRoots = (env: Environment = process.env, home: string = homedir()): readonly string[] => {
  const cache = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(home, '.cache');
  const runtime = env.XDG_RUNTIME_DIR?.startsWith('/') ? [join(env.XDG_RUNTIME_DIR, 'gonogo')] : [];
  return [join(cache, 'gonogo'), ...runtime, join(tmpdir(), `gonogo-${ownUid() ?? 'user'}`)];
};

/** Creates the run's folder below a fallback root; throws when that root cannot be written or is not private. */
export const createFallbackFolder = (root: string, run: string): string => {
  mkdirSync(dirname(root), { recursive: true });
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const dir = join(root, run);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  checkPrivateFolder(dir);
  checkPrivateFolder(root);
  return dir;
};

export interface Continuation {
  readonly dir: string;
  readonly path: string;
  readonly bytes: Buffer;
  /** Hash of the last line it goes on from, and the number of its first own line. */
  readonly head: string;
  readonly seq: number;
}

/** Journals of this run in the fallback folders. What is not private to this user is left alone: anybody may have put it there. */
export const continuationsOf = (run: string, roots: readonly string[]): readonly Continuation[] =>
  roots.flatMap((root) => {
    const dir = join(root, run);
    const path = join(dir, runFiles.journal);
    if (!existsSync(path)) return [];
    try {
      checkPrivateFolder(dir);
      checkPrivateFile(path);
    } catch {
      return [];
    }
    const bytes = readFileSync(path);
    const start = continuedFrom(bytes);
    return start === null ? [] : [{ dir, path, bytes, ...start }];
  });

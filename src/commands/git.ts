import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import type { RunStarted } from '../session/events.ts';

const largest = 2 * 1024 * 1024;

/** Only calls that read objects: others would start programs that the work tree's own configuration names. */
const git = (folder: string, args: readonly string[]): Promise<Buffer | null> =>
  new Promise((done) => {
    const env = { ...process.env, GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
    execFile(
      'git',
      ['-C', folder, ...args],
      { timeout: 2_000, maxBuffer: largest, env, encoding: 'buffer' },
      (error, stdout) => done(error === null ? stdout : null),
    );
  });

/** Commit of the runbook's work tree, and whether the file differs from it; null outside of git or when git is slow or missing. */
export const gitOf = async (path: string, bytes: Uint8Array): Promise<RunStarted['git']> => {
  const folder = dirname(path);
  const [commit, committed] = await Promise.all([
    git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
    git(folder, ['cat-file', 'blob', `HEAD:./${basename(path)}`]),
  ]);
  if (commit === null) return null;
  return { commit: commit.toString('utf8').trim(), dirty: committed === null || !committed.equals(bytes) };
};

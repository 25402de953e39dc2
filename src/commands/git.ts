import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import type { RunStarted } from '../session/events.ts';

const git = (folder: string, args: readonly string[]): string | null => {
  const result = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    timeout: 2_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return result.status === 0 ? result.stdout.trim() : null;
};

/** Commit of the runbook's work tree, and whether the file differs from it; null outside of git or when git is slow or missing. */
export const gitOf = (path: string): RunStarted['git'] => {
  const folder = dirname(path);
  const commit = git(folder, ['rev-parse', 'HEAD']);
  if (commit === null) return null;
  const changes = git(folder, ['status', '--porcelain', '--', path]);
  return { commit, dirty: changes !== '' };
};

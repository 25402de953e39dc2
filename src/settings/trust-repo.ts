import { dirname, relative } from 'node:path';
import { ExpectedError, exitCodes } from '../text/errors.ts';
import { allow } from './trust.ts';

/** What a git call may not be led astray by: another repository, replaced objects, fetching what is missing. */
const gitEnvironment = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
  GIT_NAMESPACE: undefined,
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
} as const;

const maxBytes = 2 * 1024 * 1024;

/**
 * Allows a file whose bytes equal the blob at the remote's protected branch as last fetched: there its review happened.
 * `path` is the real path, `branch` as `origin/main`. Throws `ExpectedError` (exit 3) when they differ, (exit 2) when
 * there is no such branch or file.
 */
export const trustRepo = async (
  path: string,
  bytes: Uint8Array,
  branch: string,
  options: { readonly folder?: string; readonly now?: number } = {},
): Promise<void> => {
  const root = (await git(dirname(path), ['rev-parse', '--show-toplevel']))?.toString('utf8').replace(/\n$/, '');
  if (root === undefined) throw refused(path, 'it is in no git work tree', exitCodes.usage);
  // The full name of the ref: a local branch or tag called `origin/main` proves nothing.
  const ref = `refs/remotes/${branch}`;
  if ((await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])) === null) {
    throw refused(path, `there is no fetched branch ${branch}`, exitCodes.usage);
  }
  const blob = await git(root, ['cat-file', 'blob', `${ref}:${relative(root, path)}`]);
  if (blob === null) throw refused(path, `it is not in ${branch} as last fetched`, exitCodes.refused);
  if (!blob.equals(bytes)) throw refused(path, `it differs from ${branch} as last fetched`, exitCodes.refused);
  await allow(path, bytes, { by: 'repo', ...options });
};

const refused = (path: string, because: string, exit: 2 | 3): ExpectedError =>
  new ExpectedError(`not trusted: ${because}`, {
    place: path,
    nextStep: `Run git fetch, set trustBranch, or look at it and allow it yourself: gonogo trust ${path}`,
    exit,
  });

/** Standard output, exactly; null when git says no. */
const git = async (cwd: string, args: readonly string[]): Promise<Buffer | null> => {
  const { execa } = await import('execa');
  const result = await execa('git', args, {
    cwd,
    env: gitEnvironment,
    encoding: 'buffer',
    stripFinalNewline: false,
    stdin: 'ignore',
    reject: false,
    timeout: 10_000,
    maxBuffer: maxBytes,
  });
  if (result.code === 'ENOENT') {
    throw new ExpectedError('git is not there', {
      nextStep: 'Install git, or allow the file yourself: gonogo trust FILE',
    });
  }
  return result.failed ? null : Buffer.from(result.stdout);
};

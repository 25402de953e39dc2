import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { allow, disallow, trustState } from '../../src/settings/trust.ts';
import { trustRepo } from '../../src/settings/trust-repo.ts';
import { temporaryFolder } from './support/folder.ts';

const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex');
const at = (path: string, text: string): { path: string; sha256: string } => ({ path, sha256: sha256(text) });

test('exactly the bytes and the path that were allowed are trusted', async () => {
  const folder = temporaryFolder();
  expect(trustState(at('/a.md', 'one'), { folder })).toEqual({ kind: 'unknown' });
  await allow('/a.md', Buffer.from('one'), { folder, now: 7 });
  expect(trustState(at('/a.md', 'one'), { folder })).toEqual({ kind: 'allowed', by: 'user' });
  expect(trustState(at('/b.md', 'one'), { folder })).toEqual({ kind: 'unknown' });
  expect(trustState(at('/a.md', 'two'), { folder })).toEqual({
    kind: 'changed',
    previous: Buffer.from('one'),
    allowedAt: 7,
  });
  await allow('/a.md', Buffer.from('two'), { folder });
  expect(trustState(at('/a.md', 'two'), { folder }).kind).toBe('allowed');
  expect(trustState(at('/a.md', 'one'), { folder }).kind).toBe('changed');
  expect(readdirSync(join(folder, 'trusted'))).toEqual([sha256('two')]);
  await disallow('/a.md', folder);
  expect(trustState(at('/a.md', 'two'), { folder })).toEqual({ kind: 'unknown' });
});

test('a tampered copy is not shown as what was allowed', async () => {
  const folder = temporaryFolder();
  await allow('/a.md', Buffer.from('one'), { folder });
  writeFileSync(join(folder, 'trusted', sha256('one')), 'other');
  expect(trustState(at('/a.md', 'two'), { folder })).toMatchObject({ kind: 'changed', previous: null });
});

test('shipped runbooks are trusted; a link into or out of their folder is judged by where it leads', () => {
  const folder = temporaryFolder();
  const shippedFolder = temporaryFolder();
  const shipped = join(shippedFolder, 'a.md');
  const outside = join(temporaryFolder(), 'b.md');
  writeFileSync(shipped, 'x');
  writeFileSync(outside, 'y');
  symlinkSync(outside, join(shippedFolder, 'b.md'));
  const options = { folder, shippedFolder };
  expect(trustState(at(shipped, 'x'), options)).toEqual({ kind: 'allowed', by: 'shipped' });
  expect(trustState(at(join(shippedFolder, 'b.md'), 'y'), options)).toEqual({ kind: 'unknown' });
  expect(trustState(at(`${shippedFolder}-evil/a.md`, 'x'), options)).toEqual({ kind: 'unknown' });
});

test('a list that others could have written is refused', async () => {
  const folder = temporaryFolder();
  await allow('/a.md', Buffer.from('one'), { folder });
  chmodSync(join(folder, 'trust.json'), 0o666);
  const refused = { place: join(folder, 'trust.json'), nextStep: expect.stringContaining('chmod') };
  expect(() => trustState(at('/a.md', 'one'), { folder })).toThrow(expect.objectContaining(refused));
});

/** A work tree with a remote `origin` whose main branch holds the given file. */
const clone = (text: string): string => {
  const base = temporaryFolder();
  const git = (cwd: string, ...args: string[]): void => {
    const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
    execaSync('git', [...author, ...args], { cwd });
  };
  const origin = join(base, 'origin');
  mkdirSync(join(origin, 'docs'), { recursive: true });
  writeFileSync(join(origin, 'docs', 'a.md'), text);
  git(origin, 'init', '--quiet');
  git(origin, 'add', '.');
  git(origin, 'commit', '--quiet', '-m', 'x');
  git(base, 'clone', '--quiet', origin, 'work');
  return join(base, 'work');
};

test('a file as the protected branch has it is trusted, with its final newlines', async () => {
  const folder = temporaryFolder();
  const path = join(clone('# a\n\n'), 'docs', 'a.md');
  await trustRepo(path, Buffer.from('# a\n\n'), 'origin/HEAD', { folder });
  expect(trustState(at(path, '# a\n\n'), { folder })).toEqual({ kind: 'allowed', by: 'repo' });
});

test('a byte of difference, a local commit and a local branch of that name do not count as review', async () => {
  const folder = temporaryFolder();
  const work = clone('# a\n');
  const path = join(work, 'docs', 'a.md');
  const differs = { exit: 3, place: path, message: expect.stringContaining('differs from origin/main') };
  await expect(trustRepo(path, Buffer.from('# a'), 'origin/main', { folder })).rejects.toMatchObject(differs);
  writeFileSync(path, '# evil\n');
  const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  execaSync('git', [...author, 'commit', '--quiet', '-am', 'x'], { cwd: work });
  execaSync('git', ['branch', 'origin/main'], { cwd: work });
  await expect(trustRepo(path, Buffer.from('# evil\n'), 'origin/main', { folder })).rejects.toMatchObject(differs);
  const [reviewed, evil] = ['origin/main:docs/a.md', 'HEAD:docs/a.md'].map(
    (name, i) => execaSync('git', ['rev-parse', i === 0 ? `refs/remotes/${name}` : name], { cwd: work }).stdout,
  );
  execaSync('git', ['replace', reviewed as string, evil as string], { cwd: work });
  await expect(trustRepo(path, Buffer.from('# evil\n'), 'origin/main', { folder })).rejects.toMatchObject(differs);
});

test('a new file, a branch that was never fetched and no repository are said as such', async () => {
  const folder = temporaryFolder();
  const work = clone('# a\n');
  const other = join(work, 'b.md');
  writeFileSync(other, 'x');
  const x = Buffer.from('x');
  await expect(trustRepo(other, x, 'origin/main', { folder })).rejects.toThrow(/not in origin\/main/);
  await expect(trustRepo(other, x, 'origin/gone', { folder })).rejects.toThrow(/no fetched branch origin\/gone/);
  const alone = join(temporaryFolder(), 'a.md');
  await expect(trustRepo(alone, x, 'origin/main', { folder })).rejects.toThrow(/in no git work tree/);
});

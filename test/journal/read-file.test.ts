import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRunbookFile } from '../../src/journal/read-file.ts';
import { temporaryFolder } from './support/runs.ts';

const write = (folder: string, name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('bytes, hash and real path of a regular file', async () => {
  const path = write(temporaryFolder(), 'a.md', '# Título\r\n');
  const file = await readRunbookFile(path);
  expect(file.bytes.toString()).toBe('# Título\r\n');
  expect(file.sha256).toBe(createHash('sha256').update(file.bytes).digest('hex'));
  expect(file.realPath).toBe(realpathSync(path));
  expect(file.diagnostics).toEqual([]);
});

test('E103 over 1 MiB, said with its size and without reading it', async () => {
  const path = write(temporaryFolder(), 'a.md', '');
  truncateSync(path, 5 * 1024 * 1024);
  const reading = readRunbookFile(path, { read: () => Promise.reject(new Error('was read')) });
  await expect(reading).rejects.toMatchObject({ code: 'E103', message: 'file is 5.0 MB, limit 1 MB', place: path });
  truncateSync(path, 1024 * 1024);
  expect((await readRunbookFile(path)).bytes).toHaveLength(1024 * 1024);
});

test('E103 for a file that grows beyond the limit while it is read', async () => {
  const path = write(temporaryFolder(), 'a.md', 'x');
  const reading = readRunbookFile(path, { read: async () => Buffer.alloc(1024 * 1024 + 1) });
  await expect(reading).rejects.toMatchObject({ code: 'E103' });
});

test('E107 for a directory, a FIFO and a device, without waiting for a writer', async () => {
  const folder = temporaryFolder();
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  for (const path of [folder, fifo, '/dev/null']) {
    await expect(readRunbookFile(path)).rejects.toMatchObject({ code: 'E107', place: path });
  }
});

test('E107 for links in a circle, and a missing file is said as such', async () => {
  const folder = temporaryFolder();
  symlinkSync(join(folder, 'b'), join(folder, 'a'));
  symlinkSync(join(folder, 'a'), join(folder, 'b'));
  await expect(readRunbookFile(join(folder, 'a'))).rejects.toMatchObject({ code: 'E107' });
  await expect(readRunbookFile(join(folder, 'c'))).rejects.toMatchObject({ message: 'no such file', code: null });
});

test('E109 without permission', async () => {
  const path = write(temporaryFolder(), 'a.md', '# x');
  if (process.getuid?.() === 0) {
    // Root may read everything: the refusal comes from the system call instead of the file's mode.
    const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const reading = readRunbookFile(path, { read: () => Promise.reject(denied) });
    await expect(reading).rejects.toMatchObject({ code: 'E109', message: 'permission denied', place: path });
    return;
  }
  chmodSync(path, 0o000);
  await expect(readRunbookFile(path)).rejects.toMatchObject({
    code: 'E109',
    message: 'permission denied',
    place: path,
  });
});

const readWhile = (change: (nth: number) => void) =>
  (() => {
    let nth = 0;
    return async (handle: FileHandle): Promise<Buffer> => {
      const bytes = await handle.readFile();
      nth += 1;
      change(nth);
      return bytes;
    };
  })();

test('a file that changes while it is read is read once more, then E110', async () => {
  const path = write(temporaryFolder(), 'a.md', '# 0');
  const once = await readRunbookFile(path, { read: readWhile((nth) => nth === 1 && writeFileSync(path, '# after')) });
  expect(once.bytes.toString()).toBe('# after');
  const reading = readRunbookFile(path, { read: readWhile((nth) => writeFileSync(path, `# ${'x'.repeat(nth)}`)) });
  await expect(reading).rejects.toMatchObject({ code: 'E110', place: path });
});

test('W108 for a link out of the work tree, and none for links inside it', async () => {
  const tree = temporaryFolder();
  mkdirSync(join(tree, '.git'));
  mkdirSync(join(tree, 'docs'));
  const outside = write(temporaryFolder(), 'real.md', '# x');
  symlinkSync(write(tree, 'inside.md', '# x'), join(tree, 'docs', 'inside.md'));
  symlinkSync(outside, join(tree, 'docs', 'outside.md'));
  expect((await readRunbookFile(join(tree, 'docs', 'inside.md'))).diagnostics).toEqual([]);
  const file = await readRunbookFile(join(tree, 'docs', 'outside.md'));
  expect(file.realPath).toBe(realpathSync(outside));
  expect(file.diagnostics).toMatchObject([
    { code: 'W108', severity: 'warning', message: `resolves to ${realpathSync(outside)}` },
  ]);
});

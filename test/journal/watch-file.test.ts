import { appendFileSync, chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createWatchFile, hasRoom, readWatchFiles, watchFileLimits } from '../../src/journal/watch-file.ts';

const session = '0d7c7c5e-3b4b-4f0a-9a52-0c4dc1a7f0aa';

const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'gonogo-watch-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

test('lines are kept in order in a file that only its owner can read, and only once for a session', async () => {
  const dir = folder();
  const file = await createWatchFile(dir, session);
  await Promise.all(['a', 'b', 'c'].map((line) => file.append(line)));
  await file.close();
  expect(await readWatchFiles(dir)).toEqual([{ session, lines: ['a', 'b', 'c'] }]);
  const [name = ''] = readdirSync(dir);
  expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  await expect(createWatchFile(dir, session)).rejects.toThrow();
});

test('a line without its end is left for the next time', async () => {
  const dir = folder();
  const path = join(dir, `watch-${session}.jsonl`);
  writeFileSync(path, 'one\ntw', { mode: 0o600 });
  expect(await readWatchFiles(dir)).toEqual([{ session, lines: ['one'] }]);
  appendFileSync(path, 'o\n');
  expect(await readWatchFiles(dir)).toEqual([{ session, lines: ['one', 'two'] }]);
});

test('a file that others can write is refused; other files are none of its business', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'watch-notes.jsonl'), 'x\n');
  expect(await readWatchFiles(dir)).toEqual([]);
  writeFileSync(join(dir, `watch-${session}.jsonl`), 'x\n');
  chmodSync(join(dir, `watch-${session}.jsonl`), 0o666);
  await expect(readWatchFiles(dir)).rejects.toMatchObject({ code: 'E704' });
});

test('a file takes 2,000 lines, the last of them for what matters, and no more is read of a longer one', async () => {
  const { lines, bytes } = watchFileLimits;
  expect([hasRoom(lines - 101, 0, false), hasRoom(lines - 100, 0, false), hasRoom(lines - 1, 0, true)]).toEqual([
    true,
    false,
    true,
  ]);
  expect([hasRoom(lines, 0, true), hasRoom(0, bytes, true)]).toEqual([false, false]);
  const dir = folder();
  writeFileSync(join(dir, `watch-${session}.jsonl`), 'x\n'.repeat(lines + 5), { mode: 0o600 });
  expect((await readWatchFiles(dir))[0]?.lines).toHaveLength(lines);
});

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runbookStore } from '../../src/journal/open.ts';
import { closedRun } from './support/runs.ts';

test('a runbook is kept as its exact bytes, once, privately', async () => {
  const dir = await closedRun(0);
  const store = runbookStore(dir);
  const bytes = Buffer.from('# Ü\r\n\0\xff', 'latin1');
  const sha256 = await store.store(bytes);
  expect(await store.store(bytes)).toBe(sha256);
  expect(Buffer.from(await store.read(sha256))).toEqual(bytes);
  expect(statSync(join(dir, 'runbooks', sha256)).mode & 0o777).toBe(0o600);
});

test('a changed or missing snapshot is E708', async () => {
  const dir = await closedRun(0);
  const store = runbookStore(dir);
  const sha256 = await store.store(Buffer.from('# One'));
  const path = join(dir, 'runbooks', sha256);
  writeFileSync(path, '# Two');
  await expect(store.read(sha256)).rejects.toMatchObject({ code: 'E708', place: path, nextStep: expect.any(String) });
  await expect(store.read('0'.repeat(64))).rejects.toMatchObject({ code: 'E708' });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changingInputs, lastValuesOf, recentRunbooks, rememberRun } from '../../src/settings/recents.ts';
import { temporaryFolder } from './support/folder.ts';

test('the newest runbook comes first, once, with the values of its last two runs', async () => {
  const folder = temporaryFolder();
  await rememberRun('/a.md', { service: 'checkout', version: 'v1' }, { folder, now: 1 });
  await rememberRun('/b.md', {}, { folder, now: 2 });
  expect([...changingInputs('/a.md', folder)]).toEqual([]);
  await rememberRun('/a.md', { service: 'checkout', version: 'v2' }, { folder, now: 3 });
  expect(recentRunbooks(folder).map((one) => [one.path, one.at])).toEqual([
    ['/a.md', 3],
    ['/b.md', 2],
  ]);
  expect(lastValuesOf('/a.md', folder)).toEqual({ service: 'checkout', version: 'v2' });
  expect([...changingInputs('/a.md', folder)]).toEqual(['version']);
  expect(lastValuesOf('/c.md', folder)).toEqual({});
});

test('at most fifty are kept', async () => {
  const folder = temporaryFolder();
  for (let i = 0; i < 52; i++) await rememberRun(`/${i}.md`, {}, { folder, now: i });
  expect(recentRunbooks(folder)).toHaveLength(50);
  expect(recentRunbooks(folder)[0]?.path).toBe('/51.md');
});

test.each(['not json', '{"runbooks": [{"path": 1}, null]}', '{"runbooks": {}}'])('%s counts as no recents', (text) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'recents.json'), text);
  expect(recentRunbooks(folder)).toEqual([]);
});

test('a folder that cannot be written is not an error', async () => {
  const folder = join(temporaryFolder(), 'file');
  writeFileSync(folder, '');
  await rememberRun('/a.md', {}, { folder: join(folder, 'gonogo') });
  expect(recentRunbooks(temporaryFolder())).toEqual([]);
});

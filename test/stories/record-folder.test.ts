import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runFolder, setTheScene, trusted } from '../support/story.ts';

test('a record folder that cannot be made is told with its reason, and the record is in the run folder', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'one.md', '# One\n\n- [ ] It works\n');
  const file = join(workspace.folder, 'in-the-way');
  writeFileSync(file, '');
  workspace.gonogo(['config', 'records', join(file, 'records')]);
  const terminal = workspace.terminal(['run', 'one.md']);
  await terminal.sees('It works');
  await terminal.presses('Enter');
  await terminal.sees(/Enter.*ends/);
  await terminal.presses('Enter');
  await terminal.sees('FAIL');
  const words = terminal.text().replace(/\s+/g, ' ');
  expect(words).toContain('the record is written in the run folder');
  expect(words).toMatch(/its copy in \S*in-the-way\S*records is not: /);
  expect(words).toContain('ENOTDIR');
  expect(existsSync(join(runFolder(workspace), 'record.md'))).toBe(true);
  expect(existsSync(join(runFolder(workspace), 'record.json'))).toBe(true);
});

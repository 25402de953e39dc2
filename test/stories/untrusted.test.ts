import { expect, test } from 'vitest';
import { setTheScene } from '../support/story.ts';

const runbook = `# From somewhere

- [ ] Change it

  \`\`\`sh
  echo ran >> trail
  \`\`\`

- [ ] It works
`;

test('a runbook nobody has allowed is walked by hand; after gonogo trust its commands run; one changed byte and they do not', async () => {
  const workspace = setTheScene();
  workspace.write('some.md', runbook);
  const by = workspace.terminal(['run', 'some.md']);
  await by.sees('not allowed by you yet: some.md');
  await by.presses('Enter');
  await by.sees('echo ran >> trail');
  await by.sees('shown only: run it by hand');
  expect(by.lines()[2]).toContain('not trusted');
  await by.presses('Enter');
  await by.sees('From somewhere › It works');
  await by.presses('Enter');
  await by.sees('Enter ends the run');
  await by.presses('Enter');
  await by.sees('Succeeded');
  await by.presses('q');
  expect(await by.exits()).toBe(0);
  expect(workspace.has('trail')).toBe(false);

  expect(workspace.gonogo(['run', 'some.md', '--auto']).code).toBe(3);
  const asked = workspace.terminal(['trust', 'some.md']);
  await asked.sees('[change] echo ran >> trail');
  await asked.sees('y/N');
  await asked.types('yes');
  await asked.presses('Enter');
  await asked.sees('allowed: some.md');
  expect(await asked.exits()).toBe(0);
  expect(workspace.gonogo(['run', 'some.md', '--plain'], 'y\n\n\n\n').code).toBe(0);
  expect(workspace.read('trail')).toBe('ran\n');

  workspace.write('some.md', runbook.replace('ran', 'rbn'));
  const again = workspace.gonogo(['run', 'some.md', '--plain'], 'y\n\n\n\n');
  expect(again.out).toContain('some.md');
  expect(workspace.read('trail')).toBe('ran\n');
  expect(workspace.gonogo(['trust', 'some.md', '--yes']).out).toMatch(/\+ \[change\] echo rbn[\s\S]*- echo ran/);
});

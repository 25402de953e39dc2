import { expect, test } from 'vitest';
import { setTheScene, trusted } from '../support/story.ts';

const runbook = `# Look

- [ ] See

  \`\`\`sh
  printf '\\033[31mred\\033[0m and plain\\n'
  \`\`\`

- [ ] It works
`;

const colours = /\u001b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)(?:;\d+)*m/;

test('NO_COLOR: the same words without one colour', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'look.md', runbook);
  const terminal = workspace.terminal(['run', 'look.md'], {}, { NO_COLOR: '1' });
  await terminal.sees('Enter runs: printf');
  await terminal.presses('Enter');
  await terminal.sees('red and plain');
  await terminal.sees('as expected');
  expect(terminal.raw).not.toMatch(colours);
  expect(terminal.lines()[2]).toMatch(/^ ok /);
});

test('a locale without UTF-8: every glyph of ours is ASCII', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'look.md', runbook);
  const terminal = workspace.terminal(['run', 'look.md'], { columns: 130, rows: 30 }, { LANG: 'C', LC_ALL: 'C' });
  await terminal.sees('Enter runs: printf');
  await terminal.presses('Enter');
  await terminal.sees('as expected');
  await terminal.presses('R');
  await terminal.sees('Roll back?');
  await terminal.presses('Esc');
  await terminal.sees('as expected');
  await terminal.presses('Enter');
  await terminal.sees('Enter ticks this step');
  await terminal.presses('Enter');
  await terminal.sees('Enter ends the run');
  await terminal.presses('Enter');
  await terminal.sees('Succeeded');
  expect(terminal.raw.replace(/[\t\n\r -~\u0007\u001b]/g, '')).toBe('');
});

test('TERM=dumb: plain lines that move no cursor', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'look.md', runbook);
  const terminal = workspace.terminal(['run', 'look.md'], {}, { TERM: 'dumb' });
  await terminal.sees('-- 0.1 Look › See');
  terminal.sends('\r');
  await terminal.sees('red');
  await terminal.sees(/exit 0[\s\S]*>/);
  terminal.sends('\r');
  await terminal.sees('It works   (step 2 of 2)');
  terminal.sends('\r');
  expect(await terminal.exits()).toBe(0);
  expect(terminal.text()).toContain('succeeded');
  expect(terminal.raw).not.toMatch(/\u001b\[[0-9;?]*[A-Za-ln-z]/);
  expect(terminal.raw).not.toMatch(colours);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setTheScene, trusted } from '../support/story.ts';
import type { Terminal } from '../support/terminal.ts';

const esc = '\u001b';
const clipboard = `${esc}]52;c;cHduZWQ=${'\u0007'}`;
const title = `${esc}]0;HACKED${'\u0007'}`;
const title8bit = `${'\u009d'}0;HACKED8${'\u009c'}`;
const cursor = `${esc}[1;1HHERE${esc}[2J`;
const link = `${esc}]8;;https://evil.example${esc}\\click${esc}]8;;${esc}\\`;
const bidi = 'safe\u202egnp.exe';
const hidden = 'zero\u200bwidth';
const all = [clipboard, title, title8bit, cursor, link, bidi, hidden];

/** Nothing of the text has acted: not on the title, not on the clipboard, not on the place of anything. */
const expectUntouched = (terminal: Terminal): void => {
  expect(terminal.titles.filter((words) => words.startsWith('HACKED'))).toEqual([]);
  expect(terminal.clipboard).toEqual([]);
  expect(terminal.raw).not.toContain(`${esc}]52`);
  expect(terminal.raw).not.toContain(`${esc}]0;`);
  expect(terminal.raw).not.toContain(`${esc}]8;`);
  expect(terminal.raw).not.toMatch(/[\u0080-\u009f\u202e\u200b]/);
  expect(terminal.lines()[0]).not.toContain('HERE');
};

test('control sequences in what a command writes act on nothing and can be read', async () => {
  const workspace = setTheScene();
  writeFileSync(join(workspace.work, 'output'), `${all.join('\n')}\n`);
  trusted(workspace, 'hostile.md', '# Look\n\n- [ ] Read it\n\n  ```sh\n  cat output\n  ```\n');
  const terminal = workspace.terminal(['run', 'hostile.md'], { rows: 40 });
  await terminal.sees('Enter runs: cat output');
  await terminal.presses('Enter');
  await terminal.sees(/exit 0 +\d/);
  await terminal.sees('⟨U+202E⟩');
  for (const shown of [
    '^[]52;c;cHduZWQ=^G',
    '^[]0;HACKED^G',
    '^[[1;1HHERE^[[2J',
    '^[]8;;https',
    'safe⟨U+202E⟩gnp',
    'zero⟨U+200B⟩width',
  ])
    expect(terminal.text()).toContain(shown);
  expectUntouched(terminal);
  await terminal.presses('o');
  await terminal.sees(/line 1 of \d/);
  await terminal.sees('^[]52;c;cHduZWQ=^G');
  expectUntouched(terminal);
});

test('the same in the text of a runbook: title, headings, items and prose', async () => {
  const workspace = setTheScene();
  workspace.write(
    'hostile.md',
    `# Deploy${title}${bidi}\n\n## Phase${clipboard}\n\nProse ${cursor}.\n\n- [ ] Item ${clipboard}${title8bit}\n- [ ] Other ${bidi} ${hidden}\n\n  Its prose ${link}.\n`,
  );
  const terminal = workspace.terminal(['run', 'hostile.md'], { columns: 160, rows: 48 });
  await terminal.sees('Preflight');
  await terminal.presses('Enter');
  await terminal.sees('Space ticks the item');
  await terminal.sees('^[]52;c;cHduZWQ=^G');
  expect(terminal.text()).toContain('⟨U+202E⟩');
  expectUntouched(terminal);
  await terminal.presses('j');
  await terminal.sees('^[]8;;https');
  await terminal.presses('q');
  await terminal.sees('Leave this run?');
  await terminal.presses('y');
  await terminal.exits();
  expectUntouched(terminal);
  const again = workspace.terminal([]);
  await again.sees('gonogo');
  await again.sees('Deploy^[]0;HACKED');
  expectUntouched(again);
});

test('plain lines and the list, show and plan of such a runbook carry none of it either', async () => {
  const workspace = setTheScene();
  workspace.write('hostile.md', `# Deploy${title}\n\n- [ ] Item ${all.join(' ')}\n`);
  for (const args of [
    ['run', 'hostile.md', '--plain'],
    ['show', 'hostile.md'],
    ['plan', 'hostile.md'],
    ['check', 'hostile.md'],
    ['runs'],
  ]) {
    const { out, err } = workspace.gonogo(args, 'q\n');
    expect(`${args[0]}: ${out}${err}`).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
  }
});

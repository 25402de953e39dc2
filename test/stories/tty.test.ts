import { expect, test } from 'vitest';
import { asksFirst, journalOf, recordOf, setTheScene, trusted } from '../support/story.ts';

const interactive = `---
gonogo: 1
title: Talk
kind: deploy
---
# Talk

- [ ] Talk to it

  \`\`\`sh {tty risk=change}
  read -r -p 'Your name? ' name
  echo "hello $name" | tee trail
  \`\`\`

- [ ] It answered
`;

test('a tty command gets the whole terminal; the screen comes back as it was', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'talk.md', interactive);
  const terminal = workspace.terminal(['run', 'talk.md']);
  await terminal.sees(asksFirst);
  const before = terminal.lines()[0]?.slice(0, 20);
  await terminal.presses('Enter');
  await terminal.sees('takes over this terminal');
  await terminal.presses('y');
  await terminal.sees(/^Your name\?/m);
  expect(terminal.text()).not.toContain('Talk › Talk to it');
  await terminal.types('alice');
  await terminal.presses('Enter');
  await terminal.sees(/exit 0[\s\S]*as expected/);
  expect(terminal.lines()[0]?.slice(0, 20)).toBe(before);
  expect(terminal.lines().at(-1)).toMatch(/q leave/);
  expect(workspace.read('trail')).toBe('hello alice\n');
  await terminal.presses('Enter');
  await terminal.sees('Enter ticks this step');
  await terminal.presses('Enter');
  await terminal.sees('Enter ends the run');
  await terminal.presses('Enter');
  await terminal.sees('Succeeded');
  await terminal.presses('q');
  expect(await terminal.exits()).toBe(0);
  expect(recordOf(workspace)).toContain('Interactive, output not captured');
  expect(journalOf(workspace)).not.toContain('hello alice');
});

test('the terminal goes away under a tty command: its result is UNKNOWN', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'talk.md', interactive);
  const terminal = workspace.terminal(['run', 'talk.md']);
  await terminal.sees(asksFirst);
  await terminal.presses('Enter');
  await terminal.sees('takes over this terminal');
  await terminal.presses('y');
  await terminal.sees(/^Your name\?/m);
  terminal.hangUp();
  const second = workspace.terminal(['resume']);
  await second.sees(/While you were away|This run is open elsewhere/);
  if (second.text().includes('elsewhere')) {
    await second.presses('t');
    await second.sees('While you were away');
  }
  await second.sees(/UNKNOWN +Talk to it/);
  await second.presses('Enter');
  await second.sees('Enter: say what became of the command');
  expect(workspace.has('trail')).toBe(false);
});

import { expect, test } from 'vitest';
import { allow, asksFirst, confirms, journalOf, setTheScene, trusted, untilAllowed } from '../support/story.ts';

const change = `# Change

- [ ] Change it

  \`\`\`sh
  echo ran >> trail
  \`\`\`

- [ ] One thing
- [ ] Another thing
`;

test('pasted text, bursts and keys for a screen that has just changed confirm nothing; a held key acts once', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'change.md', change);
  const terminal = workspace.terminal(['run', 'change.md']);
  await terminal.sees(asksFirst);
  await terminal.presses('Enter');
  await terminal.sees('Run this?');
  terminal.sends('y');
  await terminal.sees('screen changed, press again');
  terminal.pastes('y');
  await terminal.sees('pasted text does nothing here');
  await terminal.rests();
  terminal.sends('yy');
  await terminal.sees('several keys at once never confirm');
  terminal.sends('\rj');
  await terminal.sees('Run this?');
  expect(workspace.has('trail')).toBe(false);
  expect(journalOf(workspace)).not.toContain('command.confirmed');

  // The key is still held down while the screen turns from the dialog to the running step, where it means something else.
  await terminal.holds('y');
  await terminal.sees(/exit 0 +\d/);
  expect(terminal.clipboard).toEqual([]);
  expect(workspace.read('trail')).toBe('ran\n');
  expect(journalOf(workspace).match(/"command.confirmed"/g)).toHaveLength(1);

  await terminal.presses('Enter');
  await terminal.sees('2 of 2 open');
  await terminal.rests();
  terminal.sends('  ');
  await terminal.sees('several keys at once never confirm');
  expect(terminal.text()).toContain('2 of 2 open');
  // Navigation is split instead.
  terminal.sends('jk');
  await terminal.sees('▸ [ ] One thing');
  expect(terminal.text()).not.toContain('not here');
});

test('Esc goes one level back from everywhere and leaves no trace', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'change.md', change);
  const terminal = workspace.terminal(['run', 'change.md']);
  await terminal.sees(asksFirst);
  const levels: readonly (readonly [string, string])[] = [
    ['Enter', 'Run this?'],
    ['R', 'Roll back?'],
    ['F', 'Why does this step fail?'],
    ['S', 'Leave this out?'],
    ['v', 'Evidence'],
    ['?', 'Keys'],
    ['a', 'A note on'],
    ['U', 'Status update'],
    ['P', 'Why hold?'],
    ['Q', 'Why does the run end here?'],
    ['q', 'Leave this run?'],
    ['e', 'Change the command'],
  ];
  await terminal.rests();
  for (const [key, shown] of levels) {
    terminal.sends(key === 'Enter' ? '\r' : key);
    await terminal.sees(`── ${shown}`);
    terminal.sends('\u001b');
    await terminal.sees(new RegExp(`^ ${asksFirst}`, 'm'));
  }
  expect(journalOf(workspace)).not.toMatch(/"(command|step|note|run\.left|rollback)[a-z.-]*","data/);
});

test('Ctrl-C while a command runs asks: stop, leave or back; stopping stops it', async () => {
  const workspace = setTheScene();
  trusted(
    workspace,
    'slow.md',
    `# Slow\n\n- [ ] Change it\n\n  \`\`\`sh\n  echo begun >> trail\n  ${untilAllowed('go')}\n  echo ended >> trail\n  \`\`\`\n`,
  );
  const terminal = workspace.terminal(['run', 'slow.md']);
  await confirms(terminal);
  await terminal.sees(/running 0:\d\d/);
  await terminal.presses('Ctrl-C');
  await terminal.sees('A command is running');
  for (const choice of ['Back: it goes on', 'Leave it running', 'Stop it']) expect(terminal.text()).toContain(choice);
  await terminal.presses('Esc');
  await terminal.sees(/running 0:\d\d/);
  await terminal.presses('Ctrl-C');
  await terminal.sees('A command is running');
  await terminal.presses('3');
  await terminal.sees('ended by SIGTERM');
  allow(workspace, 'go');
  expect(workspace.read('trail')).toBe('begun\n');
});

test('what destroys wants a word typed: pasted it does not count, and an Enter that came with it does not confirm', async () => {
  const workspace = setTheScene();
  workspace.tool('kubectl', '#!/bin/bash\necho "kubectl $*" >> trail\n');
  trusted(
    workspace,
    'clean.md',
    '---\ngonogo: 1\ntitle: Clean\nkind: deploy\ntarget: { namespace: shop }\n---\n# Clean\n\n- [ ] Remove it\n\n  ```sh\n  kubectl delete deployment old -n "$NAMESPACE"\n  ```\n',
  );
  const terminal = workspace.terminal(['run', 'clean.md']);
  await terminal.sees(asksFirst);
  await terminal.presses('Enter');
  await terminal.sees(/Type the namespace +shop/);
  expect(terminal.text()).toMatch(/Risk +destroy/);
  await terminal.presses('y', 'Enter');
  await terminal.sees('"y" is not "shop": nothing is done');
  await terminal.presses('Backspace');
  terminal.pastes('shop');
  await terminal.sees('pasted text does nothing here');
  await terminal.rests();
  terminal.sends('shop\r');
  await terminal.sees('several keys at once never confirm');
  expect(workspace.has('trail')).toBe(false);
  await terminal.presses('Enter');
  await terminal.sees(/exit 0 +\d|exit 0:/);
  expect(workspace.read('trail')).toBe('kubectl delete deployment old -n shop\n');
});

test('an Enter that is held down on the last step does not leave the screen that says how it ended', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'last.md', '# Last\n\n- [ ] One thing\n\n## After\n\n- [ ] Another thing\n');
  const terminal = workspace.terminal(['run', 'last.md']);
  await terminal.sees('Enter ticks this step');
  await terminal.holds('Enter');
  await terminal.sees('Another thing');
  expect(journalOf(workspace).match(/"step.passed"/g)).toHaveLength(1);
  await terminal.presses('Enter');
  await terminal.sees('Enter ends the run');
  await terminal.holds('Enter');
  await terminal.sees('Succeeded');
  await terminal.rests();
  expect(terminal.text()).toContain('Enter leaves');
});

import { expect, test } from 'vitest';
import { setTheScene, trusted } from '../support/story.ts';

const runbook = `# Restart

- [ ] Restart the worker

  \`\`\`sh
  echo '<tenant> of' <tenant> > told
  \`\`\`

- [ ] It works
`;

test('a placeholder is asked for at its step, and the screen shows both texts of the command before it runs', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'x.md', runbook);
  const terminal = workspace.terminal(['run', 'x.md']);
  await terminal.sees('Enter asks for P_TENANT');
  await terminal.sees("written  echo '<tenant> of' <tenant> > told");
  await terminal.presses('Enter');
  await terminal.sees('This step needs values');
  await terminal.types('acme & co');
  await terminal.presses('Enter');
  await terminal.sees('Enter asks before it runs');
  await terminal.presses('Enter');
  await terminal.sees('Run this?');
  await terminal.sees('"${P_TENANT}" > told');
  await terminal.sees("written  echo '<tenant> of' <tenant> > told");
  await terminal.sees('P_TENANT  acme & co');
  await terminal.presses('y');
  await terminal.sees('Enter: the output is as expected');
  expect(workspace.read('told')).toBe('acme & co of acme & co\n');
});

test('plain lines show both texts too', () => {
  const workspace = setTheScene();
  trusted(workspace, 'x.md', runbook);
  const plain = workspace.gonogo(['run', 'x.md', '--plain'], 'acme\ny\n\n\n\n');
  expect(plain.out).toContain("written: echo '<tenant> of' <tenant> > told");
  expect(plain.code).toBe(0);
  expect(workspace.read('told')).toBe('acme of acme\n');
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordOf, setTheScene, trusted } from '../support/story.ts';

const secret = 'hunter2-correct-horse';

const runbook = `---
gonogo: 1
title: With a secret
kind: deploy
inputs:
  api-token: { type: secret, prompt: Token of the API }
---
# With a secret

- [ ] Use it

  \`\`\`sh
  echo "the token is $API_TOKEN, in base64 $(printf %s "$API_TOKEN" | base64)"
  printf %s "$API_TOKEN" | wc -c
  \`\`\`

- [ ] It worked
`;

const everyFile = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).isFile());

test('a secret is typed without echo and reaches its command, and no screen, journal, record, spool or other file', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'secret.md', runbook);
  const terminal = workspace.terminal(['run', 'secret.md']);
  await terminal.sees('Token of the API');
  await terminal.types(secret);
  await terminal.rests();
  expect(terminal.text()).not.toContain('hunter2');
  await terminal.presses('Enter');
  await terminal.sees('Enter runs: echo');
  expect(terminal.text()).toContain('(secret, not shown)');
  await terminal.presses('Enter');
  await terminal.sees(/exit 0 +\d/);
  await terminal.sees(/^ *21$/m);
  await terminal.presses('o');
  await terminal.sees('line 1 of 2');
  await terminal.presses('Esc', 'v');
  await terminal.sees('── Evidence');
  await terminal.presses('Esc', 'q');
  await terminal.sees('Leave this run?');
  await terminal.presses('y');
  expect(await terminal.exits()).toBe(6);

  const encoded = Buffer.from(secret).toString('base64');
  const places = [
    terminal.raw,
    ...everyFile(workspace.home).map((path) => readFileSync(path, 'latin1')),
    workspace.gonogo(['export', workspace.runs()[0] as string]).out,
  ];
  expect(recordOf(workspace)).toContain('the token is');
  for (const text of places) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(encoded);
  }
  expect(workspace.gonogo(['run', 'secret.md', '--set', `api-token=${secret}`]).err).toContain('E508');
});

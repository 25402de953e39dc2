import { expect, test } from 'vitest';
import { recordOf, setTheScene, trusted } from '../support/story.ts';

const runbook = `---
gonogo: 1
title: Deploy
status-updates: { every: 15m, message: status }
---
# Deploy

- [ ] Look around

- [ ] Tell them

  \`\`\`message
  name: status
  send: tee -a posted.txt > sent.txt
  text: Deploying as \${operator}
  \`\`\`
`;

test('U shows the command that sends a status update and runs it once it is confirmed', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'deploy.md', runbook);
  const terminal = workspace.terminal(['run', 'deploy.md']);
  await terminal.sees('Look around');
  await terminal.presses('U');
  await terminal.sees('Ctrl-S shows the command that sends it');
  await terminal.types(' today');
  await terminal.presses('Ctrl-S');
  await terminal.sees('Send this status update?');
  await terminal.sees('tee -a posted.txt');
  await terminal.sees('Gets on its input:');
  await terminal.presses('y');
  await terminal.sees('the status update was sent');
  await terminal.presses('q');
  await terminal.sees('Leave this run?');
  await terminal.presses('y');
  expect(await terminal.exits()).toBe(6);
  expect(workspace.read('posted.txt')).toMatch(/^Deploying as \S+ today\n\ngonogo [\da-f-]{36} [\da-f]{12}\n$/);
  expect(recordOf(workspace)).toMatch(/status update:/);
  expect(workspace.gonogo(['verify', workspace.runs()[0] as string]).code).toBe(0);
});

test('in plain mode it is confirmed in the same way, and not sent without', () => {
  const workspace = setTheScene();
  trusted(workspace, 'deploy.md', runbook);
  const no = workspace.gonogo(['run', 'deploy.md', '--plain'], 'U Half way\n\nq\n');
  expect(no.out).toContain('y sends it, anything else goes back >');
  expect(workspace.has('posted.txt')).toBe(false);
  const yes = workspace.gonogo(['run', 'deploy.md', '--plain'], 'U Half way\ny\nq\n');
  expect(yes.out).toContain('> Half way');
  expect(workspace.read('posted.txt')).toMatch(/^Half way\n/);
});

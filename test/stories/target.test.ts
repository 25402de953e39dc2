import { expect, test } from 'vitest';
import { recordOf, setTheScene, trusted } from '../support/story.ts';

const runbook = `---
gonogo: 1
title: Deploy
target: { namespace: shop }
---

## Deploy

- [ ] Change it

  \`\`\`sh {risk=change exit=0}
  touch changed; echo "$CONTEXT $NAMESPACE" > where
  \`\`\`

- [ ] Change it again

  \`\`\`sh {risk=change exit=0}
  touch changed-again
  \`\`\`
`;

test('the cluster is chosen and shown with its user; gone, it needs a reason; another one in its place is the end', async () => {
  const workspace = setTheScene();
  const cluster = await workspace.cluster(['prod-eu', 'staging']);
  trusted(workspace, 'deploy.md', runbook);
  const terminal = workspace.terminal(['run', 'deploy.md'], { columns: 120, rows: 40 });

  // A production cluster is not taken because it is the current one.
  await terminal.sees('In which cluster?');
  await terminal.types('staging');
  await terminal.presses('Enter');
  await terminal.sees('Enter asks before it runs: touch changed');
  expect(terminal.lines()[0]).toContain('staging / shop as alice@example.com');

  await cluster.stop();
  await terminal.presses('Enter');
  await terminal.sees('y runs it');
  expect(terminal.text()).toContain('staging / shop  as alice@example.com');
  await terminal.presses('y');
  await terminal.sees('Change it without knowing that it is the right target?');
  await terminal.sees('the target cannot be verified: connection refused');
  expect(workspace.has('changed')).toBe(false);
  await terminal.presses('3');
  await terminal.sees('touch changed-again');
  expect(workspace.read('where')).toBe('staging shop\n');

  // Somebody else answers there now.
  await cluster.again({ uid: '7c1e0000-0000-4000-8000-000000000000' });
  await terminal.presses('Enter');
  await terminal.sees('y runs it');
  await terminal.presses('y');
  await terminal.sees(/FAIL +E602 STOP: cluster is 7c1e0000/);
  await terminal.presses('R');
  await terminal.presses('y');
  await terminal.sees(/E602 STOP/);
  expect(workspace.has('changed-again')).toBe(false);
  await terminal.presses('q');
  await terminal.sees('Leave this run?');
  await terminal.presses('y');
  expect(await terminal.exits()).toBe(6);
  expect(recordOf(workspace)).toContain('target not verified before attempt 1');
});

import { expect, test } from 'vitest';
import { setTheScene, trusted } from '../support/story.ts';

const hostile = "v1'; touch pwned; echo '$(touch pwned)`touch pwned`";

const runbook = (pattern: string): string => `---
gonogo: 1
title: Deploy
kind: deploy
inputs:
  version: { prompt: Version${pattern} }
---
# Deploy

- [ ] Deploy \${version}

  \`\`\`sh
  echo "version is $VERSION"
  \`\`\`

- [ ] It works
`;

test('a value that the default rule does not allow is refused with E501 before anything is written', () => {
  const workspace = setTheScene();
  trusted(workspace, 'x.md', runbook(''));
  const { code, err } = workspace.gonogo(['run', 'x.md', '--set', 'version=v1; touch pwned']);
  expect(code).toBe(2);
  expect(err).toContain('E501');
  expect(err).toContain('version');
  expect(workspace.runs()).toEqual([]);
  expect(workspace.has('pwned')).toBe(false);
});

test('a hostile value that a looser pattern lets through is text, in the screen and in plain lines', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'x.md', runbook(", pattern: '.*'"));
  const terminal = workspace.terminal(['run', 'x.md', '--set', `version=${hostile}`]);
  await terminal.sees('Enter runs');
  await terminal.presses('Enter');
  await terminal.sees(/exit 0 +\d/);
  await terminal.sees(`version is ${hostile}`);
  expect(workspace.has('pwned')).toBe(false);

  const plain = workspace.gonogo(['run', 'x.md', '--plain', '--set', `version=${hostile}`], '\n\n\n\n');
  expect(plain.out).toContain(`version is ${hostile}`);
  expect(plain.code).toBe(0);
  expect(workspace.has('pwned')).toBe(false);
});

const handsOn = `---
gonogo: 1
title: Deploy
---
# Deploy

- [ ] Look

  \`\`\`sh {expect=none}
  TAG=v2.3.1
  DB_PASSWORD=hunter2-correct-horse
  \`\`\`

- [ ] Deploy

  \`\`\`sh {risk=change}
  echo "$TAG with a password of \${#DB_PASSWORD}"
  \`\`\`
`;

test('what an earlier command set is shown with the command that uses it, secrets without their value', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'x.md', handsOn);
  const terminal = workspace.terminal(['run', 'x.md']);
  await terminal.sees('Enter runs');
  await terminal.presses('Enter');
  await terminal.sees('Enter asks before it runs');
  await terminal.presses('Enter');
  await terminal.sees('Run this?');
  await terminal.sees(/TAG +v2\.3\.1/);
  await terminal.sees(/DB_PASSWORD +\(secret, not shown\)/);
  await terminal.presses('y');
  await terminal.sees('v2.3.1 with a password of 21');

  const plain = workspace.gonogo(['run', 'x.md', '--plain'], '\nq\n');
  expect(plain.out).toMatch(/ +DB_PASSWORD=\(secret\)\n +TAG=v2\.3\.1\n/);
});

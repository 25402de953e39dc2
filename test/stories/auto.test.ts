import { expect, test } from 'vitest';
import { setTheScene, trusted } from '../support/story.ts';

const runbook = `---
gonogo: 1
title: By hand
---
# By hand

- [ ] Change it

  \`\`\`sh {risk=change expect=changed}
  echo changed
  \`\`\`

- [ ] Talk to it

  \`\`\`sh {tty risk=change}
  echo ran >> trail
  \`\`\`
`;

test('--auto stops before a command that takes over the terminal', () => {
  const workspace = setTheScene();
  trusted(workspace, 'x.md', runbook);
  const { out, code } = workspace.gonogo(['run', 'x.md', '--auto']);
  expect(out).toContain('changed');
  expect(out).toContain('This needs a person');
  expect(code).toBe(6);
  expect(workspace.has('trail')).toBe(false);
});

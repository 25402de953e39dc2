import { expect, test } from 'vitest';
import { journalOf, recordOf, setTheScene, trusted } from '../support/story.ts';
import type { Workspace } from '../support/workspace.ts';

const runbook = (reason: string): string => `---
gonogo: 1
title: Deploy
---
# Deploy

- [ ] Agree

  \`\`\`approve
  role: incident commander
${reason}  \`\`\`

- [ ] Change

  \`\`\`sh {risk=change}
  touch changed
  \`\`\`
`;

const signature = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQ
-----END SSH SIGNATURE-----
`;

/** Takes every signature for one of the same key, and keeps the text that was checked. */
const keygen = (workspace: Workspace, code = 0): void =>
  workspace.tool(
    'ssh-keygen',
    `#!/bin/bash\ncat > '${workspace.work}/checked'\necho 'Good "gonogo" signature with ED25519 key SHA256:abcdef'\nexit ${code}\n`,
  );

const walked = (workspace: Workspace, input: string, reason = ''): string => {
  trusted(workspace, 'x.md', runbook(reason));
  return workspace.gonogo(['run', 'x.md', '--plain'], input).out;
};

test('a signature is pasted line by line over the text that is shown', () => {
  const workspace = setTheScene();
  keygen(workspace);
  const out = walked(workspace, `s\n${signature}y\n\n`);
  expect(out).toContain('s = paste the signature');
  for (const line of workspace.read('checked').trimEnd().split('\n')) expect(out).toContain(`\n${line}\n`);
  expect(workspace.has('changed')).toBe(true);
  expect(recordOf(workspace)).toContain('SHA256:abcdef');
  expect(journalOf(workspace)).toContain('"how":"ssh-key"');
});

test('a reason that has to be given is asked for after the signature', () => {
  const workspace = setTheScene();
  keygen(workspace);
  const out = walked(workspace, `s\n${signature}the graphs are calm\ny\n\n`, '  reason: required\n');
  expect(out).toContain('reason >');
  expect(journalOf(workspace)).toContain('"reason":"the graphs are calm"');
  expect(workspace.has('changed')).toBe(true);
});

test('a signature that does not fit approves nothing, and q gives it up', () => {
  const workspace = setTheScene();
  keygen(workspace, 1);
  const out = walked(workspace, `s\n${signature}s\nq\nq\n`);
  expect(out).toContain('the signature does not fit what is approved. Sign the text that is shown now');
  expect(journalOf(workspace)).not.toContain('approval.given');
});

test('an answer names the file of a signature', () => {
  const workspace = setTheScene();
  keygen(workspace);
  workspace.write('signed.sig', signature);
  const out = walked(workspace, 'answer: @absent.sig\nanswer: @signed.sig: seen\ny\n\n');
  expect(out).toContain('absent.sig cannot be read: ENOENT');
  expect(journalOf(workspace)).toContain('"fingerprint":"SHA256:abcdef"');
  expect(journalOf(workspace)).toContain('"reason":"seen"');
});

test('a typed name attests, as before', () => {
  const workspace = setTheScene();
  walked(workspace, 'answer: bob: looks well\ny\n\n');
  expect(journalOf(workspace)).toContain('"by":"bob"');
  expect(journalOf(workspace)).toContain('"how":"attested"');
});

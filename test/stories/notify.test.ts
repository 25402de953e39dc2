import { expect, test } from 'vitest';
import { until } from '../faults/support/processes.ts';
import { confirms, runFolder, setTheScene, trusted } from '../support/story.ts';

test('the notify command is told what happened, where and in which run, by variables without control characters', async () => {
  const workspace = setTheScene();
  await workspace.cluster();
  trusted(
    workspace,
    'told.md',
    '---\ngonogo: 1\ntitle: "Told\\u0007 \\u202E twice"\n---\n\n## Deploy\n\n- [ ] Change it\n\n  ```sh\n  touch changed\n  false\n  ```\n',
  );
  workspace.gonogo(['config', 'notify', 'env -0 | grep -z ^GONOGO_ >> told.new; mv told.new "told-$GONOGO_EVENT"']);
  const told = async (event: string): Promise<Record<string, string>> => {
    await until(event, () => workspace.has(`told-${event}`));
    const entries = workspace.read(`told-${event}`).split('\0').filter(Boolean);
    return Object.fromEntries(entries.map((entry) => [entry.split('=', 1)[0], entry.slice(entry.indexOf('=') + 1)]));
  };
  const terminal = workspace.terminal(['run', 'told.md']);
  await terminal.sees('Enter');
  if (terminal.text().includes('Preflight')) await terminal.presses('Enter');
  await confirms(terminal);
  const run = runFolder(workspace).split('/').at(-1);
  const needed = await told('needs-you');
  expect(needed).toMatchObject({
    GONOGO_EVENT: 'needs-you',
    GONOGO_RUN: run,
    GONOGO_STEP: 'Deploy › Change it',
    GONOGO_TARGET: '',
  });
  expect(needed.GONOGO_MESSAGE).toMatch(/^NEEDS YOU: exit 1.*\. Deploy › Change it, Told.* twice$/);
  expect(Object.values(needed).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

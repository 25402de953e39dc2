import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allow, fakeCluster, hotfixInputs, recordOf, runFolder, setTheScene } from '../support/story.ts';

/** Changes one letter of the line that holds the text, and says its number. */
const changeOneByte = (path: string, text: string): number => {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text);
  expect(at).toBeGreaterThan(0);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
  return bytes.subarray(0, at).toString('latin1').split('\n').length;
};

test('a responder reaches the first command of a hotfix with one key; the record holds, and a changed byte is named', async () => {
  const workspace = setTheScene();
  await fakeCluster(workspace);
  const terminal = workspace.terminal(['hotfix', ...hotfixInputs, '--context', 'prod-eu', '--ticket', 'INC-4711'], {
    columns: 120,
    rows: 40,
  });
  // Every input is given and every check is ok: nothing stands between the start and the first command but its own key.
  await terminal.sees('Enter runs: kubectl config current-context');
  await terminal.presses('Enter');

  // The command has not ended: its first lines are on the screen all the same.
  await terminal.sees('checkout-7d9f-abcde 1/1 Running 0');
  await terminal.sees(/running 0:\d\d of 0:30/);
  expect(terminal.text()).not.toContain('exit 0');
  expect(terminal.title).toMatch(/^PROD checkout Status of the service right now 0:\d\d$/);
  allow(workspace, 'history');
  await terminal.sees(/exit 0 +\d/);
  await terminal.sees('41 v2.3.0');
  await terminal.presses('Enter');
  await terminal.sees('Space ticks the item under the cursor');
  await terminal.presses('Space');
  await terminal.sees(/\[✓\] The fault is confirmed/);
  await terminal.presses('q');
  await terminal.sees('Leave this run?');
  await terminal.presses('y');
  expect(await terminal.exits()).toBe(6);

  const run = workspace.runs()[0] as string;
  const verify = () => workspace.gonogo(['verify', run]);
  const record = () => workspace.gonogo(['verify', join(runFolder(workspace), 'record.md')]);
  expect(verify()).toMatchObject({ code: 0, out: expect.stringMatching(/^ok$/m) });
  expect(record()).toMatchObject({ code: 0, out: expect.stringMatching(/^ok$/m) });
  expect(recordOf(workspace)).toContain('INTERIM');
  expect(recordOf(workspace)).toContain('INC-4711');

  const recordPath = join(runFolder(workspace), 'record.md');
  const whole = readFileSync(recordPath);
  const recordLine = changeOneByte(recordPath, 'The fault is confirmed');
  expect(record()).toMatchObject({ code: 4, out: expect.stringContaining(`line ${recordLine}`) });
  writeFileSync(recordPath, whole);

  const journalLine = changeOneByte(join(runFolder(workspace), 'journal.jsonl'), 'step.passed');
  expect(verify()).toMatchObject({ code: 4, out: expect.stringContaining(`line ${journalLine}`) });
});

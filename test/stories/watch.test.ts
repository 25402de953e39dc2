import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../faults/support/processes.ts';
import { allow, confirms, journalOf, runFolder, setTheScene, trusted } from '../support/story.ts';
import type { Workspace } from '../support/workspace.ts';

const runbook = `---
gonogo: 1
title: Roll it out
rollback:
  when:
    - command: { run: test ! -e broken }
---

## Deploy

- [ ] Change it

  \`\`\`sh
  touch changed
  \`\`\`

- [ ] Look at it
`;

/** A run that has changed something and was left. */
const leftRun = async (workspace: Workspace): Promise<string> => {
  await workspace.cluster();
  trusted(workspace, 'roll.md', runbook);
  const terminal = workspace.terminal(['run', 'roll.md']);
  await terminal.sees('Enter');
  if (terminal.text().includes('Preflight')) await terminal.presses('Enter');
  await confirms(terminal);
  await terminal.sees('exit 0');
  await until('the criterion to be armed', () => journalOf(workspace).includes('criterion.armed'));
  await terminal.presses('q');
  await terminal.sees('From now on nobody watches');
  await terminal.presses('y');
  expect(await terminal.exits()).toBe(6);
  return runFolder(workspace);
};

const watchLines = (dir: string): readonly string[] =>
  readdirSync(dir)
    .filter((name) => name.startsWith('watch-'))
    .flatMap((name) => readFileSync(join(dir, name), 'utf8').trimEnd().split('\n'));

const reported = (workspace: Workspace): readonly { readonly data: { readonly line: string } }[] =>
  journalOf(workspace)
    .trimEnd()
    .split('\n')
    .filter((line) => line.includes('"type":"watch.reported"'))
    .map((line) => JSON.parse(line) as { readonly data: { readonly line: string } });

test('a breach while nobody has the run is seen by a watch, calls somebody, and stands when the run goes on', {
  timeout: 180_000,
}, async () => {
  const workspace = setTheScene();
  const dir = await leftRun(workspace);
  const id = dir.split('/').at(-1) ?? '';
  const before = journalOf(workspace);
  workspace.gonogo(['config', 'notify', 'env -0 | grep -z ^GONOGO_ > told.new; mv told.new "told-$GONOGO_EVENT"']);
  const watch = workspace.terminal(['watch', id, '--notify'], { columns: 140, rows: 40 });
  await watch.sees('Rollback criteria');
  await watch.sees(/command test ! -e broken +exit 0 +exit 0 +ok/);
  await watch.sees('the run was left at');
  await watch.sees(/Enter does nothing here/);
  allow(workspace, 'broken');
  await watch.sees('SUSPECT', 40_000);
  await watch.sees('BREACHED', 60_000);
  expect(watch.lines()[2]).toMatch(/FAIL +rollback criterion BREACHED: command test ! -e broken: exit 1/);
  await until('the call', () => workspace.has('told-breach'));
  expect(workspace.read('told-breach')).toMatch(/GONOGO_MESSAGE=BREACHED command test ! -e broken: exit 1/);
  await watch.presses('R');
  await watch.sees(/not here/);
  await watch.presses('q');
  expect(await watch.exits()).toBe(4);
  expect(journalOf(workspace)).toBe(before);
  const written = watchLines(dir);
  expect(written.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(
    expect.arrayContaining(['watch.began', 'criterion.breached', 'watch.lasted', 'watch.ended']),
  );
  expect(
    readdirSync(dir)
      .filter((name) => name.startsWith('watch-'))
      .map((name) => statSync(join(dir, name)).mode & 0o777),
  ).toEqual([0o600]);

  workspace.shell('rm broken');
  const back = workspace.terminal(['resume'], { columns: 140, rows: 40 });
  await back.sees('While you were away');
  await back.sees(/BREACHED command test ! -e broken: exit 1 +\d\d:\d\d:\d\d UTC, seen by the watch of \w+/);
  await back.sees(/criteria and panels were watched by \w+ /);
  await back.presses('Enter');
  await back.sees(/FAIL +rollback criterion (BREACHED|RECOVERED): command test ! -e broken/);
  expect(reported(workspace).map(({ data }) => data.line)).toEqual(written);
  await back.presses('q');
  await back.sees('From now on nobody watches');
  await back.presses('y');
  expect(await back.exits()).toBe(6);

  const again = workspace.terminal(['resume'], { columns: 140, rows: 40 });
  await again.sees('While you were away');
  expect(again.text()).not.toContain('seen by the watch');
  await again.presses('Enter');
  await again.sees(/FAIL +rollback criterion (BREACHED|RECOVERED): command test ! -e broken/);
  expect(reported(workspace)).toHaveLength(written.length);
  expect(workspace.gonogo(['verify', id]).code).toBe(0);
});

test('a watch without a terminal follows who has the run, tells changes as lines, and ends with it', async () => {
  const workspace = setTheScene();
  trusted(workspace, 'roll.md', runbook);
  const terminal = workspace.terminal(['run', 'roll.md']);
  await terminal.sees('Enter');
  if (terminal.text().includes('Preflight')) await terminal.presses('Enter');
  await confirms(terminal);
  await terminal.sees('exit 0');
  const id = runFolder(workspace).split('/').at(-1) ?? '';
  expect(workspace.gonogo(['watch', id, '--notify'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no notify command'),
  });
  const watch = workspace.spawn(['watch', id]);
  let out = '';
  watch.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  watch.stdin?.end();
  const ended = new Promise((done) => watch.once('close', done));
  await until('its first words', () => /watches Roll it out[\s\S]*The run is open elsewhere/.test(out));
  await until('the criterion', () => /\d\d:\d\d:\d\d {2}ok command test ! -e broken: exit 0/.test(out));
  await terminal.presses('Q');
  await terminal.sees('Why');
  await terminal.presses('2');
  expect(await terminal.sees('Aborted').then(() => ended)).toBe(0);
  expect(out).toContain('The run has ended: aborted');
  expect(watchLines(runFolder(workspace)).at(-1)).toContain('"why":"finished"');
  expect(workspace.gonogo(['watch', id])).toMatchObject({
    code: 2,
    err: expect.stringContaining('this run is finished'),
  });
});

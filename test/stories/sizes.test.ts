import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pictureOf } from '../support/picture.ts';
import { allow, asksFirst, fakeCluster, hotfixInputs, setTheScene } from '../support/story.ts';
import type { Terminal } from '../support/terminal.ts';
import type { Workspace } from '../support/workspace.ts';

/** A folder for pictures of what the story saw; none are drawn without it. */
const pictures = process.env.GONOGO_PICTURES;

const photograph = (terminal: Terminal, name: string): void => {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(pictures, `${name}.svg`), pictureOf(terminal));
};

const fixedLines = (terminal: Terminal, columns: number): void => {
  const lines = terminal.lines();
  const [target = '', way = '', worst = '', back = ''] = lines;
  expect.soft(target).toContain('PROD');
  expect.soft(target).toContain('checkout');
  expect.soft(target).toContain('v2.3.1');
  expect.soft(target).toMatch(/\d\d:\d\d(:\d\d)?( UTC)? ?$/);
  expect.soft(way).toMatch(/step \d+(\/| of )\d+/);
  expect.soft(worst).toMatch(/^ (ok|wait|FAIL|BLIND)\b/);
  expect.soft(back).toMatch(/^ R +\S/);
  expect.soft(lines.at(-2)).toMatch(/Enter|Space|[yt] runs/);
  expect.soft(lines.at(-1)).toMatch(/leave|Esc/);
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
};

/** Until the frame of the new size has been drawn: from the first line to the last, and no wider. */
const fills = (terminal: Terminal, columns: number): Promise<Terminal> =>
  terminal.until(() => {
    const lines = terminal.lines();
    const fits = lines.every((line) => [...line].length <= columns);
    return fits && lines[0]?.startsWith(' PROD') === true && lines.at(-1)?.includes('leave') === true;
  }, 'filled the window');

const open = (workspace: Workspace, columns: number, rows: number): Terminal =>
  workspace.terminal(['hotfix', ...hotfixInputs, '--context', 'prod-eu', '--ticket', 'INC-4711'], { columns, rows });

for (const [columns, rows] of [
  [160, 48],
  [100, 30],
  [80, 24],
  [60, 20],
] as const)
  test(`${columns}x${rows}: the six fixed lines stay, whatever is in front of them`, async () => {
    const workspace = setTheScene();
    await fakeCluster(workspace);
    const terminal = open(workspace, columns, rows);
    const name = `${columns}x${rows}`;
    await terminal.sees('kubectl config current-context');
    await terminal.rests();
    fixedLines(terminal, columns);
    photograph(terminal, `${name}-1-first`);
    // A command that is not wholly in sight is shown as a whole before it runs.
    const asks = terminal.text().includes(asksFirst);
    await terminal.presses('Enter');
    if (asks) {
      await terminal.sees('Run this?');
      photograph(terminal, `${name}-2-confirm`);
      await terminal.presses('PgDn', 'y');
    }
    await terminal.sees(/running 0:\d\d/);
    fixedLines(terminal, columns);
    photograph(terminal, `${name}-2-running`);
    // In the title, with its phase where there is room; else whole below it.
    const selected = /(^ |── |[┌│] )(What is happening › )?Its reach is known/m;
    terminal.sends('j').sends('j');
    await terminal.sees(selected);
    terminal.resize(columns + 30, rows + 5);
    await fills(terminal, columns + 30);
    await terminal.sees(selected);
    terminal.resize(columns, rows);
    await fills(terminal, columns);
    await terminal.sees(selected);
    fixedLines(terminal, columns);
    terminal.sends('.');
    allow(workspace, 'history');
    await terminal.sees(/exit 0 +\d/);
    photograph(terminal, `${name}-3-shown`);
    await terminal.presses('Enter');
    await terminal.sees('Space ticks');
    photograph(terminal, `${name}-4-card`);
    await terminal.presses('R');
    await terminal.sees('Roll back?');
    fixedLines(terminal, columns);
    photograph(terminal, `${name}-5-rollback`);
    await terminal.presses('Esc', 'Q');
    await terminal.sees('Why does the run end here?');
    fixedLines(terminal, columns);
    photograph(terminal, `${name}-6-reason`);
    await terminal.presses('2');
    await terminal.sees('Aborted: called off');
    photograph(terminal, `${name}-7-finish`);
  });

test('below 40x12 the screen says what it needs, and everything goes on', async () => {
  const workspace = setTheScene();
  await fakeCluster(workspace);
  const terminal = open(workspace, 80, 24);
  await terminal.sees('Enter runs: kubectl config');
  await terminal.presses('Enter');
  await terminal.sees(/running 0:\d\d/);
  terminal.resize(38, 10);
  await terminal.sees('gonogo needs 40x12');
  photograph(terminal, '38x10');
  allow(workspace, 'history');
  terminal.resize(80, 24);
  await terminal.sees(/exit 0 +\d/);
  fixedLines(terminal, 80);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setTheScene } from '../support/story.ts';
import { repository, type Workspace } from '../support/workspace.ts';

interface Fence {
  readonly language: string;
  readonly text: string;
}

/** The outermost fences of a Markdown text. */
const fences = (markdown: string): readonly Fence[] =>
  [...markdown.matchAll(/^(`{3,})(\w*)\n([\s\S]*?)^\1$/gm)].map(([, , language = '', text = '']) => ({
    language,
    text,
  }));

const readme = readFileSync(join(repository, 'README.md'), 'utf8');
const commandLines = fences(readme)
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.trimEnd().split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

/** Lines that build or test the program itself: they are what runs this test. */
const ofTheCheckout = (line: string): boolean => line.startsWith('npm ci');
/** Programs that ask a person. */
const needsTerminal = (line: string): boolean => /npx gonogo (run restart\.md|trust|hotfix)/.test(line);

/** The words after `npx gonogo`, as a shell reads them. */
const argsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
    .map(([, double, single, bare]) => double ?? single ?? bare ?? '')
    .slice(2);

const inTerminal = async (workspace: Workspace, line: string): Promise<void> => {
  const terminal = workspace.terminal(argsOf(line), { columns: 120, rows: 40 });
  if (line.includes('trust')) {
    await terminal.sees('[change] kubectl rollout restart deployment/checkout');
    await terminal.presses('y', 'Enter');
    expect(await terminal.exits()).toBe(0);
    return;
  }
  await terminal.sees(/Enter (asks before it runs|runs|: next field|starts)|next/);
  terminal.kill();
  await terminal.exits();
};

/** Looks on at a run that was left. */
const watches = async (workspace: Workspace, line: string, run: string): Promise<void> => {
  const terminal = workspace.terminal(argsOf(line.replaceAll('RUN', run)), { columns: 120, rows: 40 });
  await terminal.sees('This watch');
  await terminal.presses('q');
  expect(await terminal.exits()).toBe(0);
};

test('every command of the README does what it says', { timeout: 60_000 }, async () => {
  const workspace = setTheScene();
  workspace.tool('kubectl', '#!/bin/bash\necho "kubectl $*"\n');
  const examples = fences(readme).filter(({ language }) => language === 'markdown');
  expect(examples).toHaveLength(2);
  for (const [index, { text }] of examples.entries()) {
    const name = ['restart.md', 'numbers.md'][index] ?? '';
    workspace.write(name, text);
    const { code, out, err } = workspace.gonogo(['check', name]);
    expect(`${name}: exit ${code}${err}${code === 0 ? '' : out}`).toBe(`${name}: exit 0`);
  }
  const answers = fences(readme).find(({ language }) => language === 'yaml');
  expect(answers?.text).toContain('default: stop');

  // A finished run for the lines that speak of one.
  workspace.write('done.md', '# Done\n\n- [ ] Nothing to do\n');
  expect(workspace.gonogo(['run', 'done.md', '--plain'], '\n\n\n').code).toBe(0);
  const run = workspace.runs()[0] as string;
  expect(workspace.gonogo(['run', 'done.md', '--plain']).code).toBe(6);
  const left = workspace.runs()[1] as string;
  expect(workspace.gonogo(['config', 'notify', 'true']).code).toBe(0);

  expect(commandLines.length).toBeGreaterThan(10);
  for (const line of commandLines) {
    if (ofTheCheckout(line)) continue;
    if (line.startsWith('{')) {
      checksTheSeal(workspace, line, run);
      continue;
    }
    expect(line).toMatch(/^npx gonogo /);
    if (line.startsWith('npx gonogo watch')) {
      await watches(workspace, line, left);
      continue;
    }
    if (needsTerminal(line)) {
      await inTerminal(workspace, line);
      continue;
    }
    const { code, err } = workspace.gonogo(argsOf(line.replaceAll('RUN', run)));
    expect(`${line}: exit ${code}${err}`).toBe(`${line}: exit 0`);
  }
});

/** The sum that the README computes is the one in the record's last line. */
const checksTheSeal = (workspace: Workspace, line: string, run: string): void => {
  const record = readFileSync(join(workspace.runsFolder, run, 'record.md'));
  writeFileSync(join(workspace.work, 'record.md'), record);
  const sum = workspace.shell(line).split(' ')[0];
  expect(record.toString('utf8').trimEnd().endsWith(` ${sum}`)).toBe(true);
};

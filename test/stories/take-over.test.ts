import { expect, test } from 'vitest';
import { runnersIn, until } from '../faults/support/processes.ts';
import { allow, confirms, journalOf, runFolder, setTheScene, trusted, untilAllowed } from '../support/story.ts';

const slow = `# Slow change

- [ ] Change it

  \`\`\`sh
  echo begun >> trail
  ${untilAllowed('go')}
  echo ended >> trail
  \`\`\`

- [ ] It works
`;

const withRunning = async () => {
  const workspace = setTheScene();
  trusted(workspace, 'slow.md', slow);
  const terminal = workspace.terminal(['run', 'slow.md']);
  await confirms(terminal);
  await terminal.sees(/running 0:\d\d/);
  await until('the command', () => workspace.has('trail'));
  return { workspace, terminal };
};

test('the window is closed over a running command: a new terminal has the run again after one key', async () => {
  const { workspace, terminal } = await withRunning();
  terminal.hangUp();
  const second = workspace.terminal(['resume']);
  await second.sees(/While you were away|This run is open elsewhere/);
  if (second.text().includes('elsewhere')) {
    await second.presses('t');
    await second.sees('While you were away');
  }
  expect(second.text()).toMatch(/STILL RUNNING +Change it: for \d+:\d\d/);
  expect(runnersIn(runFolder(workspace))).toHaveLength(1);
  await second.presses('Enter');
  await second.sees(/running 0:\d\d/);
  allow(workspace, 'go');
  await second.sees(/exit 0 +\d/);
  expect(workspace.read('trail')).toBe('begun\nended\n');
  expect(journalOf(workspace)).toContain('"run.left"');
});

test('a gonogo that still lives is told of with its process, terminal and idle time; t takes over and it ends', async () => {
  const { workspace, terminal } = await withRunning();
  const second = workspace.terminal(['resume']);
  await second.sees('This run is open elsewhere');
  expect(second.text().replace(/\s+/g, ' ')).toMatch(
    new RegExp(`E705 run is open in pid ${terminal.pid} on pts/\\d+, no key for \\d+ s`),
  );
  await second.presses('t');
  await second.sees('While you were away');
  expect(await terminal.exits()).toBe(6);
  await second.presses('Enter');
  allow(workspace, 'go');
  await second.sees(/exit 0 +\d/);
  expect(workspace.read('trail')).toBe('begun\nended\n');
});

test('one that hangs is ended after it did not answer; its command is untouched', async () => {
  const { workspace, terminal } = await withRunning();
  process.kill(terminal.pid, 'SIGSTOP');
  const second = workspace.terminal(['resume']);
  await second.sees('This run is open elsewhere');
  await second.presses('t');
  await second.sees(/STILL RUNNING +Change it/, 20_000);
  await terminal.exits();
  await second.presses('Enter');
  allow(workspace, 'go');
  await second.sees(/exit 0 +\d/);
  expect(workspace.read('trail')).toBe('begun\nended\n');
});

test('a take-over does not wait for a background command that was told to end; the new terminal ends it', async () => {
  const workspace = setTheScene();
  trusted(
    workspace,
    'behind.md',
    "---\ngonogo: 1\ntitle: Behind\n---\n\n## Watch\n\n- [ ] Follow it\n\n  ```sh {background risk=read}\n  trap '' TERM\n  echo begun >> trail\n  for _ in $(seq 1200); do sleep 0.05; done\n  ```\n\n- [ ] Seen\n\n## After\n\n- [ ] Later\n",
  );
  const terminal = workspace.terminal(['run', 'behind.md']);
  await terminal.sees(/Follow it[\s\S]*Enter/);
  await terminal.presses('Enter');
  await terminal.sees(/Watch › Seen/);
  await terminal.presses('Enter');
  await until('the command to be told', () => journalOf(workspace).includes('"command.stop-requested"'));
  const second = workspace.terminal(['resume']);
  await second.sees('This run is open elsewhere');
  await second.presses('t');
  expect(await terminal.exits()).toBe(6);
  expect(journalOf(workspace)).not.toContain('"command.finished"');
  await second.sees('While you were away');
  await until('the command to be ended', () => journalOf(workspace).includes('"command.finished"'));
});

test('an observer sees the output of the command in the other terminal as it grows, and leaves with 0', async () => {
  const workspace = setTheScene();
  trusted(
    workspace,
    'said.md',
    `# Said\n\n- [ ] Change it\n\n  \`\`\`sh\n  echo first words >> trail; cat trail\n  ${untilAllowed('go')}\n  for i in $(seq 3000); do echo $i; done; echo last words\n  ${untilAllowed('end')}\n  \`\`\`\n\n- [ ] It works\n`,
  );
  const terminal = workspace.terminal(['run', 'said.md']);
  await confirms(terminal);
  await terminal.sees('first words');
  const second = workspace.terminal(['resume']);
  await second.sees('This run is open elsewhere');
  await second.presses('o');
  await second.sees(/running 0:\d\d[\s\S]*first words/);
  allow(workspace, 'go');
  await second.sees(/3002 lines, o shows all[\s\S]*last words/);
  await second.presses('o');
  await second.sees('Output of attempt 1');
  await second.presses('G');
  await second.sees(/3000\n +last words[\s\S]*of 3002/);
  await second.presses('Esc');
  allow(workspace, 'end');
  await second.sees(/exit 0 +\d/);
  await second.presses('q');
  expect(await second.exits()).toBe(0);
  await terminal.sees(/exit 0 +\d/);
});

import { expect, test } from 'vitest';
import { processesOfAttempt, runnersIn, signal, until } from '../faults/support/processes.ts';
import { allow, confirms, journalOf, runFolder, setTheScene, trusted, untilAllowed } from '../support/story.ts';

const slow = `# Slow change

- [ ] Change it

  \`\`\`sh
  echo begun >> trail
  ${untilAllowed('go')}
  printf 'the answer is 42\\nthe last line\\n'
  echo ended >> trail
  exit 3
  \`\`\`

- [ ] It works
`;

const confirmed = async (workspace: ReturnType<typeof setTheScene>) => {
  trusted(workspace, 'slow.md', slow);
  const terminal = workspace.terminal(['run', 'slow.md']);
  await confirms(terminal);
  await terminal.sees(/running 0:\d\d/);
  await until('the command', () => workspace.has('trail'));
  return terminal;
};

test('kill -9 of the screen: the command ends by itself, and resume finds its true exit status and output', async () => {
  const workspace = setTheScene();
  const first = await confirmed(workspace);
  first.kill('SIGKILL');
  await first.exits();
  allow(workspace, 'go');
  await until('the end of the command', () => workspace.read('trail').includes('ended'));
  await until('the end of the runner', () => runnersIn(runFolder(workspace)).length === 0);

  const second = workspace.terminal(['resume']);
  await second.sees('While you were away');
  await second.sees(/RECOVERED +Change it: exit 3, 2 lines/);
  await second.presses('Enter');
  await second.sees(/RECOVERED +exit 3/);
  await second.presses('o');
  await second.sees('line 1 of 2');
  await second.sees('the answer is 42');
  await second.presses('Esc');
  await second.sees('Enter accepts this with a reason');
  expect(workspace.read('trail')).toBe('begun\nended\n');
});

test('kill -9 of the runner: UNKNOWN is asked about, never run again, and left only by a recorded decision', async () => {
  const workspace = setTheScene();
  const terminal = await confirmed(workspace);
  const runners = runnersIn(runFolder(workspace));
  expect(runners).toHaveLength(1);
  for (const pid of runners) signal(pid, 'SIGKILL');
  await terminal.sees('UNKNOWN: started, no result recorded');
  expect(terminal.lines()[2]).toMatch(/^ BLIND/);
  expect(terminal.text()).not.toContain('t try again');
  allow(workspace, 'go');
  await terminal.presses('Enter');
  await terminal.sees('It was not applied: nothing changed');
  await terminal.presses('Esc');
  await terminal.sees('Enter: say what became of the command');
  terminal.kill('SIGKILL');
  await terminal.exits();

  const second = workspace.terminal(['resume']);
  await second.sees('While you were away');
  await second.presses('Enter');
  await second.sees('Enter: say what became of the command');
  await second.presses('Enter');
  await second.sees('It was not applied: nothing changed');
  await second.presses('3');
  await second.sees('How you know');
  await second.types('the trail has both lines');
  await second.presses('Enter');
  await second.sees('Slow change › It works');
  expect(journalOf(workspace)).toMatch(/"command.resolved".*"succeeded".*the trail has both lines/);
  expect(workspace.read('trail').match(/begun/g)).toHaveLength(1);
  expect(journalOf(workspace).match(/"command.started"/g)).toHaveLength(1);
});

test('what still lives of an UNKNOWN command is stopped from the question', async () => {
  const workspace = setTheScene();
  const terminal = await confirmed(workspace);
  for (const pid of runnersIn(runFolder(workspace))) signal(pid, 'SIGKILL');
  await terminal.sees('UNKNOWN: started, no result recorded');
  const [run = ''] = workspace.runs();
  expect(processesOfAttempt(run, 1)).not.toEqual([]);
  await terminal.presses('Enter');
  await terminal.sees('Stop what still lives of it');
  await terminal.presses('4');
  await until('the end of the command', () => processesOfAttempt(run, 1).length === 0);
  await terminal.sees('Enter: say what became of the command');
  expect(journalOf(workspace)).toContain('"command.stop-requested"');
  expect(workspace.read('trail')).toBe('begun\n');
});

import { expect, onTestFinished, test } from 'vitest';
import { Terminal } from '../support/terminal.ts';
import { expectWhole } from './support/invariants.ts';
import type { Operating } from './support/operator.ts';
import { Practice, program } from './support/practice.ts';
import { signal, until } from './support/processes.ts';
import { resumeRun, startRun } from './support/walk.ts';

const commands = 2;

const practice = (seconds = 0.05): Practice => {
  const made = new Practice({ commands, seconds });
  onTestFinished(async () => {
    expect(await made.close()).toEqual([]);
  });
  return made;
};

/** A gonogo that waits at its first question, until `type` answers. */
const waiting = async (made: Practice): Promise<Operating> => {
  const first = startRun(made, { answer: () => new Promise(() => undefined) });
  onTestFinished(() => void signal(first.process.pid, 'SIGKILL'));
  await first.says('y runs it');
  return first;
};

const beganOnce = (made: Practice): Promise<unknown> =>
  until('the command to begin', () => made.told().includes('one began'));

test('who has the run is said; observing shows it and changes nothing', async () => {
  const made = practice();
  const first = await waiting(made);
  const watcher = resumeRun(made, { answer: () => new Promise(() => undefined) });
  await watcher.says('t takes it over here, o observes, q leaves >');
  expect(watcher.out()).toContain(`E705 run is open in pid ${first.process.pid}`);
  expect(watcher.out()).toMatch(/no key for \d+ s/);
  watcher.type('o');
  await watcher.says('1.1 Change › one');
  watcher.type('y');
  await watcher.says('you are observing: nothing can be changed from here');
  expect(made.told()).toEqual([]);
  first.type('y');
  await first.says('1.2 Change › two');
  await watcher.says('1.2 Change › two');
  watcher.type('q');
  const seen = await watcher.ended;
  expect(seen.code, seen.out + seen.err).toBe(0);
  first.type('y');
  expect((await first.ended).code).toBe(0);
  expect(made.eventsOf('command.confirmed')).toHaveLength(commands);
  expectWhole(made, commands, 'observed');
});

test('whoever is asked leaves at once; the run goes on here', async () => {
  const made = practice();
  const first = await waiting(made);
  const second = resumeRun(made, { answer: (prompt) => (prompt.startsWith('t takes it over') ? 't' : null) });
  const left = await first.ended;
  expect(left.code, left.out + left.err).toBe(6);
  expect((await second.ended).code).toBe(0);
  expect(made.eventsOf('run.left').map(({ data }) => data.why)).toEqual(['takeover']);
  expectWhole(made, commands, 'taken over');
});

test('a frozen holder is terminated after five seconds; its command is untouched', async () => {
  const made = practice(8);
  const first = startRun(made);
  await beganOnce(made);
  signal(first.process.pid, 'SIGSTOP');
  const asked = performance.now();
  const second = resumeRun(made, {
    // Nobody confirms the second command.
    answer: (prompt) => (prompt.startsWith('t takes it over') ? 't' : new Promise(() => undefined)),
  });
  const frozen = await first.ended;
  const tookOver = performance.now() - asked;
  expect(frozen.signal).toBe('SIGKILL');
  expect(tookOver).toBeGreaterThan(5_000);
  await second.says(/STILL RUNNING|RECOVERED/);
  await second.says('› two');
  signal(second.process.pid, 'SIGTERM');
  expect((await second.ended).code).toBe(6);
  expect(made.told()).toEqual(['one began', 'one ended']);
  const [finished] = made.eventsOf('command.finished');
  expect(finished?.data).toMatchObject({ attempt: 1, recovered: true, outcome: { exit: 0 } });
});

const inTerminal = (made: Practice, args: readonly string[]): Terminal => {
  const terminal = new Terminal(process.execPath, [program, ...args, '--plain'], {
    cwd: made.workspace.work,
    env: made.env,
  });
  onTestFinished(() => terminal.close());
  return terminal;
};

test('a holder on another terminal is named by it, and is taken over in one key', async () => {
  const made = practice();
  const first = inTerminal(made, ['run', made.runbook]);
  await first.sees('y runs it');
  const second = inTerminal(made, ['resume']);
  await second.sees(/E705 run is open in pid \d+ on pts\/\d+, no key/);
  await second.presses('t', 'Enter');
  await second.sees('1.1 Change › one');
  expect(await first.exits()).toBe(6);
  await second.sees('y runs it');
  await second.presses('y', 'Enter');
  await second.sees('1.2 Change › two');
  expect(made.told()).toEqual(['one began', 'one ended']);
});

test('a terminal that is closed leaves a run that the next one goes on with', async () => {
  const made = practice();
  const first = inTerminal(made, ['run', made.runbook]);
  await first.sees('y runs it');
  first.kill('SIGHUP');
  await first.exits();
  expect((await resumeRun(made).ended).code).toBe(0);
  expect(made.eventsOf('run.left').map(({ data }) => data.why)).toEqual(['signal']);
  expectWhole(made, commands, 'terminal closed');
});

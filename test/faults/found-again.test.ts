import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectRunAsConfirmed, expectWhole } from './support/invariants.ts';
import { operate } from './support/operator.ts';
import { Practice, step } from './support/practice.ts';
import { processesOfAttempt, runnersIn, signal, until } from './support/processes.ts';
import { resumeRun, startRun } from './support/walk.ts';

const script = './change one 1; echo "it has said this much"; exit 3';

/** A practice whose first command takes a second, says two lines and exits with 3. */
const practice = (): Practice => {
  const made = new Practice({ commands: 1, seconds: 0 });
  onTestFinished(async () => {
    expect(await made.close()).toEqual([]);
  });
  made.holds(step('one', script, 'timeout=1m') + step('two', './change two 0.02', 'exit=0'));
  return made;
};

/** Starts the run, confirms its first command, and gives the run when that is under way. */
const underWay = async (made: Practice) => {
  const first = startRun(made);
  onTestFinished(() => void signal(first.process.pid, 'SIGKILL'));
  await until('the command to begin', () => made.told().includes('one began'));
  await until('its start on the disk', () => made.eventsOf('command.started').length === 1);
  return first;
};

const ended = (made: Practice): Promise<unknown> =>
  until('the end of the command', () => runnersIn(made.runDir as string).length === 0);

/** Leaves at the first question, whatever it is. */
const leaves = { answer: () => 'q' };

test('kill -9 of gonogo: the command ends by itself; its true exit status and output are found', async () => {
  const made = practice();
  const first = await underWay(made);
  signal(first.process.pid, 'SIGKILL');
  await first.ended;
  await ended(made);
  const { out } = await resumeRun(made, leaves).ended;
  expect(out).toMatch(/RECOVERED {2}one: exit 3.*, 2 lines, took/);
  const [finished] = made.eventsOf('command.finished');
  expect(finished?.data).toMatchObject({ attempt: 1, recovered: true });
  expect(finished?.data.outcome).toMatchObject({
    exit: 3,
    output: { lines: 2, tail: 'applied one\nit has said this much' },
  });
  expect(made.told()).toEqual(['one began', 'one ended']);
});

test('a resume while the command still runs watches it on to its end', async () => {
  const made = practice();
  const first = await underWay(made);
  signal(first.process.pid, 'SIGKILL');
  await first.ended;
  const { out } = await resumeRun(made, leaves).ended;
  expect(out).toContain('STILL RUNNING  one');
  expect(out).toContain('| it has said this much');
  expect(out).toMatch(/RECOVERED exit 3/);
  expect(made.told()).toEqual(['one began', 'one ended']);
});

test('kill -9 of the runner: UNKNOWN, asked again at each return, and never run again by itself', async () => {
  const made = practice();
  const first = await underWay(made);
  for (const pid of runnersIn(made.runDir as string)) signal(pid, 'SIGKILL');
  await first.says('UNKNOWN: attempt 1 was started and has no result.');
  signal(first.process.pid, 'SIGKILL');
  await first.ended;
  for (let i = 0; i < 3; i++) {
    const { code, out } = await resumeRun(made, leaves).ended;
    expect(code).toBe(6);
    expect(out).toContain('UNKNOWN: attempt 1 was started and has no result.');
  }
  expect(made.told().filter((line) => line === 'one began')).toHaveLength(1);
  expect(made.eventsOf('command.unknown')).toHaveLength(1);
  const last = await resumeRun(made).ended;
  expect(last.out).toContain('1, 2 or 3 and how you know');
  expectRunAsConfirmed(
    made.ledger(),
    made.events(),
    new Map([
      ['1.1', 1],
      ['1.2', 1],
    ]),
    'resolved by looking',
  );
  expectWhole(made, 2, 'resolved by looking');
});

/** `change` waits for this long after its runner was killed. */
const orphan = async (made: Practice, answers: readonly string[]) => {
  made.holds(step('one', './change one 30', 'timeout=1m') + step('two', './change two 0.02', 'exit=0'));
  const left = [...answers];
  const run = startRun(made, {
    answer: (prompt) => (prompt.startsWith('1, 2 or 3') ? (left.shift() ?? 'q') : prompt.startsWith('y') ? 'y' : 'q'),
  });
  await until('the command to begin', () => made.told().includes('one began'));
  await until('its start on the disk', () => made.eventsOf('command.started').length === 1);
  for (const pid of runnersIn(made.runDir as string)) signal(pid, 'SIGKILL');
  return run;
};

test('a command that still lives is not given up for a new attempt, unless that is said twice with a reason', async () => {
  const made = practice();
  const run = await orphan(made, ['not-applied nothing in the cluster', 'not-applied nothing in the cluster', 'q']);
  await run.says(/processes of attempt 1 still run: \d+ \w+/);
  await until('the second attempt', () => made.told().filter((line) => line === 'one began').length === 2);
  const [given] = made.eventsOf('override.given');
  expect(given?.data.what).toMatch(/^going on while processes of attempt 1 still run: \d+ \w+/);
  expect(given?.data.reason).toBe('nothing in the cluster');
  signal(run.process.pid, 'SIGKILL');
  for (const attempt of [1, 2]) for (const pid of processesOfAttempt(made.run, attempt)) signal(pid, 'SIGKILL');
  await run.ended;
});

test('what still lives of an UNKNOWN command can be stopped', async () => {
  const made = practice();
  const run = await orphan(made, ['stop', 'q']);
  await run.says('type stop to end it');
  expect((await run.ended).code).toBe(6);
  await until('its end', () => processesOfAttempt(made.run, 1).length === 0);
  expect(made.eventsOf('command.stop-requested').map(({ data }) => data.attempt)).toEqual([1]);
  expect(made.told()).toEqual(['one began']);
});

test('a start of another boot is UNKNOWN, with the processes of the command that still live', async () => {
  const made = practice();
  // Longer than a busy machine takes to come back to the run.
  made.holds(step('one', './change one 12', 'timeout=1m') + step('two', './change two 0.02', 'exit=0'));
  const first = await underWay(made);
  signal(first.process.pid, 'SIGKILL');
  await first.ended;
  // What a reboot leaves: the same files, and a runner's number that says nothing any more.
  const state = join(made.workspace.folder, 'after-the-boot');
  const copy = join(state, 'gonogo/runs', made.run);
  cpSync(made.runDir as string, copy, { recursive: true });
  const path = join(copy, 'attempts/1/started.json');
  const started = JSON.parse(readFileSync(path, 'utf8'));
  expect(started.runner.boot).toMatch(/^[0-9a-f-]{36}$/);
  writeFileSync(path, JSON.stringify({ ...started, runner: { ...started.runner, boot: '0'.repeat(36) } }), {
    mode: 0o600,
  });
  const { code, out } = await operate(made, ['resume', '--plain'], { env: { XDG_STATE_HOME: state }, ...leaves }).ended;
  expect(code, out).toBe(6);
  expect(out).toMatch(/UNKNOWN {2}one: started \d\d:\d\d:\d\d, no result recorded/);
  expect(out).toMatch(/still running: \d+ (bash|change|sleep)/);
  await ended(made);
  expect(made.told()).toEqual(['one began', 'one ended']);
});

import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectWhole } from './support/invariants.ts';
import { fence, Practice } from './support/practice.ts';
import { oneThread, traceable, under, withRunnerFault } from './support/strace.ts';
import { leavesWhenRefused, resumeRun, startRun, walkWith } from './support/walk.ts';

const cases = traceable ? test : test.skip;
const commands = 2;

const practice = (steps = commands, more = ''): Practice => {
  const made = new Practice({ commands: steps, seconds: 0.02, more });
  onTestFinished(async () => {
    expect(await made.close()).toEqual([]);
  });
  return made;
};

const sweep = [
  { call: 'fdatasync', error: 'EIO', at: [1, 2, 4, 5, 6, 7, 9, 12, 14, 15] },
  { call: 'pwrite64', error: 'ENOSPC', at: [2, 4, 5, 6, 7, 8, 12, 14] },
  { call: 'fsync', error: 'EIO', at: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
  { call: 'rename', error: 'EIO', at: [1, 2, 3, 4, 5, 6] },
  { call: 'link', error: 'ENOSPC', at: [1, 2] },
];

cases.each(sweep)(
  '$error at one $call after the other is told, loses nothing and leaves a run that can be finished',
  async ({ call, error, at }) => {
    const made = practice();
    const seen: string[] = [];
    for (const nth of at) {
      const fault = { call, what: `error=${error}`, when: `${nth}` };
      const options = { under: under(fault), env: oneThread, answer: leavesWhenRefused };
      const [first] = await walkWith(made, `${error} at ${call} ${nth}`, commands, options);
      expect(first?.signal).toBeNull();
      const told = /E70[67]|cannot be used|could not be written|NOT STARTED/.exec(`${first?.out}${first?.err}`)?.[0];
      seen.push(`${nth} ${told ?? 'not noticed'} (exit ${first?.code})`);
    }
    process.stdout.write(`${error} at ${call}: ${seen.join(', ')}\n`);
  },
  240_000,
);

// In a run of the practice runbook, with one thread for files: which fdatasync is whose. The deploy lock comes before.
const confirmation = '6';
const outcome = '8';

const refusing = (when: string) => ({
  under: under({ call: 'fdatasync', what: 'error=EIO', when }),
  env: oneThread,
  answer: leavesWhenRefused,
});

cases('a confirmation that is not on the disk starts nothing', async () => {
  const made = practice();
  const { code, out } = await startRun(made, refusing(confirmation)).ended;
  expect(code).toBe(6);
  expect(out).toContain('FAIL  E706 disk refused to save (fsync: EIO); no new commands. Export now: gonogo export');
  expect(made.ledger()).toEqual([]);
  expect((await resumeRun(made).ended).out).toContain('NOT STARTED  one: confirm it again');
  expectWhole(made, commands, 'after the disk came back');
});

cases('a command goes on when its end cannot be recorded, and is found again', async () => {
  const made = practice();
  const { code, out } = await startRun(made, refusing(outcome)).ended;
  expect(code).toBe(6);
  expect(out).toMatch(/applied one\nFAIL {2}E706 disk refused to save/);
  expect((await resumeRun(made).ended).out).toContain('exit 0, output holds "applied one"');
  expect(made.ledger().filter(({ name, what }) => name === 'one' && what === 'began')).toHaveLength(1);
  expectWhole(made, commands, 'after the disk came back');
});

const undo = fence('./change undo-one 0.02', 'undo');

cases('R goes on in another folder when the disk has refused, and knows what it refused', async () => {
  const made = practice(1, undo);
  let asked = false;
  const { code, out } = await startRun(made, {
    ...refusing(outcome),
    answer: (prompt, transcript) => {
      if (prompt.startsWith('y rolls back')) return 'y';
      if (asked || !transcript.includes('FAIL  E706')) return null;
      asked = true;
      return 'R';
    },
  }).ended;
  expect(code, out).toBe(5);
  expect(out).toContain('exit 0, output holds "applied one"');
  expect(made.told()).toEqual(['one began', 'one ended', 'undo-one began', 'undo-one ended']);
  const elsewhere = [join(made.workspace.home, '.cache/gonogo')];
  const [moved] = made.eventsOf('journal.continued', elsewhere);
  expect(moved?.data.from).toBe(made.runDir);
  expect(made.events(elsewhere)[(moved?.seq ?? 0) - 1]?.h).toBe(moved?.data.head);
  expect(made.eventsOf('run.finished', elsewhere)[0]?.data.outcome).toBe('rolled-back');
  for (const what of [made.run, join(made.runDir as string, 'record.md')]) {
    const { code: verified, out: said, err } = made.gonogo(['verify', what]);
    expect(verified, said + err).toBe(0);
  }
});

cases('a run that its disk goes on refusing is gone on with in another folder', async () => {
  const made = practice();
  expect((await startRun(made, refusing(confirmation)).ended).code).toBe(6);
  const { code, out } = await resumeRun(made, {
    under: under({ call: 'fdatasync', what: 'error=EIO', when: '1' }),
    env: oneThread,
  }).ended;
  expect(code, out).toBe(0);
  expect(out).toContain(`the journal of this run goes on in ${made.workspace.home}/.cache/gonogo/${made.run}`);
  expect(made.gonogo(['verify', made.run]).code).toBe(0);
  expect(made.gonogo(['runs']).out).toContain('succeeded');
});

// Calls of a runner's main thread: its marks and its outcome are synced one after the other, the output is written with pwrite64.
const runnerFaults = [
  { call: 'pwrite64', error: 'ENOSPC', when: '2', says: /exit 0|accept/, why: 'the output does not fit' },
  { call: 'fsync', error: 'EIO', when: '1', says: /NOT STARTED/, why: 'its mark cannot be written' },
  { call: 'fsync', error: 'EIO', when: '2', says: /UNKNOWN/, why: 'its mark may not last' },
  { call: 'fsync', error: 'EIO', when: '4', says: /UNKNOWN/, why: 'its outcome cannot be written' },
  { call: 'fsync', error: 'ENOSPC', when: '4..5', says: /exit 0/, why: 'its outcome has to wait for room' },
];

cases.each(runnerFaults)('a runner says the truth when $why ($error)', async ({ call, error, when, says, why }) => {
  const made = practice();
  const program = withRunnerFault(made, { call, what: `error=${error}`, when });
  const [first] = await walkWith(made, why, commands, { program });
  expect(first?.out).toMatch(says);
});

cases('output that the disk did not take is counted, and a text that is looked for in it is not found', async () => {
  const made = practice();
  const program = withRunnerFault(made, { call: 'pwrite64', what: 'error=ENOSPC', when: '2' });
  const { out } = await startRun(made, { program }).ended;
  expect(out).toMatch(/needs you: .*"applied one" is not in/);
  const [finished] = made.eventsOf('command.finished');
  expect(finished?.data.outcome).toMatchObject({ exit: 0, output: { bytes: 'applied one\n'.length } });
});

import { expect, onTestFinished, test } from 'vitest';
import { expectRecorded, expectRunAsConfirmed, expectWhole } from './support/invariants.ts';
import { type Operated, type OperatorOptions, operate } from './support/operator.ts';
import { Practice } from './support/practice.ts';
import { oneThread, traceable, under, withRunnerFault } from './support/strace.ts';

const cases = traceable ? test : test.skip;
const commands = 2;

const practice = (more = ''): Practice => {
  const made = new Practice({ commands, seconds: 0.02, more });
  onTestFinished(async () => {
    expect(await made.close()).toEqual([]);
  });
  return made;
};

/** Leaves a run that cannot be saved or does not start its commands, as a person would. */
const leavesWhenTold: NonNullable<OperatorOptions['answer']> = (_, transcript) =>
  /FAIL {2}E706|NOT STARTED:/.test(transcript) ? 'q' : null;

/** Walks a run of which the first process has the fault, and the next ones go on from what that left. */
const walkWith = async (made: Practice, story: string, options: OperatorOptions): Promise<readonly Operated[]> => {
  made.clear();
  const typed = new Map<string, number>();
  const processes: Operated[] = [];
  while (!made.events().some(({ type }) => type === 'run.finished')) {
    const begun = made.events().some(({ type }) => type === 'frame.opened');
    const args = begun ? ['resume', '--plain'] : ['run', '--plain', made.runbook];
    const ended = await operate(made, args, processes.length === 0 ? { answer: leavesWhenTold, ...options } : {}).ended;
    processes.push(ended);
    for (const [step, times] of ended.confirmed) typed.set(step, (typed.get(step) ?? 0) + times);
    const told = `${story}\n${ended.out}\n${ended.err}`;
    expectRecorded(ended.out, made.events(), told);
    expectRunAsConfirmed(made.ledger(), made.events(), typed, told);
    expect(ended.signal, told).toBeNull();
    expect(ended.out + ended.err, told).not.toContain('bug');
    expect(processes.length, told).toBeLessThan(4);
  }
  expectWhole(made, commands, story);
  return processes;
};

const sweep = [
  { call: 'fdatasync', error: 'EIO', at: [1, 2, 4, 5, 6, 7, 9, 12, 14, 15] },
  { call: 'pwrite64', error: 'ENOSPC', at: [2, 4, 5, 6, 7, 8, 12, 14] },
  { call: 'fsync', error: 'EIO', at: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
  { call: 'rename', error: 'EIO', at: [1, 2, 3, 4, 5, 6] },
  { call: 'link', error: 'ENOSPC', at: [1, 2] },
];

cases.each(sweep)(
  '$error at any $call of gonogo is told, loses nothing and leaves a run that can be finished',
  async ({ call, error, at }) => {
    const made = practice();
    for (const nth of at) {
      const story = `${error} at ${call} ${nth}`;
      const [first] = await walkWith(made, story, {
        under: under({ call, what: `error=${error}`, when: `${nth}` }),
        env: oneThread,
      });
      const said = /E70[67]|cannot be used|could not be written|did not start/.exec(`${first?.out}${first?.err}`)?.[0];
      process.stdout.write(`${story}: ${said ?? 'not noticed'}, exit ${first?.code}\n`);
    }
  },
  240_000,
);

/** A rollback by the undo of the first step. */
const undo = '';

const startRun = (made: Practice, options: OperatorOptions) => operate(made, ['run', '--plain', made.runbook], options);
const resumeRun = (made: Practice, options: OperatorOptions = {}) => operate(made, ['resume', '--plain'], options);

// In a run of the practice runbook, with one thread for files: the first command's confirmation, and its outcome.
const confirmation = 5;
const outcome = 7;

cases('a confirmation that is not on the disk starts nothing', async () => {
  const made = practice();
  const fault = { call: 'fdatasync', what: 'error=EIO', when: `${confirmation}` };
  const { code, out } = await startRun(made, { under: under(fault), env: oneThread, answer: leavesWhenTold }).ended;
  expect(code).toBe(6);
  expect(out).toContain(
    `FAIL  E706 disk refused to save (fsync: EIO); no new commands. Export now: gonogo export ${made.run}`,
  );
  expect(made.ledger()).toEqual([]);
  expect((await resumeRun(made).ended).out).toContain('NOT STARTED  one: confirm it again');
  expectWhole(made, commands, 'after the disk came back');
});

cases('a command goes on when its end cannot be recorded, and is found again', async () => {
  const made = practice();
  const fault = { call: 'fdatasync', what: 'error=EIO', when: `${outcome}` };
  const { code, out } = await startRun(made, { under: under(fault), env: oneThread, answer: leavesWhenTold }).ended;
  expect(code).toBe(6);
  expect(out).toMatch(/applied one\nFAIL {2}E706 disk refused to save/);
  expect(made.ledger().map(({ what }) => what)).toEqual(['began', 'ended']);
  expect((await resumeRun(made).ended).out).toContain('RECOVERED  one: exit 0');
  expectWhole(made, commands, 'after the disk came back');
});
void undo;
void withRunnerFault;

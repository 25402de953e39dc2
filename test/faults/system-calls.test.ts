import { expect, onTestFinished, test } from 'vitest';
import { Practice } from './support/practice.ts';
import { oneThread, traceable, under, withRunnerFault } from './support/strace.ts';
import { walkWith } from './support/walk.ts';

const cases = traceable ? test : test.skip;
const commands = 2;

const practice = (): Practice => {
  const made = new Practice({ commands, seconds: 0.02 });
  onTestFinished(async () => {
    expect(await made.close()).toEqual([]);
  });
  return made;
};

const calls = { pwrite64: 16, fdatasync: 16, fsync: 11, rename: 6, link: 2 };

cases.each(Object.entries(calls))(
  'gonogo killed at each of its first calls of %s goes on from there',
  async (call, times) => {
    const made = practice();
    let kills = 0;
    for (let nth = 1; nth <= times; nth++) {
      const story = `killed at ${call} ${nth}`;
      const fault = { call, what: 'signal=KILL', when: `${nth}` };
      const [first] = await walkWith(made, story, commands, { under: under(fault), env: oneThread });
      if (first?.signal === 'SIGKILL') kills++;
    }
    process.stdout.write(`gonogo killed at ${call}: ${kills} times\n`);
    expect(kills).toBeGreaterThanOrEqual(times - 2);
  },
  240_000,
);

const runnerCalls = { pwrite64: 4, fsync: 5, link: 1, rename: 2, mkdir: 1 };

cases.each(Object.entries(runnerCalls))(
  'a runner killed at each of its calls of %s leaves NOT STARTED, UNKNOWN or the true outcome',
  async (call, times) => {
    const made = practice();
    for (let nth = 1; nth <= times; nth++) {
      const story = `runner killed at ${call} ${nth}`;
      const program = withRunnerFault(made, { call, what: 'signal=KILL', when: `${nth}` });
      const [first] = await walkWith(made, story, commands, { program });
      expect(first?.code, `${story}\n${first?.out}`).toBe(0);
      process.stdout.write(
        `${story}: ${/UNKNOWN: attempt|did not start/.exec(first?.out ?? '')?.[0] ?? 'outcome known'}\n`,
      );
    }
  },
  120_000,
);

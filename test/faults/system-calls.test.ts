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

/** How many of each kind a run with two commands makes in its busiest thread; of the syncs every other one will do. */
const calls = [
  { call: 'pwrite64', times: 16, every: 1 },
  { call: 'fdatasync', times: 16, every: 2 },
  { call: 'fsync', times: 11, every: 1 },
  { call: 'rename', times: 6, every: 1 },
  { call: 'link', times: 2, every: 1 },
];

cases.each(calls)(
  'gonogo killed at its calls of $call, one after the other, goes on from there',
  async ({ call, times, every }) => {
    const made = practice();
    let kills = 0;
    for (let nth = 1; nth <= times; nth += every) {
      const story = `killed at ${call} ${nth}`;
      const fault = { call, what: 'signal=KILL', when: `${nth}` };
      const [first] = await walkWith(made, story, commands, { under: under(fault), env: oneThread });
      if (first?.signal === 'SIGKILL') kills++;
    }
    process.stdout.write(`gonogo killed at ${call}: ${kills} times\n`);
    expect(kills).toBeGreaterThanOrEqual((times - 2) / every);
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

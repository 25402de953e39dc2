import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectRecorded, expectRunAsConfirmed, expectWhole } from './invariants.ts';
import { type Operated, type Operating, operate } from './operator.ts';
import { Practice } from './practice.ts';
import { processesNaming, runnersIn, signal, until } from './processes.ts';
import { oneOf, type Random, randomOf } from './random.ts';

type Victim = 'ui' | 'runner' | 'both';

/** How far a confirmed command has come, by what can be seen of it from outside. */
const stages = ['typed', 'intended', 'started', 'began', 'ended', 'recorded'] as const;
type Stage = (typeof stages)[number];

interface Kill {
  readonly victim: Victim;
  /** Where the clock of the kill starts: with the process, or when its so-manieth command has come so far. */
  readonly from: 'start' | { readonly command: number; readonly stage: Stage };
  readonly ms: number;
  /** Whether the next gonogo comes at once, or when the command has ended. */
  readonly waits: boolean;
}

/** How many kills were done, by victim and by what the next gonogo said of the command. */
export type Tally = Map<string, number>;

const count = (tally: Tally, key: string): void => void tally.set(key, (tally.get(key) ?? 0) + 1);

const commands = 3;

const planKill = (random: Random): Kill => {
  const victim = oneOf<Victim>(random, ['ui', 'ui', 'runner', 'both']);
  const waits = random() < 0.4;
  if (victim === 'ui' && random() < 0.2) return { victim, from: 'start', ms: random() * 600, waits };
  const stage = oneOf(random, stages);
  return { victim, from: { command: oneOf(random, [1, 1, 2, 3]), stage }, ms: random() * 30, waits };
};

const words = ({ victim, from, ms }: Kill): string =>
  `${victim} killed ${ms.toFixed(1)} ms after ${from === 'start' ? 'the start' : `command ${from.command} was ${from.stage}`}`;

const latestAttempt = (practice: Practice): number => {
  const folder = join(practice.runDir ?? '/nowhere', 'attempts');
  return existsSync(folder) ? Math.max(0, ...readdirSync(folder).map(Number)) : 0;
};

/** Resolves when the first attempt after that number has come so far, or nobody waits for it any more. */
const reached = async (practice: Practice, after: number, stage: Stage, over: () => boolean): Promise<void> => {
  const folder = join(practice.runDir ?? '/nowhere', 'attempts', String(after + 1));
  const inLedger = (what: string): boolean =>
    practice.ledger().some((line) => line.attempt === after + 1 && line.what === what);
  const there: Readonly<Record<Stage, () => boolean>> = {
    typed: () => true,
    intended: () => existsSync(join(folder, 'spec.json')),
    started: () => existsSync(join(folder, 'started.json')),
    began: () => inLedger('began'),
    ended: () => inLedger('ended'),
    recorded: () => existsSync(join(folder, 'exit.json')),
  };
  while (!over() && !there[stage]()) await new Promise((resolve) => setTimeout(resolve, 2));
};

/** Carries a kill out; false when nobody was there to be killed. */
const carryOut = (practice: Practice, { process }: Operating, { victim }: Kill): boolean => {
  const runners = victim === 'ui' ? [] : runnersIn(practice.runDir ?? '?').map((pid) => signal(pid, 'SIGKILL'));
  const here = process.exitCode === null && process.signalCode === null;
  const ui = victim !== 'runner' && here && signal(process.pid, 'SIGKILL');
  return ui || runners.includes(true);
};

/** One gonogo process that is killed as planned, or goes on to its end. */
const live = async (
  practice: Practice,
  args: readonly string[],
  kill: Kill | null,
): Promise<{ readonly ended: Operated; readonly killedAt: number | null }> => {
  let killedAt: number | null = null;
  let over = false;
  const strike = async (planned: Kill, begin: Promise<void>): Promise<void> => {
    await begin;
    await new Promise((resolve) => setTimeout(resolve, planned.ms));
    if (!over && carryOut(practice, operating, planned)) killedAt = operating.out().length;
  };
  const strikes: Promise<void>[] = [];
  const operating = operate(practice, args, {
    onYes: (yes) => {
      if (kill === null || kill.from === 'start' || kill.from.command !== yes) return;
      strikes.push(
        strike(
          kill,
          reached(practice, latestAttempt(practice), kill.from.stage, () => over),
        ),
      );
    },
  });
  if (kill?.from === 'start') strikes.push(strike(kill, Promise.resolve()));
  const ended = await operating.ended;
  over = true;
  await Promise.all(strikes);
  return { ended, killedAt };
};

/** What a gonogo says of the command that was open when it was started. */
const saidOnReturn = ({ out }: Operated): string =>
  /^ {2}[!-] (RECOVERED|UNKNOWN|NOT STARTED|STILL RUNNING) /m.exec(out)?.[1] ?? 'no command open';

/** Walks one run to its end through as many kills as it takes, at most the given number, checking after each. Gives their number. */
const killedRun = async (practice: Practice, random: Random, most: number, tally: Tally): Promise<number> => {
  const typed = new Map<string, number>();
  const stories: string[] = [];
  let done = 0;
  let victim: Victim | null = null;
  for (;;) {
    const begun = practice.events().some(({ type }) => type === 'frame.opened');
    const kill = done < most ? planKill(random) : null;
    stories.push(kill === null ? 'left alone' : words(kill));
    const args = begun ? ['resume', '--plain'] : ['run', '--plain', practice.runbook];
    const { ended, killedAt } = await live(practice, args, kill);
    for (const [step, times] of ended.confirmed) typed.set(step, (typed.get(step) ?? 0) + times);
    const story = `${stories.join('; ')} (${practice.run})`;
    const events = practice.events();
    expectRecorded(ended.out, events, story);
    expectRunAsConfirmed(practice.ledger(), events, typed, story);
    if (victim !== null) count(tally, `${victim}: ${begun ? saidOnReturn(ended) : 'not begun'}`);
    victim = killedAt === null ? null : (kill?.victim ?? null);
    if (killedAt !== null) done++;
    if (ended.signal !== 'SIGKILL') expect(ended.code, `${story}\n${ended.out}\n${ended.err}`).toBe(0);
    if (events.some(({ type }) => type === 'run.finished')) {
      // The death of a runner is told by the process that saw it.
      const told = ended.out.includes('UNKNOWN: attempt', killedAt ?? 0) ? 'UNKNOWN' : 'outcome known';
      if (victim !== null) count(tally, `${victim}: ${victim === 'runner' ? told : 'the run was over'}`);
      expectWhole(practice, commands, story);
      return done;
    }
    if (kill?.waits === true)
      await until('the end of the command', () => processesNaming(practice.workspace.folder).length === 0);
  }
};

/** Kills so often, in as many runs as it takes, in several workspaces at the same time. Everything follows from the seed. */
export const killRuns = async (kills: number, seed: number, lanes = 2): Promise<Tally> => {
  const tally: Tally = new Map();
  let left = kills;
  const lane = async (number: number): Promise<void> => {
    const random = randomOf(seed + number);
    const practice = new Practice({ commands, seconds: 0.04 });
    try {
      while (left > 0) {
        const some = Math.min(left, 6);
        left -= some;
        const done = await killedRun(practice, random, some, tally);
        left += some - done;
        practice.clear();
      }
    } finally {
      expect(await practice.close()).toEqual([]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  return tally;
};

export const total = (tally: Tally): number => [...tally.values()].reduce((a, b) => a + b, 0);

export const table = (tally: Tally): string =>
  [...tally]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([what, times]) => `  ${String(times).padStart(4)} ${what}`)
    .join('\n');

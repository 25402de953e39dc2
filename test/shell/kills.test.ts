import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandRunner } from '../../src/ports/commands.ts';
import { type Bench, builtRunner, createBench, until } from './support/commands.ts';

const kills = Number(process.env.GONOGO_KILLS ?? 36);

/** The runner's pid, before and after it has said that it began. */
const runnersOf = (folder: string): readonly number[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      return args.includes(folder) && args.some((arg) => arg.endsWith('runner-process.mjs')) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });

const kill = (pids: readonly (number | undefined)[]): void => {
  for (const pid of pids) {
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // It was faster.
    }
  }
};

const linesIn = (path: string): number =>
  existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').length : 0;

/** Confirms one command, kills at a random moment, and gives what a new gonogo finds in the end. */
const killOnce = async (bench: Bench, attempt: number, victim: 'parent' | 'runner' | 'both', afterMs: number) => {
  const folder = join(bench.runDir, 'attempts', String(attempt));
  const counter = join(bench.home, `counter-${attempt}`);
  const script = `echo started >> ${counter}; sleep 0.03; echo ended >> ${counter}-ended`;
  const parentPath = new URL('./support/parent.ts', import.meta.url).pathname;
  const args = [parentPath, bench.runDir, builtRunner(), bench.home, String(attempt), script];
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = new Promise((resolve) => parent.once('exit', resolve));
  await new Promise((resolve) => parent.stdout.once('data', resolve));
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  if (victim !== 'parent') kill(runnersOf(folder));
  if (victim !== 'runner') kill([parent.pid]);
  const commands = bench.again();
  const found = await settled(commands, attempt);
  await gone;
  await until('the last process of the attempt', async () => {
    return runnersOf(folder).length === 0 && (await commands.survivors(attempt)).length === 0;
  });
  return {
    found,
    again: (await commands.recover(attempt)).kind,
    started: linesIn(counter),
    ended: linesIn(`${counter}-ended`),
  };
};

const settled = async (commands: CommandRunner, attempt: number): Promise<string> => {
  const found = await commands.recover(attempt);
  if (found.kind === 'still-running') {
    const end = await found.running.ended;
    return end.kind === 'finished' ? `recovered ${end.outcome.exit}` : end.kind;
  }
  return found.kind === 'recovered' ? `recovered ${found.outcome.exit}` : found.kind;
};

/** What the files may say of a command that wrote `started` so often and `ended` so often. */
const isTrue = (found: string, started: number, ended: number): boolean => {
  if (found === 'not-started') return started === 0 && ended === 0;
  if (found === 'recovered 0') return started === 1 && ended === 1;
  return found === 'unknown' && started <= 1 && ended <= started;
};

describe('kill -9 at any moment', () => {
  it(`loses no outcome that is known and runs nothing twice (${kills} kills)`, async () => {
    const bench = createBench();
    const seen = new Map<string, number>();
    for (let i = 0; i < kills; i += 3) {
      const round = (['parent', 'runner', 'both'] as const).map(async (victim, k) => {
        const afterMs = Math.random() * 420;
        const { found, again, started, ended } = await killOnce(bench, i + k + 1, victim, afterMs);
        const story = `${victim} killed after ${afterMs.toFixed(1)} ms: ${found}, started ${started}, ended ${ended}`;
        expect(isTrue(found, started, ended), story).toBe(true);
        expect(found.startsWith(again === 'recovered' ? 'recovered' : again), `${story}, later ${again}`).toBe(true);
        if (victim === 'parent') expect(found, story).not.toBe('unknown');
        seen.set(found, (seen.get(found) ?? 0) + 1);
      });
      await Promise.all(round);
    }
    expect([...seen.values()].reduce((a, b) => a + b, 0)).toBe(kills - (kills % 3));
  }, 600_000);
});

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { specHash } from '../../src/session/exec-spec.ts';
import { spoolSizes } from '../../src/shell/spool.ts';
import { type Bench, builtRunner, createBench, processesWith, specOf, until } from './support/commands.ts';

/** Ends the process that runs the attempt, not the command. */
const killRunner = (bench: Bench, attempt: number): void => {
  const { runner } = JSON.parse(bench.file(`attempts/${attempt}/started.json`));
  process.kill(runner.pid, 'SIGKILL');
};

describe('an attempt without an outcome', () => {
  it('is NOT STARTED when nothing began, and stays so', async () => {
    const bench = createBench();
    expect(await bench.commands.recover(1)).toEqual({ kind: 'not-started' });
    expect(await bench.again().recover(1)).toEqual({ kind: 'not-started' });
    expect(JSON.parse(bench.file('attempts/1/started.json')).kind).toBe('claimed');
  });

  it('is never run by a runner that comes late', async () => {
    const bench = createBench();
    const spec = specOf('touch ran');
    const folder = join(bench.runDir, 'attempts', '1');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
    const runner = spawn(process.execPath, [builtRunner(), folder], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const gone = new Promise((resolve) => runner.once('exit', resolve));
    expect(await bench.commands.recover(1)).toEqual({ kind: 'not-started' });
    const handover = {
      attempt: 1,
      marker: 'late/1',
      hash: specHash(spec),
      values: {},
      stdin: null,
      start: { PATH: process.env.PATH },
      current: { PATH: process.env.PATH },
      cwd: bench.home,
      startCwd: bench.home,
      secrets: [],
      spool: spoolSizes,
    };
    (runner.stdio[3] as Duplex).write(`${JSON.stringify(handover)}\n`);
    await gone;
    expect(existsSync(join(bench.home, 'ran'))).toBe(false);
    expect(existsSync(join(folder, 'exit.json'))).toBe(false);
  });

  it('does not begin when its handover is cut off', async () => {
    const bench = createBench();
    const folder = join(bench.runDir, 'attempts', '1');
    mkdirSync(folder, { recursive: true });
    const runner = spawn(process.execPath, [builtRunner(), folder], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const gone = new Promise((resolve) => runner.once('exit', resolve));
    const pipe = runner.stdio[3] as Duplex;
    pipe.write('{"attempt":1,"marker":"x/1","ha');
    pipe.destroy();
    await gone;
    expect(existsSync(join(folder, 'started.json'))).toBe(false);
  });

  it('is STILL RUNNING while its runner lives, and can be watched on and stopped', async () => {
    const bench = createBench();
    await bench.start('echo before; while [ ! -e go ]; do sleep 0.01; done; echo after; VERSION=v2');
    await bench.commands.close();
    const again = bench.again();
    const found = await again.recover(1);
    if (found.kind !== 'still-running') throw new Error(found.kind);
    writeFileSync(join(bench.home, 'go'), '');
    expect(await found.running.ended).toMatchObject({ kind: 'finished', outcome: { exit: 0 } });
    expect((await again.output(1))?.text).toBe('before\nafter\n');
    expect(again.environmentNames()).toContain('VERSION');
    await bench.end('true');
    const second = await bench.start('sleep 60');
    expect(second.pid).not.toBe(null);
    const stoppable = await again.recover(3);
    if (stoppable.kind !== 'still-running') throw new Error(stoppable.kind);
    await stoppable.running.stop('TERM');
    expect(await stoppable.running.ended).toMatchObject({ kind: 'finished', outcome: { stoppedBy: 'operator' } });
  });

  it('is RECOVERED when it ended while nobody watched', async () => {
    const bench = createBench();
    await bench.start('echo out; while [ ! -e go ]; do sleep 0.01; done; exit 5');
    await bench.commands.close();
    writeFileSync(join(bench.home, 'go'), '');
    await until('the outcome', () => existsSync(join(bench.runDir, 'attempts/1/exit.json')));
    expect(await bench.again().recover(1)).toMatchObject({
      kind: 'recovered',
      outcome: { exit: 5, output: { bytes: 4, tail: 'out' } },
    });
  });

  it('is UNKNOWN when its runner was killed, and names what still runs', async () => {
    const bench = createBench();
    const running = await bench.start('sleep 80 >/dev/null 2>&1');
    await until('the sleep', async () => (await bench.commands.survivors(1)).some((s) => s.command === 'sleep'));
    killRunner(bench, 1);
    const end = await running.ended;
    expect(end).toMatchObject({ kind: 'unknown', startedAt: running.startedAt });
    if (end.kind !== 'unknown') throw new Error(end.kind);
    expect(end.survivors.map((s) => s.command).sort()).toEqual(['bash', 'sleep']);
    const again = bench.again();
    expect((await again.recover(1)).kind).toBe('unknown');
    await again.stopSurvivors(1);
    expect(await again.recover(1)).toMatchObject({ kind: 'unknown', survivors: [] });
  });

  it('is UNKNOWN after a reboot, whatever has the runner’s number now', async () => {
    const bench = createBench();
    await bench.start('while [ ! -e go ]; do sleep 0.01; done');
    const path = join(bench.runDir, 'attempts/1/started.json');
    const started = JSON.parse(readFileSync(path, 'utf8'));
    await bench.commands.close();
    for (const change of [{ boot: 'another-boot' }, { startTime: '1' }, { pid: process.pid }]) {
      writeFileSync(path, JSON.stringify({ ...started, runner: { ...started.runner, ...change } }));
      expect((await bench.again().recover(1)).kind).toBe('unknown');
    }
    writeFileSync(path, '');
    expect((await bench.again().recover(1)).kind).toBe('unknown');
  });

  it('lets the shell of a killed runner end by itself', async () => {
    const bench = createBench();
    await bench.start('exec >/dev/null 2>&1; A=1; while [ ! -e go ]; do sleep 0.01; done; touch ended');
    killRunner(bench, 1);
    writeFileSync(join(bench.home, 'go'), '');
    await until('the end of the shell', () => processesWith(`${bench.runDir.split('/').at(-1)}/1`).length === 0);
    expect(existsSync(join(bench.home, 'ended'))).toBe(true);
  });
});

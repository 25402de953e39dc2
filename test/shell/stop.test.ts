import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endSurvivors } from '../../src/shell/survivors.ts';
import { createBench, processesWith, until } from './support/commands.ts';

describe('stopping', () => {
  it('ends the whole process group, and the outcome says who did it', async () => {
    const bench = createBench();
    const running = await bench.start('sleep 60 & sleep 61 | cat; echo not reached', { attempts: 3 });
    expect(running.pid).toBeGreaterThan(0);
    await until('both sleeps', () => processesWith(`${bench.runDir.split('/').at(-1)}/1`).length >= 4);
    await running.stop('TERM');
    expect(await running.ended).toMatchObject({
      kind: 'finished',
      outcome: {
        stoppedBy: 'operator',
        survivors: [],
        carried: null,
        explanation: 'stopped by the operator',
        notes: [],
      },
    });
  });

  it('reaches a program that is just being started', async () => {
    const bench = createBench();
    for (let i = 0; i < 8; i++) {
      const running = await bench.start('sleep 60');
      await running.stop('TERM');
      expect(await running.ended).toMatchObject({ kind: 'finished', outcome: { signal: 'SIGTERM', survivors: [] } });
    }
  });

  it('leaves KILL to a second request', async () => {
    const bench = createBench();
    const running = await bench.start('trap "echo refused" TERM; echo ready; while :; do sleep 0.05 || true; done');
    await until('the trap', () => bench.file('attempts/1/output.spool').includes('ready'));
    await running.stop('TERM');
    await until('the refusal', () => bench.file('attempts/1/output.spool').includes('refused'));
    await running.stop('KILL');
    expect(await running.ended).toMatchObject({
      kind: 'finished',
      outcome: { exit: null, signal: 'SIGKILL', stoppedBy: 'operator' },
    });
  });

  it('is the normal end of a watching command', async () => {
    const bench = createBench();
    const running = await bench.start('tail -f /dev/null', { watcher: true });
    await running.stop('TERM');
    expect(await running.ended).toMatchObject({
      kind: 'finished',
      outcome: {
        exit: null,
        stoppedBy: 'operator',
        explanation: 'stopped by the operator: the normal end of a watching command',
      },
    });
  });

  it('keeps a waiting retry from running again', async () => {
    const bench = createBench();
    const running = await bench.start('echo x >> ran; false', { attempts: 5, everyMs: 60_000 });
    await until('the end of the first try', () => {
      return existsSync(join(bench.home, 'ran')) && processesWith(`${bench.runDir.split('/').at(-1)}/1`).length === 0;
    });
    await running.stop('TERM');
    expect(await running.ended).toMatchObject({ kind: 'finished', outcome: { exit: 1, notes: [] } });
  });
});

describe('a time limit', () => {
  it('warns once and lets the command go on', async () => {
    const bench = createBench();
    const running = await bench.start('while [ ! -e go ]; do sleep 0.01; done; echo done', { timeoutMs: 50 });
    let warnings = 0;
    running.onTimeout(() => {
      warnings += 1;
    });
    await until('the warning', () => warnings > 0);
    await bench.run('touch go');
    expect(await running.ended).toMatchObject({ kind: 'finished', outcome: { exit: 0, stoppedBy: null } });
    expect(warnings).toBe(1);
  });

  it('stops the command when asked to', async () => {
    const bench = createBench();
    expect(await bench.run('sleep 60', { timeoutMs: 50, onTimeout: 'stop', attempts: 3 })).toMatchObject({
      stoppedBy: 'timeout',
      explanation: 'stopped at its time limit',
    });
  });
});

describe('processes that outlive their command', () => {
  it('are named, keep their output pipe, and can be stopped', async () => {
    const bench = createBench();
    const outcome = await bench.run('(while :; do echo tick; sleep 0.02; done) & setsid sleep 70 & echo started');
    expect(outcome.exit).toBe(0);
    expect(outcome.survivors.map((s) => s.command)).toContain('sleep');
    expect(outcome.notes[0]).toMatch(/^W801 \d processes still running: \d+ \w+/);
    const before = await bench.commands.survivors(1);
    expect(before.length).toBeGreaterThanOrEqual(2);
    await bench.run('sleep 0.1');
    const still = await bench.commands.survivors(1);
    expect(still.some((s) => s.command === 'bash')).toBe(true);
    await bench.commands.stopSurvivors(1);
    expect(await bench.commands.survivors(1)).toEqual([]);
  });

  it('get KILL when they do not heed TERM', async () => {
    const bench = createBench();
    await bench.run('(trap "" TERM; sleep 70; sleep 71) >/dev/null 2>&1 &');
    expect((await bench.commands.survivors(1)).length).toBeGreaterThan(0);
    await endSurvivors(`${bench.runDir.split('/').at(-1)}/1`, 100);
    await until('the end of all', () => processesWith(`${bench.runDir.split('/').at(-1)}/1`).length === 0);
  });

  it('are not those that only end a little later', async () => {
    const bench = createBench();
    const outcome = await bench.run('echo log > >(sleep 0.1; cat); (sleep 0.15) &');
    expect(outcome.survivors).toEqual([]);
    expect(await bench.text(1)).toBe('log\n');
  });
});

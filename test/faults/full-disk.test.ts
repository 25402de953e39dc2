import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fence, Practice, step } from './support/practice.ts';
import { startRun } from './support/walk.ts';

const mountable = ((): boolean => {
  const usable = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
  if (!usable) process.stderr.write('no small disk can be mounted here (not root): a full disk is NOT tested\n');
  return usable;
})();
const cases = mountable ? test : test.skip;

/** A practice whose runs are on a disk of one megabyte, with a program that fills it. */
const onSmallDisk = (): { readonly made: Practice; readonly fill: string } => {
  const made = new Practice({ commands: 2, seconds: 0.02 });
  const disk = join(made.workspace.home, '.local/state');
  mkdirSync(disk, { recursive: true, mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', disk]);
  onTestFinished(async () => {
    const left = await made.allEnded();
    execFileSync('umount', [disk]);
    made.workspace.close();
    expect(left).toEqual([]);
  });
  const fill = join(disk, 'fill');
  // Takes every byte that is left.
  made.workspace.write('fill', `#!/bin/sh\ncat /dev/zero > '${fill}' 2>/dev/null\ntrue\n`, 0o755);
  return { made, fill };
};

cases('a full disk starts nothing, says so, and goes on once there is room', async () => {
  const { made, fill } = onSmallDisk();
  let asked = 0;
  const { code, out } = await startRun(made, {
    answer: (prompt) => {
      if (!prompt.startsWith('y runs it')) return null;
      asked += 1;
      if (asked === 1) spawnSync(join(made.workspace.work, 'fill'));
      if (asked === 4) rmSync(fill);
      return 'y';
    },
  }).ended;
  expect(code, out).toBe(0);
  expect(out).toContain('E707 disk full');
  expect(made.told()).toEqual(['one began', 'one ended', 'two began', 'two ended']);
  const refused = made.eventsOf('command.resolved').filter(({ data }) => data.as === 'not-started');
  expect(made.eventsOf('command.confirmed')).toHaveLength(2 + refused.length);
  expect(made.gonogo(['verify', made.run]).code).toBe(0);
});

cases('the outcome of a command that filled the disk is recorded, and R rolls back without asking', async () => {
  const { made } = onSmallDisk();
  made.holds(
    step('fill', './fill', 'exit=0') +
      fence('./change undo-fill 0.02', 'undo') +
      step('next', './change next 0.02', 'exit=0'),
  );
  const { code, out } = await startRun(made, {
    answer: (prompt, transcript) => {
      if (prompt.startsWith('y rolls back')) return 'y';
      return transcript.includes('› next') && !transcript.includes('Roll back:') ? 'R' : null;
    },
  }).ended;
  expect(code, out).toBe(5);
  expect(made.told()).toEqual(['undo-fill began', 'undo-fill ended']);
  const elsewhere = [join(made.workspace.home, '.cache/gonogo')];
  expect(made.eventsOf('command.finished', elsewhere)).toHaveLength(2);
  expect(made.eventsOf('run.finished', elsewhere)[0]?.data.outcome).toBe('rolled-back');
  expect(made.gonogo(['verify', made.run]).code).toBe(0);
});

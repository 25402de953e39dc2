import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as pty from '@lydell/node-pty';
import { Workspace } from '../test/support/workspace.ts';

const rounds = 31;
const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number;

const bare = (): number => {
  const from = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - from;
};

/** Until the first byte of the run screen: its alternate screen is entered. */
const firstFrame = (workspace: Workspace): Promise<{ frame: number; walk: number }> =>
  new Promise((done) => {
    const program = join(import.meta.dirname, '../dist/cli.js');
    const from = performance.now();
    const child = pty.spawn(process.execPath, [program, 'run', 'a.md'], {
      cols: 100,
      rows: 30,
      cwd: workspace.work,
      env: workspace.env,
    });
    let seen = '';
    const times = { frame: 0, walk: 0 };
    child.onData((data) => {
      seen += data;
      // The alternate screen is entered with the first frame; the second waited-for text is the run itself.
      if (times.frame === 0 && seen.includes('\u001b[?1049h') && seen.includes('a.md'))
        times.frame = performance.now() - from;
      if (!seen.includes('Look at the time')) return;
      times.walk = performance.now() - from;
      child.onExit(() => done(times));
      child.kill('SIGKILL');
    });
  });

/** One run that stays long enough for its compiled code to be kept, as every run of a person does. */
const warmUp = (workspace: Workspace): Promise<void> =>
  new Promise((done) => {
    const child = pty.spawn(process.execPath, [join(import.meta.dirname, '../dist/cli.js'), 'run', 'a.md'], {
      cols: 100,
      rows: 30,
      cwd: workspace.work,
      env: workspace.env,
    });
    child.onExit(() => done());
    setTimeout(() => child.kill('SIGKILL'), 5_000);
  });

/** The run screen against `node -e 0` on the same runtime, in pairs. */
export const measure = async (): Promise<{ name: string; figures: Record<string, string> }[]> => {
  const workspace = new Workspace();
  try {
    workspace.write('a.md', '# Try\n\n## Look\n\n1. Look at the time\n\n   ```sh\n   date\n   ```\n');
    workspace.gonogo(['trust', 'a.md', '--yes']);
    await warmUp(workspace);
    const pairs: { readonly node: number; readonly frame: number; readonly walk: number }[] = [];
    for (let i = 0; i < rounds; i += 1) pairs.push({ node: bare(), ...(await firstFrame(workspace)) });
    const node = median(pairs.map((pair) => pair.node));
    const frame = median(pairs.map((pair) => pair.frame));
    const walk = median(pairs.map((pair) => pair.walk));
    const ratio = median(pairs.map((pair) => pair.frame / pair.node));
    return [
      {
        name: 'first frame of the run screen',
        figures: {
          'node -e 0': `${node.toFixed(0)} ms`,
          'first frame': `${frame.toFixed(0)} ms`,
          'first step shown': `${walk.toFixed(0)} ms`,
          ratio: ratio.toFixed(1),
          budget: '<= 6',
        },
      },
    ];
  } finally {
    workspace.close();
  }
};

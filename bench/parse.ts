import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRunbook } from '../src/runbook/load.ts';
import { largeRunbook } from '../test/runbook/fixtures/84-large.generate.ts';
import { Workspace } from '../test/support/workspace.ts';

const rounds = 11;
const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number;
const ms = (time: number): string => `${time.toFixed(0)} ms`;

const warm = (bytes: Uint8Array, path: string): number =>
  median(
    Array.from({ length: rounds }, () => {
      const from = performance.now();
      loadRunbook(bytes, { path, offPath: 'auto' });
      return performance.now() - from;
    }),
  );

const program = join(import.meta.dirname, '../dist/cli.js');

/** A whole `gonogo check`, in ms. */
const check = (workspace: Workspace, file: string): number => {
  const from = performance.now();
  spawnSync(process.execPath, [program, 'check', file], { cwd: workspace.work, env: workspace.env });
  return performance.now() - from;
};

/** Time to check 250 kB after start: the whole program against the same on a file of one step, in pairs; and when warm. */
export const measure = async (): Promise<{ name: string; figures: Record<string, string> }[]> => {
  const text = largeRunbook();
  const large = new TextEncoder().encode(text);
  const workspace = new Workspace();
  try {
    workspace.write('large.md', text);
    workspace.write('small.md', '# Small\n\n1. Look\n\n   ```sh\n   date\n   ```\n');
    check(workspace, 'large.md');
    const pairs = Array.from({ length: rounds }, () => {
      const small = check(workspace, 'small.md');
      return { small, large: check(workspace, 'large.md') };
    });
    const after = median(pairs.map((pair) => pair.large - pair.small));
    const hotfix = readFileSync(join(import.meta.dirname, '../runbooks/hotfix.md'));
    return [
      {
        name: `check, Markdown of ${Math.round(large.length / 1000)} kB`,
        figures: {
          'after start': ms(after),
          'whole program': ms(median(pairs.map((pair) => pair.large))),
          'one step': ms(median(pairs.map((pair) => pair.small))),
          warm: ms(warm(large, 'large.md')),
          'half of it, warm': ms(warm(large.slice(0, large.length / 2), 'half.md')),
          budget: '<= 150 ms after start',
        },
      },
      { name: 'check, runbooks/hotfix.md, warm', figures: { median: ms(warm(hotfix, 'hotfix.md')) } },
    ];
  } finally {
    workspace.close();
  }
};

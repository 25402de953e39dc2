import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRunbook } from '../src/runbook/load.ts';
import { largeRunbook } from '../test/runbook/fixtures/84-large.generate.ts';

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number;

const timed = (bytes: Uint8Array, path: string): number => {
  const from = performance.now();
  loadRunbook(bytes, { path, offPath: 'auto' });
  return performance.now() - from;
};

/** Time to check a runbook: the first in a fresh process, and the median of ten after it. */
export const measure = async (): Promise<{ name: string; figures: Record<string, string> }[]> => {
  const large = new TextEncoder().encode(largeRunbook());
  const hotfix = readFileSync(join(import.meta.dirname, '../runbooks/hotfix.md'));
  const first = timed(large, 'large.md');
  const again = median(Array.from({ length: 10 }, () => timed(large, 'large.md')));
  const half = median(Array.from({ length: 10 }, () => timed(large.slice(0, large.length / 2), 'half.md')));
  const small = median(Array.from({ length: 20 }, () => timed(hotfix, 'hotfix.md')));
  return [
    {
      name: `check, Markdown of ${Math.round(large.length / 1000)} kB`,
      figures: {
        first: `${first.toFixed(0)} ms`,
        median: `${again.toFixed(0)} ms`,
        'half the size': `${half.toFixed(0)} ms`,
        budget: '<= 150 ms',
      },
    },
    { name: 'check, runbooks/hotfix.md', figures: { median: `${small.toFixed(1)} ms` } },
  ];
};

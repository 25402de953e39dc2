import { defineConfig } from 'vitest/config';
import { LongestFirst } from './support/longest-first.ts';

const elsewhere = ['test/live/**', 'test/faults/**', '**/node_modules/**'];
/** The built program in a terminal, with keys that are pressed while it draws. */
const terminals = ['test/stories/**', 'test/bad-inputs/**'];

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: 'all', include: ['test/**/*.test.{ts,tsx}'], exclude: [...elsewhere, ...terminals] },
      },
      {
        extends: true,
        // On a machine whose processors are taken a key may come before its screen; what passed the second time is named.
        test: { name: 'terminals', include: terminals.map((path) => `${path}/*.test.ts`), retry: 1 },
      },
    ],
  },
});

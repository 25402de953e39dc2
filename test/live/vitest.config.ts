import { defineConfig } from 'vitest/config';
import { LongestFirst } from '../support/longest-first.ts';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/live/**/*.test.ts'],
    globalSetup: ['test/live/support/global-setup.ts'],
    // Every file starts a cluster of its own and mostly waits for it: each takes about a fifth of a core.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // Real servers and real terminals on two processors: what passed the second time is named by CI.
    retry: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

import { mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createJournal } from '../src/journal/open.ts';
import type { RunEvent } from '../src/session/events.ts';

const appends = 2000;

const event = (i: number): RunEvent => ({
  type: 'note.added',
  frame: 0,
  data: { step: `2.${i % 40}`, text: `${i}: ${'four out of six new replicas have been updated. '.repeat(4)}` },
});

/** Time from `append` to durable, one after the other, on the disk of the home folder; the 64-line row shares syncs. */
export const measure = async (): Promise<{ name: string; figures: Record<string, string> }[]> => {
  const runsDir = await mkdtemp(join(homedir(), '.gonogo-bench-'));
  try {
    const journal = await createJournal({ runsDir, session: 'bench', actor: 'bench', roots: [] });
    const times: number[] = [];
    for (let i = 0; i < appends; i++) {
      const from = performance.now();
      await journal.append(event(i));
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string => `${(times[Math.floor(share * (appends - 1))] as number).toFixed(2)} ms`;
    const from = performance.now();
    await Promise.all(Array.from({ length: 64 }, (_, i) => journal.append(event(i))));
    const together = performance.now() - from;
    await journal.close();
    return [
      { name: 'append, one event', figures: { p50: at(0.5), p99: at(0.99), budget: 'p50 <= 1 ms' } },
      { name: 'append, 64 events at once', figures: { all: `${together.toFixed(2)} ms` } },
    ];
  } finally {
    await rm(runsDir, { recursive: true, force: true });
  }
};

import { expect, test } from 'vitest';
import { readRun, verifyJournal } from '../../src/journal/open.ts';
import { startChild } from './support/child.ts';
import { closedRun } from './support/runs.ts';

const kills = Number(process.env.GONOGO_KILLS ?? 40);

test(
  `${kills} kills at random moments lose no acknowledged entry`,
  async () => {
    const dir = await closedRun(0);
    const acknowledged = new Map<number, string>();
    for (let kill = 0; kill < kills; kill++) {
      const child = startChild(dir);
      await child.said(2 + Math.floor(Math.random() * 60));
      child.process.kill('SIGKILL');
      await child.ended;
      for (const line of child.lines().slice(1)) {
        const [seq, h] = line.split(' ') as [string, string];
        expect(acknowledged.has(Number(seq))).toBe(false);
        acknowledged.set(Number(seq), h);
      }
      const { events, damage } = readRun(dir, []);
      expect(damage).toBeNull();
      for (const [seq, h] of acknowledged) expect(events[seq]?.h).toBe(h);
    }
    expect(acknowledged.size).toBeGreaterThan(kills);
    expect(verifyJournal(dir, []).firstBad).toBeNull();
  },
  60_000 + kills * 1000,
);

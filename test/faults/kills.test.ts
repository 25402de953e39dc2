import { expect, test } from 'vitest';
import { killRuns, table, total } from './support/killed-runs.ts';
import { seed } from './support/random.ts';

const kills = Number(process.env.GONOGO_KILLS ?? 200);

test(
  `${kills} kills at random moments lose nothing and run nothing twice (seed ${seed})`,
  async () => {
    const tally = await killRuns(kills, seed);
    process.stdout.write(`kills at random moments, seed ${seed}:\n${table(tally)}\n`);
    expect(total(tally)).toBe(kills);
  },
  60_000 + kills * 5_000,
);

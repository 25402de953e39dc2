import { expect, test } from 'vitest';
import { killRuns, table, total } from '../faults/support/killed-runs.ts';
import { seed } from '../faults/support/random.ts';

const kills = Number(process.env.GONOGO_KILLS ?? 12);

test(
  `${kills} kills of the whole program lose nothing and run nothing twice (seed ${seed})`,
  async () => {
    const tally = await killRuns(kills, seed);
    process.stdout.write(`kills of screen and runner, seed ${seed}:\n${table(tally)}\n`);
    expect(total(tally)).toBe(kills);
  },
  60_000 + kills * 5_000,
);

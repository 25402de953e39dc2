import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createJournal, openJournal, readRun } from '../../../src/journal/open.ts';

const program = new URL('./append-some.ts', import.meta.url).pathname;
const appends = 12;
const traceable = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0;
const cases = traceable ? test : test.skip;
if (!traceable)
  process.stderr.write('strace is not usable here: faults at system calls of the journal are NOT tested\n');

const who = { session: 'parent', actor: 'alice', roots: [] };

const emptyRun = async (): Promise<string> => {
  const base = mkdtempSync(join(tmpdir(), 'gonogo-faults-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const journal = await createJournal({ runsDir: join(base, 'runs'), ...who });
  await journal.close();
  return journal.dir;
};

interface Told {
  /** Hashes by number of the entries that were acknowledged. */
  readonly acknowledged: ReadonlyMap<number, string>;
  readonly refused: readonly string[];
}

/** Runs the appending program with one fault injected. One pool thread, since strace counts calls by thread. */
const runWith = (dir: string, call: string, what: string, nth: number): Told => {
  const log = join(dir, '..', 'strace.log');
  const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${nth}`];
  const child = spawnSync('strace', ['-f', '-qq', '-o', log, ...inject, process.execPath, program, dir, `${appends}`], {
    encoding: 'utf8',
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    timeout: 20_000,
  });
  const lines = child.stdout.split('\n').slice(0, -1);
  const acknowledged = lines.filter((line) => line.startsWith('ok ')).map((line) => line.split(' '));
  return {
    acknowledged: new Map(acknowledged.map(([, seq, h]) => [Number(seq), h as string])),
    refused: lines.filter((line) => line.startsWith('refused ')).map((line) => line.slice(8)),
  };
};

const expectNothingLost = async (dir: string, told: Told): Promise<void> => {
  const { events, damage } = readRun(dir, []);
  expect(damage).toBeNull();
  for (const [seq, h] of told.acknowledged) expect(events[seq]?.h).toBe(h);
  const opened = await openJournal(dir, who);
  expect(opened.kind).toBe('open');
  if (opened.kind === 'open') await opened.journal.close();
};

cases.each(['pwrite64', 'fdatasync'])(
  'a kill at every %s loses nothing acknowledged',
  async (call) => {
    for (let nth = 1; nth <= appends; nth++) {
      const dir = await emptyRun();
      const told = runWith(dir, call, 'signal=KILL', nth);
      expect(told.acknowledged.size).toBe(nth - 1);
      await expectNothingLost(dir, told);
    }
  },
  240_000,
);

cases.each(['rename', 'fsync', 'ftruncate'])(
  'a kill at a %s while a torn tail is set aside loses nothing',
  async (call) => {
    const dir = await emptyRun();
    writeFileSync(join(dir, 'journal.jsonl'), '{"v":1,"seq":0,"at', { flag: 'a' });
    for (let nth = 1; nth <= 3; nth++) await expectNothingLost(dir, runWith(dir, call, 'signal=KILL', nth));
  },
  120_000,
);

cases.each(['EIO', 'ENOSPC', 'EROFS'])(
  'fdatasync answering %s once poisons: no acknowledgement after it',
  async (error) => {
    for (const nth of [1, 5]) {
      const dir = await emptyRun();
      const told = runWith(dir, 'fdatasync', `error=${error}`, nth);
      expect(told.acknowledged.size).toBe(nth - 1);
      expect(new Set(told.refused)).toEqual(new Set(['E706']));
      await expectNothingLost(dir, told);
    }
  },
  120_000,
);

cases(
  'a full disk at a write refuses that entry with E707; later ones have room again',
  async () => {
    const dir = await emptyRun();
    const told = runWith(dir, 'pwrite64', 'error=ENOSPC', 4);
    expect(told.refused).toEqual(['E707']);
    expect(told.acknowledged.size).toBe(appends - 1);
    await expectNothingLost(dir, told);
  },
  60_000,
);

cases(
  'one failed write is tried again and nobody notices',
  async () => {
    const dir = await emptyRun();
    const told = runWith(dir, 'pwrite64', 'error=EIO', 4);
    expect(told.refused).toEqual([]);
    expect(told.acknowledged.size).toBe(appends);
    await expectNothingLost(dir, told);
  },
  60_000,
);

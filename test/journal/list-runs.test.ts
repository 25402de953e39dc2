import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/journal/machine.ts';
import { createJournal, listRuns, newestUnfinished, resolveRun, uuidv7 } from '../../src/journal/open.ts';
import type { Outcome, RunEvent } from '../../src/session/events.ts';
import { left, note, temporaryFolder, who } from './support/runs.ts';

/** Only what the listing reads of an event. */
const partly = (type: RunEvent['type'], data: object): RunEvent => ({ type, frame: 0, data }) as unknown as RunEvent;

const started = partly('run.started', { operator: 'alice' });

const opened = (title: string): RunEvent =>
  partly('frame.opened', { purpose: 'main', runbook: { path: `/rb/${title}.md`, title } });

const finished = (outcome: Outcome): RunEvent => ({ type: 'run.finished', frame: 0, data: { outcome, reason: null } });

const run = async (runsDir: string, now: number, events: readonly RunEvent[]): Promise<string> => {
  const journal = await createJournal({ runsDir, ...who, run: uuidv7(now) });
  for (const event of events) await journal.append(event);
  await journal.close();
  return journal.run;
};

test('runs are listed newest first with title and outcome; what never began is left out', async () => {
  const runsDir = join(temporaryFolder(), 'runs');
  const old = await run(runsDir, 1_000, [started, opened('one'), finished('succeeded'), left]);
  const recent = await run(runsDir, 200_000_000, [started, opened('two'), left]);
  await run(runsDir, 300_000_000, []);
  mkdirSync(join(runsDir, 'not-a-run'));
  expect(listRuns(runsDir)).toMatchObject([
    { id: recent, title: 'two', runbook: '/rb/two.md', operator: 'alice', state: 'unfinished', outcome: null },
    { id: old, title: 'one', state: 'finished', outcome: 'succeeded' },
  ]);
  expect(newestUnfinished(runsDir)?.id).toBe(recent);
  expect(listRuns(runsDir, 1)).toHaveLength(1);
});

test('newest is what began last, however long its form was open before', async () => {
  const runsDir = join(temporaryFolder(), 'runs');
  for (const [id, at] of [
    [1_000, 900_000],
    [2_000, 800_000],
  ] as const) {
    const clock = { ...systemClock(), now: () => at };
    const journal = await createJournal({ runsDir, ...who, run: uuidv7(id), clock });
    for (const event of [started, opened(`began at ${at}`), left]) await journal.append(event);
    await journal.close();
  }
  expect(listRuns(runsDir).map(({ title }) => title)).toEqual(['began at 900000', 'began at 800000']);
  expect(newestUnfinished(runsDir)?.title).toBe('began at 900000');
});

test('a run that ended before its runbook was opened does not hide an older one that can be gone on with', async () => {
  const runsDir = join(temporaryFolder(), 'runs');
  const old = await run(runsDir, 1_000, [started, opened('one')]);
  await run(runsDir, 200_000_000, [started]);
  expect(newestUnfinished(runsDir)?.id).toBe(old);
});

test('title and outcome are found at the ends of a long journal', async () => {
  const runsDir = join(temporaryFolder(), 'runs');
  const many = Array.from({ length: 60 }, (_, i) => note(`${i} ${'x'.repeat(8_000)}`));
  await run(runsDir, 1_000, [started, opened('long'), ...many, finished('rolled-back'), note('y'.repeat(60_000))]);
  expect(listRuns(runsDir)).toMatchObject([{ title: 'long', state: 'finished', outcome: 'rolled-back' }]);
});

test('a torn or damaged end does not keep a run from being listed', async () => {
  const runsDir = join(temporaryFolder(), 'runs');
  const id = await run(runsDir, 1_000, [started, opened('one')]);
  writeFileSync(join(runsDir, id, 'journal.jsonl'), '{"v":1,"seq":', { flag: 'a' });
  expect(listRuns(runsDir)).toMatchObject([{ title: 'one', state: 'unfinished' }]);
});

test('a run that finished in a fallback folder is finished', async () => {
  const base = temporaryFolder();
  const roots = [join(base, 'cache')];
  const journal = await createJournal({ runsDir: join(base, 'runs'), ...who, roots });
  await journal.append(started);
  await journal.moveToFallback();
  await journal.append(finished('rolled-back'));
  await journal.close();
  expect(listRuns(join(base, 'runs'), 10, roots)).toMatchObject([{ state: 'finished', outcome: 'rolled-back' }]);
});

test('a run is found by the beginning or the end of its id', async () => {
  const runsDir = join(temporaryFolder(), 'runs');
  const first = await run(runsDir, Date.UTC(2026, 0, 1), [started]);
  const second = await run(runsDir, Date.UTC(2026, 6, 1), [started]);
  expect(basename(resolveRun(runsDir, first.slice(0, 9)))).toBe(first);
  expect(basename(resolveRun(runsDir, second.slice(-6).toUpperCase()))).toBe(second);
  expect(() => resolveRun(runsDir, '01')).toThrow(/2 runs have an id like "01"/);
  expect(() => resolveRun(runsDir, 'zz')).toThrow(expect.objectContaining({ nextStep: 'List them: gonogo runs' }));
  expect(() => resolveRun(runsDir, '')).toThrow();
});

test('ids are version 7 UUIDs and sort by time', () => {
  const ids = [1, 2, 1_800_000_000_000].map((now) => uuidv7(now));
  expect(ids).toEqual([...ids].sort());
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt((ids[2] as string).replace('-', '').slice(0, 12), 16)).toBe(1_800_000_000_000);
});

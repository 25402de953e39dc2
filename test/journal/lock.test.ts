import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Holder, lockedError, ownHolder, readHolder, writeHolder } from '../../src/journal/holder.ts';
import { processIdentity } from '../../src/journal/machine.ts';
import { askTakeOver, openJournal, readRun } from '../../src/journal/open.ts';
import { readRequest } from '../../src/journal/take-over.ts';
import { startChild } from './support/child.ts';
import { closedRun, newRun, note, reopen, who } from './support/runs.ts';

test('a second opening says who has the run, also in the same process', async () => {
  const journal = await newRun();
  const opened = await openJournal(journal.dir, who);
  expect(opened).toMatchObject({ kind: 'locked', holder: { pid: process.pid } });
  await journal.append(note('still ours'));
  expect((await openJournal(journal.dir, who)).kind).toBe('locked');
  await journal.close();
  expect((await reopen(journal.dir)).events).toHaveLength(1);
});

test('E705 says process, terminal and how long nobody typed', () => {
  const holder: Holder = { pid: 4242, startTime: '1', boot: 'b', terminal: 'pts/3', lastKey: 0 };
  const error = lockedError('/runs/x', holder, 21 * 60_000 + 4000);
  expect(error.code).toBe('E705');
  expect(error.message).toBe('run is open in pid 4242 on pts/3, no key for 21 min – [t]ake over here  [o]bserve');
  expect(lockedError('/runs/x', null, 0).message).toMatch(/^run is open in another gonogo –/);
});

test('the lock is held against other processes and dies with a killed one', async () => {
  const dir = await closedRun(0);
  const child = startChild(dir);
  await child.said(2);
  expect(await openJournal(dir, who)).toMatchObject({ kind: 'locked', holder: { pid: child.pid } });
  child.process.kill('SIGKILL');
  await child.ended;
  expect((await reopen(dir)).events.length).toBeGreaterThan(0);
});

test('whoever is asked leaves: its last entry is run.left and the lock is free', async () => {
  const dir = await closedRun(0);
  const child = startChild(dir);
  await child.said(2);
  expect(await askTakeOver(dir)).toBe('left');
  await child.ended;
  expect(child.process.exitCode).toBe(0);
  expect(readRun(dir, []).events.at(-1)).toMatchObject({ type: 'run.left', data: { why: 'takeover' } });
  expect(existsSync(join(dir, 'takeover.json'))).toBe(false);
  await reopen(dir);
});

test('the holder learns who asks', async () => {
  const journal = await newRun();
  const asking = askTakeOver(journal.dir);
  expect(await journal.takeOverAsked).toMatchObject({ pid: process.pid });
  await journal.close();
  expect(await asking).toBe('left');
});

test.each(['deaf', 'frozen'])(
  'a %s holder is terminated after its time and nothing acknowledged is lost',
  async (how) => {
    const dir = await closedRun(0);
    const child = startChild(dir, 'deaf');
    await child.said(3);
    if (how === 'frozen') child.process.kill('SIGSTOP');
    expect(await askTakeOver(dir, { answerMs: 100, termMs: 1000 })).toBe('terminated');
    await child.ended;
    expect(child.process.signalCode).toBe(how === 'frozen' ? 'SIGKILL' : 'SIGTERM');
    const { events } = await reopen(dir);
    const last = child.lines().at(-1)?.split(' ') as [string, string];
    expect(events[Number(last[0])]?.h).toBe(last[1]);
  },
);

test('a process that is not the one that noted itself is never ended', async () => {
  const dir = await closedRun(0);
  const child = startChild(dir, 'deaf');
  await child.said(2);
  await writeHolder(dir, { ...(readHolder(dir) as Holder), startTime: '1' });
  const asking = askTakeOver(dir, { answerMs: 50, termMs: 50 });
  await expect(asking).rejects.toMatchObject({ code: 'E705', nextStep: expect.any(String) });
  expect(child.process.exitCode).toBeNull();
  expect(processIdentity(child.pid)).not.toBeNull();
});

test('a request counts only while the process that asks is alive', async () => {
  const { dir } = await newRun();
  expect(await readRequest(dir)).toBeNull();
  const request = join(dir, 'takeover.json');
  writeFileSync(request, JSON.stringify({ ...ownHolder(0), startTime: '1' }), { mode: 0o600 });
  expect(await readRequest(dir)).toBeNull();
  writeFileSync(request, '{"pid":');
  expect(await readRequest(dir)).toBeNull();
  writeFileSync(request, JSON.stringify(ownHolder(0)));
  expect(await readRequest(dir)).toMatchObject({ pid: process.pid });
});

test('key presses are noted by rename, at most once a second', async () => {
  let now = 1_000_000;
  const clock = { now: () => now, mono: () => now, boot: 'boot' };
  const journal = await newRun({ clock });
  const lastKey = (): number => (JSON.parse(readFileSync(join(journal.dir, 'holder.json'), 'utf8')) as Holder).lastKey;
  expect(lastKey()).toBe(1_000_000);
  now += 999;
  journal.noteKey();
  now += 1;
  journal.noteKey();
  now += 500;
  journal.noteKey();
  await expect.poll(lastKey).toBe(1_001_000);
});

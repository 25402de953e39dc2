import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRun, verifyJournal } from '../../src/journal/open.ts';
import type { WriteHealth } from '../../src/ports/journal.ts';
import { faultyDisk } from './support/faulty-file.ts';
import { left, newRun, note, reopen, temporaryFolder } from './support/runs.ts';

const texts = (dir: string, roots: readonly string[] = []): string[] =>
  readRun(dir, roots).events.map((event) => (event.type === 'note.added' ? event.data.text : event.type));

test('order of calls is order of lines, one write a line, and lines that wait share a sync', async () => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  const events = await Promise.all(Array.from({ length: 50 }, (_, i) => journal.append(note(String(i)))));
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i));
  expect(disk.calls.write).toBe(50);
  expect(disk.calls.datasync).toBeLessThan(5);
  expect(texts(journal.dir)).toEqual(events.map((_, i) => String(i)));
  expect(journal.next).toBe(50);
  expect(journal.head).toBe(events.at(-1)?.h);
});

test('an entry does not count before the disk has confirmed it', async () => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  disk.fault = (call) => {
    if (call !== 'datasync') return undefined;
    reached.resolve();
    return gate.promise;
  };
  let done = false;
  const append = journal.append(note('a')).then(() => (done = true));
  await reached.promise;
  expect(done).toBe(false);
  expect(journal.next).toBe(0);
  gate.resolve();
  await append;
  expect(journal.next).toBe(1);
});

test('a slow disk is said as saving, and taken back when it is through', async () => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  const gate = Promise.withResolvers<void>();
  disk.fault = (call, nth) => (call === 'datasync' && nth === 1 ? gate.promise : undefined);
  const seen: WriteHealth['kind'][] = [];
  journal.onHealth((health) => {
    seen.push(health.kind);
    if (health.kind === 'saving') gate.resolve();
  });
  await journal.append(note('a'));
  await journal.append(note('b'));
  expect(seen).toEqual(['saving', 'ok']);
});

test('a later change of the event does not reach the journal', async () => {
  const journal = await newRun();
  const data = { step: null, text: 'before' };
  const append = journal.append({ type: 'note.added', frame: 0, data });
  data.text = 'after';
  expect((await append).data).toEqual({ step: null, text: 'before' });
  expect(texts(journal.dir)).toEqual(['before']);
});

test.each(['EIO', 'short'] as const)('a failed write (%s) is cut away and tried once more', async (fault) => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  await journal.append(note('a'));
  disk.fault = (call, nth) => (call === 'write' && nth === 2 ? fault : undefined);
  await journal.append(note('b'));
  expect(disk.calls.truncate).toBe(1);
  expect(journal.health.kind).toBe('ok');
  expect(texts(journal.dir)).toEqual(['a', 'b']);
  expect(verifyJournal(journal.dir, []).firstBad).toBeNull();
});

test('a disk that takes only a part of a line, twice, is full', async () => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  await journal.append(note('a'));
  disk.fault = (call) => (call === 'write' ? 'short' : undefined);
  await expect(journal.append(note('b'))).rejects.toMatchObject({ code: 'E707' });
  expect(journal.health.kind).toBe('full');
  expect(texts(journal.dir)).toEqual(['a']);
  disk.fault = () => undefined;
  await journal.append(note('c'));
  expect(texts(journal.dir)).toEqual(['a', 'c']);
});

test('a disk that keeps refusing is E706; the file ends with the last good entry', async () => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  await journal.append(note('a'));
  const size = statSync(join(journal.dir, 'journal.jsonl')).size;
  disk.fault = (call) => (call === 'write' ? 'EIO' : undefined);
  await expect(journal.append(note('b'))).rejects.toMatchObject({ code: 'E706', place: journal.dir });
  expect(journal.health).toEqual({ kind: 'poisoned', reason: 'write: EIO' });
  expect(statSync(join(journal.dir, 'journal.jsonl')).size).toBe(size);
});

test('a failed fsync poisons the journal: E706, and nothing is written or synced there again', async () => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  await journal.append(note('a'));
  disk.fault = (call) => (call === 'datasync' ? 'EIO' : undefined);
  const two = [journal.append(note('b')), journal.append(note('c'))];
  for (const result of await Promise.allSettled(two)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'E706' } });
  }
  disk.fault = () => undefined;
  const calls = { ...disk.calls };
  await expect(journal.append(left)).rejects.toMatchObject({
    code: 'E706',
    message: 'disk refused to save (fsync: EIO); no new commands',
    nextStep: expect.stringContaining(`gonogo export ${journal.run}`),
  });
  expect(disk.calls).toEqual(calls);
  expect(journal.next).toBe(1);
});

test('on a full disk outcomes are recorded from the ballast and everything new is E707, until there is room', async () => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  const ballast = join(journal.dir, 'ballast');
  expect(statSync(ballast).size).toBe(256 * 1024);
  disk.fault = (call) => (call === 'write' && existsSync(ballast) ? 'ENOSPC' : undefined);
  await expect(journal.append(note('new'))).rejects.toMatchObject({
    code: 'E707',
    message: 'disk full – outcome saved, new commands blocked',
  });
  expect(journal.health).toEqual({ kind: 'full' });
  expect(existsSync(ballast)).toBe(false);
  expect(await journal.append(left)).toMatchObject({ type: 'run.left', seq: 0 });
  disk.fault = () => undefined;
  await journal.append(note('room again'));
  // A disk that is busy with something else may make it slow.
  expect(journal.health.kind).not.toBe('full');
  expect(statSync(ballast).size).toBe(256 * 1024);
  expect(texts(journal.dir)).toEqual(['run.left', 'room again']);
});

test('an outcome that meets the full disk first is recorded all the same', async () => {
  const disk = faultyDisk();
  const journal = await newRun({ openFile: disk.openFile });
  disk.fault = (call, nth) => (call === 'write' && nth === 2 ? 'ENOSPC' : undefined);
  const [a, b] = [journal.append(note('a')), journal.append(left)];
  await Promise.all([a, b]);
  expect(journal.health).toEqual({ kind: 'full' });
  expect(texts(journal.dir)).toEqual(['a', 'run.left']);
});

test('the actor changes with operator.changed, from the next entry on', async () => {
  const journal = await newRun();
  const change = await journal.append({ type: 'operator.changed', frame: 0, data: { from: 'alice', to: 'bob' } });
  expect(change.actor).toBe('alice');
  expect((await journal.append(note('x'))).actor).toBe('bob');
});

test('what was appended before closing is written, what comes after is refused', async () => {
  const journal = await newRun();
  const append = journal.append(note('a'));
  await journal.close();
  await append;
  await expect(journal.append(note('b'))).rejects.toThrow('the run was left');
});

test('a poisoned journal goes on in the first writable fallback folder and is one chain', async () => {
  const disk = faultyDisk();
  const base = temporaryFolder();
  const roots = [join(base, 'file', 'gonogo'), join(base, 'second', 'gonogo')];
  writeFileSync(join(base, 'file'), 'not a folder');
  const journal = await newRun({ openFile: disk.openFile, roots });
  const a = await journal.append(note('a'));
  disk.fault = (call) => (call === 'datasync' ? 'EIO' : undefined);
  await expect(journal.append(note('lost'))).rejects.toMatchObject({ code: 'E706' });
  disk.fault = () => undefined;

  const dir = (await journal.moveToFallback())?.dir;
  expect(dir).toBe(join(roots[1] as string, journal.run));
  expect(journal.health).toEqual({ kind: 'moved', dir });
  await journal.append(note('b'));
  await journal.close();

  const { events, head } = readRun(journal.dir, roots);
  expect(events.map((event) => event.type)).toEqual(['note.added', 'journal.continued', 'note.added']);
  expect(events[1]).toMatchObject({ seq: 1, data: { from: journal.dir, head: a.h } });
  expect(head).toBe(journal.head);
  expect(statSync(join(dir as string, 'journal.jsonl')).mode & 0o777).toBe(0o600);

  const again = await reopen(journal.dir, { roots });
  expect(again.journal.health).toEqual({ kind: 'moved', dir });
  await again.journal.append(note('c'));
  await again.journal.close();
  expect(texts(journal.dir, roots)).toEqual(['a', 'journal.continued', 'b', 'c']);
  expect(verifyJournal(journal.dir, roots)).toMatchObject({ count: 4, firstBad: null });
  expect(texts(journal.dir, roots)).not.toContain('lost');
});

test('moving does not wait for a disk that hangs; what waited is recorded in the new folder', async () => {
  const disk = faultyDisk();
  const roots = [join(temporaryFolder(), 'gonogo')];
  const journal = await newRun({ openFile: disk.openFile, roots });
  await journal.append(note('a'));
  const gate = Promise.withResolvers<void>();
  disk.fault = (call, nth) => (call === 'datasync' && nth === 2 ? gate.promise : undefined);
  const hanging = journal.append(note('b'));
  await new Promise<void>((resolve) => journal.onHealth((health) => health.kind === 'saving' && resolve()));
  const waiting = journal.append(note('c'));
  await journal.moveToFallback();
  expect((await Promise.all([hanging, waiting])).map((event) => event.seq)).toEqual([2, 3]);
  gate.resolve();
  await journal.close();
  expect(texts(journal.dir, roots)).toEqual(['a', 'journal.continued', 'b', 'c']);
});

test('null when no fallback folder can be written', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'not a folder');
  const journal = await newRun({ roots: [join(file, 'gonogo')] });
  expect(await journal.moveToFallback()).toBeNull();
});

test('a continuation that names another head is not taken for ours', async () => {
  const roots = [join(temporaryFolder(), 'gonogo')];
  const journal = await newRun({ roots });
  await journal.append(note('a'));
  const dir = (await journal.moveToFallback())?.dir as string;
  await journal.append(note('b'));
  await journal.close();
  const path = join(dir, 'journal.jsonl');
  const forged = readFileSync(path, 'utf8').replaceAll(/"head":"[0-9a-f]{64}"/g, `"head":"${'1'.repeat(64)}"`);
  writeFileSync(path, forged);
  expect(texts(journal.dir, roots)).toEqual(['a']);
});

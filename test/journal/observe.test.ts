import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { observeJournal } from '../../src/journal/open.ts';
import type { Recorded } from '../../src/session/events.ts';
import { closedRun, newRun, note, temporaryFolder } from './support/runs.ts';

const options = (signal: AbortSignal, roots: readonly string[] = []) => ({ signal, pollMs: 5, roots });

const textOf = (event: Recorded | undefined): string | undefined =>
  event?.type === 'note.added' ? event.data.text : event?.type;

test('an observer sees what is there, then each entry as it is appended, and ends when told', async () => {
  const journal = await newRun();
  await journal.append(note('a'));
  const stop = new AbortController();
  const seen = observeJournal(journal.dir, options(stop.signal));
  expect(textOf((await seen.next()).value as Recorded)).toBe('a');
  const next = seen.next();
  const b = await journal.append(note('b'));
  expect((await next).value).toEqual(b);
  const end = seen.next();
  stop.abort();
  expect((await end).done).toBe(true);
});

test('half a line waits for its other half', async () => {
  const source = await newRun();
  await source.append(note('a'));
  await source.append(note('b'));
  const bytes = readFileSync(join(source.dir, 'journal.jsonl'));
  const dir = await closedRun(0);
  const path = join(dir, 'journal.jsonl');
  const cut = bytes.indexOf(0x0a) + 20;
  writeFileSync(path, bytes.subarray(0, cut), { mode: 0o600 });
  const stop = new AbortController();
  const seen = observeJournal(dir, options(stop.signal));
  expect(textOf((await seen.next()).value as Recorded)).toBe('a');
  const next = seen.next();
  appendFileSync(path, bytes.subarray(cut));
  expect(textOf((await next).value as Recorded)).toBe('b');
  stop.abort();
  await seen.return(undefined);
});

test('a broken chain is said, not shown', async () => {
  const dir = await closedRun(3);
  const path = join(dir, 'journal.jsonl');
  writeFileSync(path, readFileSync(path, 'utf8').replace('note 1', 'note 7'));
  const seen = observeJournal(dir, options(new AbortController().signal));
  await expect(seen.next()).rejects.toMatchObject({ code: 'E702' });
});

test('an observer follows into the folder where the journal goes on', async () => {
  const roots = [join(temporaryFolder(), 'gonogo')];
  const journal = await newRun({ roots });
  await journal.append(note('a'));
  const stop = new AbortController();
  const seen = observeJournal(journal.dir, options(stop.signal, roots));
  await seen.next();
  await journal.moveToFallback();
  await journal.append(note('b'));
  expect(textOf((await seen.next()).value as Recorded)).toBe('journal.continued');
  expect(textOf((await seen.next()).value as Recorded)).toBe('b');
  stop.abort();
  await seen.return(undefined);
});

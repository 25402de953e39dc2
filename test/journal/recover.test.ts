import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkLines } from '../../src/journal/check-lines.ts';
import { encodeLine, type LineFields, zeroHash } from '../../src/journal/line.ts';
import { eventsOf, openJournal, readRun, verifyJournal } from '../../src/journal/open.ts';
import { closedRun, newRun, note, reopen, who } from './support/runs.ts';

const pathOf = (dir: string): string => join(dir, 'journal.jsonl');
const linesOf = (dir: string): string[] => readFileSync(pathOf(dir), 'utf8').split('\n').slice(0, -1);
const rewrite = (dir: string, lines: readonly string[]): void => writeFileSync(pathOf(dir), `${lines.join('\n')}\n`);

test('a journal cut anywhere opens with every whole entry, and the rest is set aside', async () => {
  const dir = await closedRun(3);
  const whole = readFileSync(pathOf(dir));
  for (let length = 0; length <= whole.length; length += 13) {
    writeFileSync(pathOf(dir), whole.subarray(0, length));
    const complete = whole.subarray(0, length).toString().split('\n').length - 1;
    const from = whole.subarray(0, length).lastIndexOf(0x0a) + 1;
    const { journal, events, notices } = await reopen(dir);
    await journal.close();
    const kept = events.filter((event) => event.type === 'note.added');
    expect(kept).toHaveLength(complete);
    if (from === length) expect(notices).toEqual([]);
    else {
      const last = events.at(-1);
      expect(last).toMatchObject({ type: 'journal.recovered', seq: complete, data: { bytes: length - from } });
      expect(notices).toMatchObject([
        {
          code: 'I701',
          message: expect.stringMatching(`^recovered: ${length - from} bytes of an unfinished entry set aside`),
        },
      ]);
      const file = last?.type === 'journal.recovered' ? last.data.file : '';
      expect(file).toMatch(new RegExp(`^journal\\.torn-${complete}(-\\d+)?\\.bin$`));
      expect(readFileSync(join(dir, file))).toEqual(whole.subarray(from, length));
    }
    expect(verifyJournal(dir, [])).toMatchObject({ firstBad: null, tornBytes: 0, count: events.length });
  }
});

test('wherever a journal is cut, exactly the whole entries count', async () => {
  const dir = await closedRun(3);
  const whole = readFileSync(pathOf(dir));
  const resolve = (data: unknown): { kind: 'data'; data: unknown } => ({ kind: 'data', data });
  for (let length = 0; length <= whole.length; length += 1) {
    const cut = whole.subarray(0, length);
    const from = cut.lastIndexOf(0x0a) + 1;
    const { events, end } = checkLines(cut, { head: zeroHash, seq: 0, resolve });
    expect(events).toHaveLength(cut.toString().split('\n').length - 1);
    expect(end).toEqual(from === length ? { kind: 'whole' } : { kind: 'torn', from, bytes: length - from });
  }
});

test('garbage after the last entry is set aside, with or without a newline', async () => {
  const dir = await closedRun(2);
  appendFileSync(pathOf(dir), '\0\0\0\0\n{"v":1,"seq":2\n\0');
  const { events } = await reopen(dir);
  expect(events.map((event) => event.type)).toEqual(['note.added', 'note.added', 'journal.recovered']);
});

test('the torn tail is read over by a reader and not touched', async () => {
  const dir = await closedRun(2);
  truncateSync(pathOf(dir), readFileSync(pathOf(dir)).length - 5);
  const before = readFileSync(pathOf(dir));
  expect(readRun(dir, []).events).toHaveLength(1);
  expect(readRun(dir, []).damage).toBeNull();
  expect(readFileSync(pathOf(dir))).toEqual(before);
});

const damages: readonly [string, (lines: string[]) => string[], number][] = [
  ['a flipped bit', (lines) => lines.map((line, i) => (i === 4 ? line.replace('note 4', 'note 5') : line)), 4],
  ['an unreadable entry', (lines) => lines.map((line, i) => (i === 4 ? line.replace('{', '[') : line)), 4],
  ['a deleted entry', (lines) => lines.filter((_, i) => i !== 6), 6],
  ['the last but one deleted', (lines) => lines.filter((_, i) => i !== 8), 8],
  [
    'two entries swapped',
    (lines) => [...lines.slice(0, 2), lines[3] as string, lines[2] as string, ...lines.slice(4)],
    2,
  ],
  ['a changed last entry', (lines) => lines.map((line, i) => (i === 9 ? line.replace('note 9', 'note 8') : line)), 9],
  ['an older version number', (lines) => lines.map((line, i) => (i === 3 ? line.replace('"v":1', '"v":0') : line)), 3],
  [
    'a newer version among older ones',
    (lines) => lines.map((line, i) => (i === 3 ? line.replace('"v":1', '"v":9') : line)),
    3,
  ],
];

test.each(damages)('%s is E702: read-only, named by its entry, never repaired', async (_, damage, entry) => {
  const dir = await closedRun(10);
  rewrite(dir, damage(linesOf(dir)));
  const before = readFileSync(pathOf(dir));
  const opened = await openJournal(dir, who);
  expect(opened).toMatchObject({ kind: 'damaged', entry });
  if (opened.kind !== 'damaged') return;
  expect(opened.events).toHaveLength(entry);
  expect(opened.error).toMatchObject({ code: 'E702', place: `${pathOf(dir)}:${entry + 1}` });
  expect(opened.error.message).toContain(`record damaged at entry ${entry}`);
  expect(readRun(dir, []).damage?.code).toBe('E702');
  expect(() => eventsOf(dir, [])).toThrow(expect.objectContaining({ code: 'E702' }));
  expect(verifyJournal(dir, []).firstBad).toMatchObject({ line: entry + 1, entry });
  expect(readFileSync(pathOf(dir))).toEqual(before);
  expect(readdirSync(dir).filter((name) => name.includes('torn'))).toEqual([]);
});

test.each(['first', 'last'])(
  'an entry of a newer gonogo, the %s one, is E703 and nothing is cut off',
  async (which) => {
    const dir = await closedRun(3);
    const newer = (line: string): string => line.replace('"v":1', '"v":99');
    const lines = linesOf(dir);
    rewrite(
      dir,
      lines.map((line, i) => (which === 'first' || i === 2 ? newer(line) : line)),
    );
    const before = readFileSync(pathOf(dir));
    const refused = { code: 'E703', message: 'written by a newer gonogo (schema 99)' };
    await expect(openJournal(dir, who)).rejects.toMatchObject(refused);
    expect(() => readRun(dir, [])).toThrow(expect.objectContaining(refused));
    expect(readFileSync(pathOf(dir))).toEqual(before);
  },
);

test('entries of an older version are raised by pure steps, the file stays', () => {
  const fields: LineFields = {
    seq: 0,
    at: 0,
    mono: 0,
    boot: 'b',
    session: 's',
    actor: 'a',
    frame: 0,
    type: 'note.added',
    data: { remark: 'old' },
  };
  const old = encodeLine(zeroHash, fields);
  const body = old.bytes
    .toString()
    .replace('"v":1', '"v":0')
    .replace(/,"h":.*\n$/, '}');
  const line = rehashed(zeroHash, body);
  const resolve = (data: unknown): { kind: 'data'; data: unknown } => ({ kind: 'data', data });
  const raised = checkLines(line, {
    head: zeroHash,
    seq: 0,
    resolve,
    steps: { 0: (from) => ({ ...from, data: { step: null, text: (from.data as { remark: string }).remark } }) },
  });
  expect(raised.end.kind).toBe('whole');
  expect(raised.events[0]?.data).toEqual({ step: null, text: 'old' });
});

const rehashed = (previous: string, body: string): Buffer => {
  const h = createHash('sha256').update(previous).update(body).digest('hex');
  return Buffer.from(`${body.slice(0, -1)},"h":"${h}"}\n`);
};

test('data over 64 KiB goes to a file of its own and comes back', async () => {
  const journal = await newRun();
  const text = 'ü'.repeat(40_000);
  const event = await journal.append(note(text));
  expect(event.data).toEqual({ step: null, text });
  await journal.append(note('after'));
  await journal.close();
  for (const line of linesOf(journal.dir)) expect(Buffer.byteLength(line)).toBeLessThan(64 * 1024);
  const { events } = await reopen(journal.dir);
  expect(events[0]).toEqual(event);
});

test.each(['changed', 'missing'])('a %s data file is damage at the entry that refers to it', async (how) => {
  const journal = await newRun();
  await journal.append(note('before'));
  await journal.append(note('x'.repeat(70_000)));
  await journal.close();
  const [name] = readdirSync(join(journal.dir, 'data'));
  const path = join(journal.dir, 'data', name as string);
  if (how === 'changed') writeFileSync(path, readFileSync(path, 'utf8').replace('x', 'y'));
  else truncateSync(path, 0);
  expect(await openJournal(journal.dir, who)).toMatchObject({ kind: 'damaged', entry: 1 });
});

test('a clock that stands before the last entry is W709', async () => {
  const dir = await closedRun(1);
  const clock = { now: () => Date.now() - 3 * 3600_000, mono: () => 1, boot: 'boot' };
  const { notices } = await reopen(dir, { clock });
  expect(notices).toEqual([{ code: 'W709', message: 'clock moved −3 h; order kept by sequence' }]);
});

test('what was appended is what is read back', async () => {
  const journal = await newRun();
  const appended = [await journal.append(note('one')), await journal.append(note('two'))];
  await journal.close();
  expect(readRun(journal.dir, []).events).toEqual(appended);
  expect(eventsOf(journal.dir, [])).toEqual(appended);
  expect(readRun(journal.dir, []).head).toBe(journal.head);
});

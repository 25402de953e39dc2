import { expect, test } from 'vitest';
import { createHistory } from '../../src/engine/history.ts';
import type { Recorded } from '../../src/session/events.ts';

const event = (seq: number): Recorded => ({
  type: 'note.added',
  frame: 0,
  data: { step: null, text: `note ${seq}` },
  seq,
  at: 0,
  mono: 0,
  boot: '',
  session: '',
  actor: 'alice',
  h: '',
});
const events = (count: number): readonly Recorded[] => Array.from({ length: count }, (_, seq) => event(seq));

test('a short run is kept, and its journal not read again', () => {
  const history = createHistory(
    events(2),
    () => {
      throw new Error('read');
    },
    5,
  );
  history.add([event(2), event(3)]);
  expect(history.all()).toEqual(events(4));
});

test('a long run is read from its journal, and nothing of it is kept', () => {
  let onDisk: readonly Recorded[] = events(5);
  const history = createHistory(onDisk, () => onDisk, 5);
  history.add([event(5)]);
  onDisk = events(6);
  expect(history.all()).toBe(onDisk);
  history.add([event(6)]);
  onDisk = events(7);
  expect(history.all()).toBe(onDisk);
});

test('without a journal to read, everything is kept', () => {
  const history = createHistory(events(9), null, 5);
  expect(history.all()).toHaveLength(9);
});

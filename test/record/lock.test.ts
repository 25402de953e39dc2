import { expect, test } from 'vitest';
import { lockRecord, lockWords } from '../../src/record/lock.ts';
import type { EventData, Recorded, RunEvent } from '../../src/session/events.ts';

const recorded = (events: readonly RunEvent[]): readonly Recorded[] =>
  events.map((event, seq) => ({
    ...event,
    seq,
    at: 1_760_000_000_000 + seq * 60_000,
    mono: 0,
    boot: 'b',
    session: 's',
    actor: 'alice',
    h: '0'.repeat(64),
  }));

const scope = 'checkout';
const takenOver: EventData['lock.taken-over'] = {
  scope,
  from: 'bob@desk/0199',
  epoch: 4,
  reason: 'gone',
  typed: 'bob',
};

test('a run that changed nothing has none', () => {
  expect(lockRecord(recorded([{ type: 'run.left', frame: 0, data: { why: 'quit' } }]))).toBeNull();
});

test('times, epoch and how it was come by are in the record', () => {
  const record = lockRecord(
    recorded([
      { type: 'lock.taken-over', frame: 0, data: takenOver },
      { type: 'lock.acquired', frame: 0, data: { scope, epoch: 4, where: 'cluster' } },
      { type: 'lock.released', frame: 0, data: { scope, reason: null } },
    ]),
  );
  expect(record).toEqual({
    scope,
    where: 'cluster',
    epoch: 4,
    unlocked: false,
    history: [
      { at: '2025-10-09T08:53:20.000Z', by: 'alice', what: 'taken over', epoch: 4, text: 'from bob@desk/0199: gone' },
      { at: '2025-10-09T08:54:20.000Z', by: 'alice', what: 'acquired', epoch: 4, text: null },
      { at: '2025-10-09T08:55:20.000Z', by: 'alice', what: 'released', epoch: null, text: null },
    ],
  });
});

test('how it came to this run is told', () => {
  const from = 'given free by Bob: Alice is on holiday';
  const events = recorded([
    { type: 'lock.acquired', frame: 0, data: { scope, epoch: 4, where: 'cluster', since: 17, from } },
  ]);
  expect(lockRecord(events)?.history).toMatchObject([{ what: 'acquired', text: from }]);
  expect(events.map(lockWords)).toEqual(['Deploy lock "checkout" acquired: given free by Bob: Alice is on holiday']);
});

test('going on without it is said in capitals', () => {
  const events = recorded([
    { type: 'lock.unlocked', frame: 0, data: { scope, because: 'held by bob@desk/0199', holder: 'bob@desk/0199' } },
  ]);
  expect(lockRecord(events)).toMatchObject({ unlocked: true, where: null, epoch: null });
  expect(events.map(lockWords)).toEqual(['UNLOCKED, deploy lock "checkout": held by bob@desk/0199']);
});

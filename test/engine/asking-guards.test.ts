import { expect, test } from 'vitest';
import { askGuards } from '../../src/engine/asking-guards.ts';
import type { Guard } from '../../src/engine/guard.ts';
import type { RunEvent } from '../../src/session/events.ts';
import { initialState } from '../../src/session/state.ts';

const taken: RunEvent = { type: 'lock.acquired', frame: 0, data: { scope: 'checkout', epoch: 1, where: 'cluster' } };
const lost: RunEvent = { type: 'lock.lost', frame: 0, data: { scope: 'checkout', because: 'deleted' } };
const passes: Guard = async () => ({ ok: true, events: [taken] });
const refuses: Guard = async () => ({ ok: false, refusal: { message: 'no', nextStep: null }, events: [lost] });

const asked = (guards: readonly Guard[]) =>
  askGuards(guards, { type: 'rollback' }, () => initialState({}), { ok: true, events: [], effects: [] });

test('what a guard has found is recorded although a later one refuses', async () => {
  expect(await asked([passes, refuses])).toEqual({
    ok: false,
    events: [taken, lost],
    refusal: { message: 'no', nextStep: null },
  });
  expect(await asked([passes, passes])).toEqual({ ok: true, events: [taken, taken] });
});

test('nobody is asked after a refusal', async () => {
  let count = 0;
  const counts: Guard = async () => {
    count += 1;
    return { ok: true, events: [] };
  };
  await asked([refuses, counts]);
  expect(count).toBe(0);
});

import { expect, test } from 'vitest';
import { rowText } from '../../src/ui/rows.ts';
import * as facts from './support/cluster-facts.ts';
import { drawn, sizes } from './support/gate-frames.ts';

const holder =
  'Bob (bob@bastion-2/0199) has the deploy lock "deployment-checkout" since 2026-11-20 14:02 UTC: Deploy checkout v2.3.0 (CHG-4711)';

const refused = (typed?: { readonly word: string; readonly of: string }) => {
  const shown = drawn('rolling', facts.cluster);
  const override = {
    what: 'lock',
    prompt: 'Change it all the same, UNLOCKED?',
    ...(typed === undefined ? {} : { typed }),
  };
  const refusal = {
    message: holder,
    nextStep: 'gonogo resume 0199 observes it from here. Wait until it is free',
    override,
  };
  shown.controller.act({
    type: 'open',
    dialog: { kind: 'override', refusal, intent: { type: 'finish' }, field: null, reason: null },
  });
  return shown;
};

test.each(sizes)('at %ix%i the second operator is told who, why and since when, and starts on no', (columns, rows) => {
  const frame = refused().frame(columns, rows);
  const text = frame.above.map(rowText).join(' ').replace(/\s+/g, ' ');
  expect(text).toContain('Change it all the same, UNLOCKED?');
  expect(text).toContain('Bob (bob@bastion-2/0199) has the deploy lock');
  expect(text).toContain('2026-11-20 14:02 UTC: Deploy checkout v2.3.0 (CHG-4711)');
  expect(text).toContain('gonogo resume 0199 observes it from here');
  expect(frame.menu?.items[0]?.label).toBe('No: wait, nothing is done now');
  expect(frame.menu?.limit).toBe(5);
});

test('no goes back without a trace', () => {
  const { controller, engine } = refused();
  controller.choose('not-now');
  controller.press({ name: 'enter', char: '', ctrl: false, burst: false });
  expect(controller.screen().dialogs).toHaveLength(0);
  expect(engine.intents).toEqual([]);
});

import { expect, test } from 'vitest';
import { keyTable } from '../../src/ui/keys.ts';
import { lookAt } from '../../src/ui/run/look.ts';
import { initialScreen } from '../../src/ui/screen-state.ts';
import { library, nowOf, runs } from './support/checkout.ts';
import { memoryEngine } from './support/engine.ts';

const usable = (name: keyof typeof runs, more = {}): readonly string[] => {
  const events = runs[name]();
  const view = memoryEngine(library, events, { now: nowOf(events), ...more }).view();
  return keyTable.filter((key) => key.available(lookAt(view, initialScreen, true))).map(({ id }) => id);
};

test('no chord stands for two keys', () => {
  const chords = keyTable.flatMap(({ press }) => press);
  expect(new Set(chords).size).toBe(chords.length);
});

test('keys that can run or pass something are guarded', () => {
  const guarded = keyTable.filter(({ danger }) => danger === 'confirms').map(({ id }) => id);
  expect(guarded).toEqual(expect.arrayContaining(['enter', 'tick', 'choice', 'again', 'undo']));
});

test('a key is offered only where it does something', () => {
  expect(usable('card')).toContain('tick');
  expect(usable('card')).not.toContain('edit');
  expect(usable('card')).not.toContain('choice');
  expect(usable('change')).toContain('edit');
  expect(usable('trouble')).toContain('again');
  expect(usable('running')).not.toContain('fail');
  expect(usable('running')).toContain('rollback');
});

test('an observer can look and leave, nothing else', () => {
  const keys = usable('change', { observing: { because: 'somebody else has it' } });
  expect(keys).not.toContain('rollback');
  expect(keys).not.toContain('note');
  expect(keys).toEqual(expect.arrayContaining(['leave', 'down', 'help', 'evidence']));
});

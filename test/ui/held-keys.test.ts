import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { heldKeys } from '../../src/ui/held-keys.ts';
import type { Press } from '../../src/ui/press.ts';

const enter: Press = { name: 'enter', char: '', ctrl: false, burst: false };
const j: Press = { name: 'char', char: 'j', ctrl: false, burst: false };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const keyboard = (): {
  readonly got: Press[];
  readonly press: (press: Press, afterMs: number) => void;
  readonly rest: () => void;
} => {
  const got: Press[] = [];
  const held = heldKeys(
    (press) => got.push(press),
    ({ name }) => name === 'enter',
    () => Date.now(),
  );
  return {
    got,
    press: (press, afterMs) => {
      vi.advanceTimersByTime(afterMs);
      held.press(press);
    },
    rest: () => {
      vi.advanceTimersByTime(2000);
    },
  };
};

test.each([250, 500, 660, 900])('a key held down acts once, whether it repeats after %i ms or not', (pause) => {
  const { got, press, rest } = keyboard();
  press(enter, 0);
  press(enter, pause);
  for (let i = 0; i < 60; i += 1) press(enter, 33);
  rest();
  expect(got).toHaveLength(1);
});

test('a second press on purpose counts, a moment later', () => {
  const { got, press, rest } = keyboard();
  press(enter, 0);
  press(enter, 600);
  expect(got).toHaveLength(1);
  rest();
  expect(got).toHaveLength(2);
});

test('another key does not overtake the one that is kept', () => {
  const { got, press } = keyboard();
  press(enter, 0);
  press(enter, 600);
  press(j, 10);
  expect(got).toEqual([enter, enter, j]);
});

test('keys that do no harm repeat freely', () => {
  const { got, press } = keyboard();
  for (let i = 0; i < 10; i += 1) press(j, 33);
  expect(got).toHaveLength(10);
});

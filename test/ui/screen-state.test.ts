import { expect, test } from 'vitest';
import { safeText } from '../../src/text/safe-text.ts';
import {
  backOnce,
  clamp,
  initialScreen,
  reduceScreen,
  type ScreenState,
  topDialog,
} from '../../src/ui/screen-state.ts';

const after = (...actions: readonly Parameters<typeof reduceScreen>[1][]): ScreenState =>
  actions.reduce(reduceScreen, initialScreen);

test('Esc goes back one level at a time: dialogs, the list, another step', () => {
  let state: ScreenState | null = after(
    { type: 'look', step: '2.1' },
    { type: 'list', shown: true },
    { type: 'open', dialog: { kind: 'leave' } },
    { type: 'open', dialog: { kind: 'help', scroll: 0 } },
  );
  const seen: (string | null)[] = [];
  while (state !== null) {
    seen.push(topDialog(state)?.kind ?? (state.list ? 'list' : state.selected));
    state = backOnce(state);
  }
  expect(seen).toEqual(['help', 'leave', 'list', '2.1', null]);
});

test('looking at another step starts at its top', () => {
  expect(after({ type: 'scroll', by: 5, most: 9 }, { type: 'look', step: '2.2' }).scroll).toBe(0);
});

test('scrolling stays within what there is', () => {
  expect(after({ type: 'scroll', by: 50, most: 7 }).scroll).toBe(7);
  expect(after({ type: 'scroll', by: -3, most: 7 }).scroll).toBe(0);
  expect(clamp(4, -2)).toBe(0);
});

test('a dialog that opens or closes takes the notice with it', () => {
  const told = { type: 'say', text: safeText('screen changed'), at: 1 } as const;
  expect(after(told, { type: 'open', dialog: { kind: 'leave' } }).notice).toBeNull();
  expect(after({ type: 'open', dialog: { kind: 'leave' } }, told, { type: 'close' }).notice).toBeNull();
});

test('changing a dialog without one does nothing', () => {
  expect(reduceScreen(initialScreen, { type: 'change', dialog: { kind: 'leave' } })).toBe(initialScreen);
});

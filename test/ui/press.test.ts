import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { chordOf } from '../../src/ui/chord.ts';
import { asChunk, pressesOf } from '../../src/ui/press.ts';

const none: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

const chords = (input: string, key: Partial<Key> = {}): readonly string[] =>
  pressesOf(input, { ...none, ...key }).map(chordOf);

test('text of several characters is several keys', () => {
  expect(chords('jjk')).toEqual(['j', 'j', 'k']);
  expect(chords('y\r')).toEqual(['y', 'enter']);
  expect(chords('a\r\nb')).toEqual(['a', 'enter', 'b']);
});

test('named keys and chords', () => {
  expect(chords('', { return: true })).toEqual(['enter']);
  expect(chords('d', { ctrl: true })).toEqual(['ctrl-d']);
  expect(chords('', { tab: true, shift: true })).toEqual(['backtab']);
  expect(chords(' ')).toEqual(['space']);
});

test('control characters, releases and Alt combinations are no keys', () => {
  expect(chords('\u0000')).toEqual([]);
  expect(chords('j', { eventType: 'release' })).toEqual([]);
  expect(chords('j', { meta: true })).toEqual([]);
});

test('several keys of one chunk are a burst, a single one is not', () => {
  const [one] = asChunk(pressesOf('y', none));
  expect(one?.burst).toBe(false);
  expect(asChunk(pressesOf('yy', none)).every(({ burst }) => burst)).toBe(true);
});

import type { Key } from 'ink';

export type PressName =
  | 'enter'
  | 'escape'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'tab'
  | 'backtab'
  | 'backspace'
  | 'delete'
  | 'char';

/** One key as it was pressed. */
export interface Press {
  readonly name: PressName;
  /** The character of `char`; empty otherwise. */
  readonly char: string;
  readonly ctrl: boolean;
  /** Arrived in one chunk with other keys: navigation is split, confirmations are dropped. */
  readonly burst: boolean;
}

type Named = Exclude<PressName, 'char'>;

const named = (key: Key): Named | null => {
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'page-up';
  if (key.pageDown) return 'page-down';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.tab) return key.shift ? 'backtab' : 'tab';
  if (key.backspace) return 'backspace';
  return key.delete ? 'delete' : null;
};

const inText: Readonly<Record<string, Named>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007F': 'backspace',
};

const press = (name: PressName, char = '', ctrl = false): Press => ({ name, char, ctrl, burst: false });

const ofChar = (char: string): Press | null => {
  const name = inText[char];
  if (name !== undefined) return press(name);
  return /^\p{Cc}/u.test(char) ? null : press('char', char);
};

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What one event of the terminal means: text of several characters becomes several keys. */
export const pressesOf = (input: string, key: Key): readonly Press[] => {
  if (key.eventType === 'release') return [];
  const name = named(key);
  if (name !== null) return [press(name)];
  if (key.ctrl) return input === '' ? [] : [press('char', input, true)];
  if (key.meta || key.super || key.hyper) return [];
  const out: Press[] = [];
  for (const { segment } of segments.segment(input)) {
    const chars = segment === '\r\n' ? ['\r'] : [segment];
    for (const char of chars) {
      const one = ofChar(char);
      if (one !== null) out.push(one);
    }
  }
  return out;
};

/** Marks every key of one chunk as part of a burst when there are several. */
export const asChunk = (presses: readonly Press[]): readonly Press[] =>
  presses.length > 1 ? presses.map((one) => ({ ...one, burst: true })) : presses;

import { chordOf } from '../chord.ts';
import type { Press } from '../press.ts';
import type { Dialog } from '../screen-state.ts';
import { edit, fieldText, insert, type TextField } from '../text-field.ts';
import type { Acting, Handled } from './acting.ts';
import { close } from './dialog-scroll.ts';

/** A field of one line: Enter takes it, but not as part of a burst. */
export const textKey = (
  acting: Acting,
  press: Press,
  field: TextField,
  change: (field: TextField) => Dialog,
  take: (text: string) => void,
  missing = 'a few words are needed, or Esc',
): Handled => {
  if (press.name === 'escape') return close(acting);
  if (press.name === 'enter') {
    const text = fieldText(field).trim();
    if (text === '') return acting.say(missing);
    if (acting.allowed(press)) take(text);
    return;
  }
  const next = edit(field, press);
  if (next !== null) acting.act({ type: 'change', dialog: change(next) });
};

/** A field of several lines: Enter is a line break, Ctrl-S takes it. */
export const editorKey = (
  acting: Acting,
  press: Press,
  field: TextField,
  change: (field: TextField) => Dialog,
  take: (text: string) => void,
): Handled => {
  if (press.name === 'escape') return close(acting);
  if (chordOf(press) === 'ctrl-s') {
    const text = fieldText(field);
    if (text.trim() === '') return acting.say('there is no text, or Esc');
    if (acting.allowed(press)) take(text);
    return;
  }
  const next = press.name === 'enter' ? insert(field, '\n', true) : edit(field, press);
  if (next !== null) acting.act({ type: 'change', dialog: change(next) });
};

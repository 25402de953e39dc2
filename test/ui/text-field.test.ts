import { expect, test } from 'vitest';
import type { Press, PressName } from '../../src/ui/press.ts';
import { edit, fieldText, insert, type TextField, textField } from '../../src/ui/text-field.ts';

const key = (name: PressName, char = '', ctrl = false): Press => ({ name, char, ctrl, burst: false });
const typed = (field: TextField, ...presses: readonly Press[]): TextField =>
  presses.reduce((now, press) => edit(now, press) ?? now, field);

test('typing, moving and deleting count what is seen as one character', () => {
  const field = typed(textField('né👩‍💻x'), key('left'), key('backspace'));
  expect(fieldText(field)).toBe('néx');
  expect(fieldText(typed(field, key('home'), key('char', '_')))).toBe('_néx');
});

test('a field of one line takes pasted line breaks as spaces', () => {
  expect(fieldText(insert(textField('a'), 'b\r\nc\n', false))).toBe('ab c');
  expect(fieldText(insert(textField('a'), 'b\r\nc', true))).toBe('ab\nc');
});

test('up and down keep the column in a text of several lines', () => {
  const field = typed(textField('abcd\nef\nghij'), key('up'), key('up'), key('char', '|'));
  expect(fieldText(field)).toBe('ab|cd\nef\nghij');
});

test('Ctrl-U clears to the start of the line', () => {
  expect(fieldText(typed(textField('one\ntwo'), key('char', 'u', true)))).toBe('one\n');
});

test('a key that means nothing to a field is left to its dialog', () => {
  expect(edit(textField('a'), key('escape'))).toBeNull();
  expect(edit(textField('a'), key('char', 's', true))).toBeNull();
});

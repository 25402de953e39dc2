import { expect, test } from 'vitest';
import { rowText } from '../../src/ui/rows.ts';
import { type TextField, textField } from '../../src/ui/text-field.ts';
import { wordEnter, wordRows, wrongWord } from '../../src/ui/views/typed-word.ts';
import * as facts from './support/cluster-facts.ts';
import { type Drawn, drawn, sizes } from './support/gate-frames.ts';

const asked = { word: 'bob', of: 'holder' };
const shown = (field: TextField, columns = 60): readonly string[] =>
  wordRows(asked, field, columns).map((line) => rowText(line).trimEnd());

test('the word stands above what is typed, letter under letter', () => {
  const [word = '', soFar = ''] = shown(textField('bo'));
  expect(word).toBe('Type the holder   bob');
  expect(soFar).toBe('typed so far      bo');
  expect(word.indexOf('bob')).toBe(soFar.indexOf('bo'));
});

test('what can no longer become the word is told at once', () => {
  expect(shown(textField('b'))[1]).not.toContain('match');
  expect(shown(textField('alice'))[1]).toMatch(/alice +does not match$/);
});

test('what Enter does is said, and why it did nothing', () => {
  expect(wordEnter(asked, textField('bo'), 'does it')).toBe('Enter does nothing until "bob" is typed.  Esc: no.');
  expect(wordEnter(asked, textField('bob '), 'does it')).toBe('Enter does it.  Esc: no.');
  expect(wrongWord(asked, '')).toBe('type the holder "bob", or Esc');
  expect(wrongWord(asked, 'alice')).toBe('"alice" is not "bob": nothing is done');
});

const letter = (char: string) => ({ name: 'char', char, ctrl: false, burst: false }) as const;

const takeOver = (): Drawn => {
  const own = drawn('rolling', facts.cluster);
  const override = { what: 'lock', prompt: 'Take it over?', typed: asked };
  const refusal = { message: 'Bob (bob@bastion-2/0199) has the deploy lock', nextStep: null, override };
  own.controller.act({
    type: 'open',
    dialog: { kind: 'override', refusal, intent: { type: 'finish' }, field: null, reason: null },
  });
  return own;
};

test.each(sizes)('at %ix%i a take-over shows reason, word, what is typed, Enter and Esc', (columns, rows) => {
  const own = takeOver();
  expect(own.frame(columns, rows).menu?.items.map(({ label }) => label)[2]).toContain('cannot be reached');
  own.controller.choose('the holder cannot be reached, others agree');
  own.controller.press({ ...letter('3') });
  own.controller.press(letter('x'));
  const text = own.lines(columns, rows).join('\n');
  expect(text).toMatch(/Because +the holder cannot be reached, others agree/);
  expect(text).toMatch(/Type the holder +bob/);
  expect(text).toMatch(/typed so far +x +does not match/);
  expect(text).toContain('Enter does nothing until "bob" is typed.  Esc: no.');
  own.controller.press({ name: 'enter', char: '', ctrl: false, burst: false });
  expect(own.lines(columns, rows).join('\n')).toContain('"x" is not "bob": nothing is done');
  expect(own.engine.intents).toEqual([]);
});

test('an own reason says that the name comes next, not that it goes on', () => {
  const own = takeOver();
  own.controller.choose('own-words');
  own.controller.press({ ...letter('5') });
  expect(own.lines(80, 24).at(-2)).toContain('Enter does nothing until something is typed.');
  own.controller.press(letter('x'));
  expect(own.lines(80, 24).at(-2)).toContain('Enter asks for the name of the holder next.');
});

test('letters of a reason at a gate are text: none of them counts as a key that confirms', () => {
  const own = drawn('failed', facts.pullFailure);
  own.controller.press(letter('3'));
  expect(own.lines(80, 24).join('\n')).toContain('Go on anyway?');
  for (const char of 'ys1') expect(own.controller.confirms(letter(char))).toBe(false);
});

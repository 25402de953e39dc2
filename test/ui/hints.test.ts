import { expect, test } from 'vitest';
import { safeText } from '../../src/text/safe-text.ts';
import type { KeyId } from '../../src/ui/key-row.ts';
import { keyFor, keyTable } from '../../src/ui/keys.ts';
import { rowText } from '../../src/ui/rows.ts';
import { fittedKeys } from '../../src/ui/run/key-line.ts';
import * as facts from './support/cluster-facts.ts';
import { type Drawn, drawn } from './support/gate-frames.ts';
import type { gateRuns } from './support/gate-runs.ts';

const char = (key: string) => ({ name: 'char', char: key, ctrl: false, burst: false }) as const;
const pressOf = (label: string) =>
  label === 'Tab'
    ? ({ name: 'tab', char: '', ctrl: false, burst: false } as const)
    : label === 'Space'
      ? char(' ')
      : char(label.charAt(0));

const keyLine = (own: Drawn, columns: number, rows: number): string => own.lines(columns, rows).at(-1) ?? '';

/** Keys that the last line names, as they are printed there. */
const hinted = (line: string): readonly string[] =>
  keyTable.flatMap(({ label, hint, id }) => {
    const shown = id === 'choice' ? /(?:^| )(\d(?:-\d)?) choose/.exec(line)?.[1] : label;
    if (shown === undefined || (hint !== null && !line.includes(`${shown} `))) return [];
    return hint !== null && new RegExp(`(^| )${shown.replace('?', '\\?')} (${hint}|all keys|lift hold|step)`).test(line)
      ? [shown]
      : [];
  });

const states = [
  ['rolling', facts.cluster],
  ['failed', facts.pullFailure],
  ['soak', facts.rolledOut],
  ['blind', facts.crashing],
  ['breached', facts.rolledOut],
  ['foreign', facts.running('shop:v9')],
  ['mismatch', facts.rolledOut],
  ['before', null],
] as const;

test.each(states)('in the run %s every key of the last line does something', (run, state) => {
  for (const [columns, rows] of [
    [160, 48],
    [100, 30],
    [80, 24],
    [60, 20],
  ] as const) {
    const labels = hinted(keyLine(drawn(run, state), columns, rows));
    expect(labels.length, `${columns}`).toBeGreaterThan(1);
    for (const label of labels) {
      const own = drawn(run, state);
      own.frame(columns, rows);
      const before = own.engine.intents.length;
      const press = pressOf(label);
      expect(keyFor(press), label).not.toBeNull();
      const shownBefore = JSON.stringify(own.controller.screen());
      own.controller.press(press);
      const { screen } = own.controller;
      const did =
        own.engine.intents.length > before || own.copied.length > 0 || JSON.stringify(screen()) !== shownBefore;
      expect(did, `${run} ${columns}: ${label}`).toBe(true);
      expect(screen().notice?.text ?? '', `${run} ${columns}: ${label}`).not.toContain('not here');
    }
  }
});

test('the digits named are those that choose something', () => {
  expect(keyLine(drawn('failed', facts.pullFailure), 160, 48)).toMatch(/^ 1-3 choose/);
});

test('the list stays on the last line of a narrow screen', () => {
  for (const run of ['rolling', 'soak', 'before'] satisfies (keyof typeof gateRuns)[])
    expect(keyLine(drawn(run, facts.rolledOut), 80, 24)).toContain('Tab list');
});

test('ending the run starts on no, which leaves no trace', () => {
  const own = drawn('soak', facts.rolledOut);
  own.controller.press(char('Q'));
  expect(own.frame(80, 24).menu?.items[0]?.label).toBe('No: the run goes on');
  own.controller.choose('not-now');
  own.controller.press({ name: 'enter', char: '', ctrl: false, burst: false });
  expect(own.controller.screen().dialogs).toEqual([]);
  expect(own.engine.intents).toEqual([]);
});

test('a title too long for its place goes without its phase, then stands whole above the step', () => {
  const own = drawn('rolling', facts.cluster);
  const { session } = own.engine.view();
  const long =
    'Every dashboard of the checkout service, its database and its queue looks as it did before the change began';
  const frame = session.frames[0];
  if (frame === undefined) throw new Error('no frame');
  const { phases } = frame.runbook;
  const renamed = phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) => (step.id === '2.3' ? { ...step, title: long } : step)),
  }));
  const runbook = { ...frame.runbook, phases: renamed };
  own.engine.put({ session: { ...session, frames: [{ ...frame, runbook }] } });
  for (const [columns, rows] of [
    [160, 48],
    [80, 24],
  ] as const) {
    const shown = own.frame(columns, rows).above.map(rowText);
    expect(shown.join('\n')).not.toContain('Roll out ›');
    const step = shown.map((line) => (columns === 160 ? (line.split('││')[1] ?? '') : line)).join(' ');
    expect(step.replaceAll(/ +/g, ' ')).toContain(long);
  }
});

const ids = (keyTable as readonly { readonly id: KeyId }[]).map(({ id }) => id);

test('the table names every key once', () => {
  expect(new Set(ids).size).toBe(ids.length);
});

test('of too many keys of a dialog the way back stays', () => {
  const keys = safeText('j k pod   d describe   l logs   p logs of the run before   PgDn PgUp scroll   Esc back');
  expect(fittedKeys(keys, 100)).toBe(keys);
  expect(fittedKeys(keys, 78)).toBe('j k pod   d describe   l logs   p logs of the run before   Esc back');
  expect(fittedKeys(keys, 38)).toBe('j k pod  d describe  l logs  Esc back');
  expect(fittedKeys(keys, 10)).toMatch(/Esc back$/);
});

test('Enter is not said to record what has not been written yet', () => {
  for (const [run, state, key] of [
    ['soak', facts.rolledOut, 'a'],
    ['foreign', facts.running('shop:v9'), 'A'],
  ] as const) {
    const own = drawn(run, state);
    own.frame(80, 24);
    own.controller.press(char(key));
    expect(own.lines(80, 24).at(-2)).toContain('Enter does nothing until');
    own.controller.press(char('x'));
    expect(own.lines(80, 24).at(-2)).not.toContain('Enter does nothing');
  }
});

import { expect, test } from 'vitest';
import type { EngineView } from '../../src/engine/view.ts';
import { safeText } from '../../src/text/safe-text.ts';
import { widthOf } from '../../src/text/width.ts';
import { type Row, rowText, rowWidth } from '../../src/ui/rows.ts';
import { createController, type RunController } from '../../src/ui/run/controller.ts';
import type { Frame } from '../../src/ui/run/frame.ts';
import { themeFor } from '../../src/ui/theme.ts';
import { library, nowOf, rolling, runs } from './support/checkout.ts';
import { memoryEngine } from './support/engine.ts';
import { faceOptions } from './support/open.ts';

const sizes = [
  [160, 48],
  [120, 30],
  [100, 30],
  [80, 24],
  [60, 20],
  [40, 12],
] as const;

const controllerOf = (
  name: keyof typeof runs,
  environment: Readonly<Record<string, string>> = { LANG: 'C.UTF-8' },
  more: Partial<EngineView> = {},
): RunController => {
  const events = runs[name]();
  return createController({
    engine: memoryEngine(library, events, { now: nowOf(events), ...more }),
    options: faceOptions,
    theme: themeFor('dark', environment),
    brief: false,
    copy: () => undefined,
    quit: () => undefined,
    printOut: async () => undefined,
    editElsewhere: async () => null,
    clock: () => 0,
  });
};

const frameAt = (controller: RunController, columns: number, rows: number): Frame => {
  const frame = controller.frame({ columns, rows });
  if (frame === null) throw new Error('too small');
  return frame;
};

const height = ({ top, above, menu, below, bottom }: Frame): number =>
  top.length + above.length + (menu?.limit ?? 0) + below.length + bottom.length;
const text = (rows: readonly Row[]): string => rows.map(rowText).join('\n');
const whole = (frame: Frame): string =>
  text([...frame.top, ...frame.left, ...frame.above, ...frame.below, ...frame.bottom]);

const dialogs = {
  none: null,
  help: { kind: 'help', scroll: 0 },
  leave: { kind: 'leave' },
  rollback: { kind: 'rollback', decide: null, scroll: 0, reached: false },
  reason: { kind: 'reason', why: { kind: 'fail', step: '2.3', phase: null }, field: null },
  evidence: { kind: 'evidence', step: '2.1', scroll: 0 },
} as const;

for (const [columns, rows] of sizes) {
  test(`every screen is exactly ${columns}x${rows}`, () => {
    for (const name of Object.keys(runs) as (keyof typeof runs)[]) {
      for (const dialog of Object.values(dialogs)) {
        const controller = controllerOf(name);
        if (dialog !== null) controller.act({ type: 'open', dialog });
        const frame = frameAt(controller, columns, rows);
        const where = `${name} ${dialog?.kind ?? ''}`;
        expect(height(frame), where).toBe(rows);
        const left = frame.left.length === 0 ? 0 : rowWidth(frame.left[0] as Row);
        for (const line of [...frame.top, ...frame.bottom])
          expect(rowWidth(line), `${where}: ${rowText(line)}`).toBe(columns);
        for (const line of [...frame.above, ...frame.below])
          expect(rowWidth(line) + left, `${where}: ${rowText(line)}`).toBe(columns);
      }
    }
  });
}

test('line 1 names target and versions and is in reverse video in production', () => {
  const [line = []] = frameAt(controllerOf('change'), 100, 30).top;
  expect(rowText(line)).toMatch(
    /^ PROD {2}prod-eu \/ production \(not pinned\) {3}checkout {2}v2\.3\.0 → v2\.3\.1 .* UTC $/,
  );
  expect(line.every(({ inverse }) => inverse === true)).toBe(true);
});

test.each([
  [80, 24, /^ PROD {2}prod-eu\/production {2}checkout v2\.3\.0 → v2\.3\.1 +alice {2}\d\d:\d\d:\d\d UTC $/],
  [60, 20, /^ PROD {2}production {2}checkout v2\.3\.0 → v2\.3\.1 +\d\d:\d\d:\d\d UTC $/],
  [40, 12, /^ PROD {2}checkout v2\.3\.0 → v2\.3\.1 +$/],
])('at %ix%i line 1 keeps what changes; the rest gives way', (columns, rows, expected) => {
  const [line = []] = frameAt(controllerOf('change'), columns, rows).top;
  expect(rowText(line)).toMatch(expected);
});

test('line 2 shows the way, line 3 the worst thing, line 4 where R leads', () => {
  const [, way, worst, back] = frameAt(controllerOf('trouble'), 100, 30).top.map(rowText);
  expect(way).toContain('Stop it ✓    ▸ Deploy    Decide');
  expect(way).toContain('step 6 of 10');
  expect(worst).toMatch(/^ wait {3}needs you: Wait for the rollout/);
  expect(back).toContain('back to v2.3.0: ready, 1 command, 1 check');
});

test('three columns at 160, one at 100 with the steps around, none of the list at a card', () => {
  expect(text(frameAt(controllerOf('change'), 160, 48).above)).toContain('┌ Checklist');
  const narrow = text(frameAt(controllerOf('change'), 100, 30).above);
  expect(narrow).not.toContain('Checklist');
  expect(narrow).toContain('✓ Look at the pods');
  expect(narrow).toContain('· Wait for the rollout');
});

test('panels have a column of their own, with their age', () => {
  const panel = {
    title: safeText('Pods'),
    state: 'live' as const,
    lines: [safeText('checkout-0 Running')],
    at: 0,
    because: null,
  };
  const { now } = controllerOf('change').view();
  const shown = text(
    frameAt(controllerOf('change', { LANG: 'C.UTF-8' }, { panels: [{ ...panel, at: now - 3000 }] }), 160, 48).above,
  );
  expect(shown).toContain('Pods · live 0:03 old');
  expect(shown).toContain('checkout-0 Running');
});

test('a running command shows how long it runs and its last lines', () => {
  const tails = { 3: { bytes: 10, lines: 14, tail: [...rolling, 'odd \u001B]0;title\u0007 bytes'], binary: false } };
  const shown = whole(frameAt(controllerOf('running', { LANG: 'C.UTF-8' }, { tails }), 100, 30));
  expect(shown).toMatch(/running \d+:\d\d/);
  expect(shown).toContain('4 out of 6 new');
  expect(shown).toContain('14 lines, o shows all');
  expect(shown).toContain('^[]0;title^G');
  expect(shown).toContain('Enter: nothing to do, kubectl works');
});

test.each([
  [100, 30, 10],
  [160, 48, 30],
])('at %ix%i output takes the room that is left, and no more', (columns, rows, count) => {
  const lines = Array.from({ length: count }, (_, i) => `line ${i + 1};`);
  const few = { 3: { bytes: 10, lines: count, tail: lines, binary: false } };
  const shown = frameAt(controllerOf('running', { LANG: 'C.UTF-8' }, { tails: few }), columns, rows);
  expect(whole(shown)).toContain('line 1;');
  expect(whole(shown)).not.toContain('o shows all');
  const many = {
    3: { bytes: 10, lines: 500, tail: Array.from({ length: 500 }, (_, i) => `row ${i + 1};`), binary: false },
  };
  const long = frameAt(controllerOf('running', { LANG: 'C.UTF-8' }, { tails: many }), columns, rows);
  expect(long.mostScroll).toBe(0);
  expect(whole(long)).toContain('row 500;');
  expect(whole(long)).toContain('500 lines, o shows all');
});

test('how a command goes is in sight at 60x16, though it is long', () => {
  const tails = { 3: { bytes: 10, lines: 2, tail: [...rolling], binary: false } };
  const shown = whole(frameAt(controllerOf('running', { LANG: 'C.UTF-8' }, { tails }), 60, 16));
  expect(shown).toMatch(/running \d+:\d\d/);
  expect(shown).toContain('have been updated');
});

test('Enter says that it asks where the command is not wholly in sight', () => {
  expect(whole(frameAt(controllerOf('read'), 100, 30))).toContain('Enter runs: kubectl');
  expect(whole(frameAt(controllerOf('read'), 40, 12))).toContain('Enter asks before it runs');
});

test('the whole command is in the confirmation, wrapped and never cut', () => {
  for (const [columns, rows] of sizes) {
    const controller = controllerOf('change');
    const { main } = controller.look();
    if (main.kind !== 'confirm') throw new Error('nothing to confirm');
    controller.act({
      type: 'open',
      dialog: {
        kind: 'confirm',
        pending: main.pending,
        edited: null,
        stdin: null,
        scroll: 0,
        reached: false,
        typed: { chars: [], cursor: 0 },
      },
    });
    const seen: string[] = [];
    const { mostScroll } = frameAt(controller, columns, rows);
    for (let scroll = 0; scroll <= mostScroll; scroll += 1) {
      const [dialog] = controller.screen().dialogs;
      if (dialog?.kind !== 'confirm') throw new Error('no dialog');
      controller.act({ type: 'change', dialog: { ...dialog, scroll } });
      seen.push(text(frameAt(controller, columns, rows).above));
    }
    const squeezed = seen.join('\n').replace(/\s+/g, '');
    for (const line of main.pending.spec.script.split('\n'))
      expect(squeezed, `${columns}x${rows}`).toContain(line.replace(/\s+/g, ''));
    expect(squeezed).toContain('Riskchange:kubectlsetimage');
    expect(squeezed).not.toContain('…');
  }
});

test('NO_COLOR leaves every word and takes every colour', () => {
  const { color } = themeFor('dark', { NO_COLOR: '1', LANG: 'C.UTF-8' });
  expect(Object.values(color).every((one) => one === undefined)).toBe(true);
});

test('a refusal is told without moving anything', () => {
  const controller = controllerOf('change');
  const before = frameAt(controller, 100, 30);
  controller.say('screen changed, press again');
  const after = frameAt(controller, 100, 30);
  expect(after.above.length).toBe(before.above.length);
  expect(after.above.slice(0, -1)).toEqual(before.above.slice(0, -1));
  expect(text(after.above)).toContain('screen changed, press again');
});

test('wide characters never break the frame', () => {
  const tails = { 3: { bytes: 10, lines: 2, tail: ['デプロイ'.repeat(40), '部署完成 👩‍💻 ok'], binary: false } };
  for (const [columns, rows] of sizes) {
    const frame = frameAt(controllerOf('running', { LANG: 'C.UTF-8' }, { tails }), columns, rows);
    for (const line of frame.above) expect(widthOf(rowText(line))).toBe(columns);
  }
});

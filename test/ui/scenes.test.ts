import { afterEach, expect, test } from 'vitest';
import type { Face, FormField, InputForm } from '../../src/engine/face.ts';
import type { PreflightCheck, RunTarget } from '../../src/session/events.ts';
import { safeText } from '../../src/text/safe-text.ts';
import { createScreen } from '../../src/ui/screen.tsx';
import { inputOf } from '../record/support.ts';
import { type FakeTerminal, fakeTerminal, until } from './support/terminal.ts';

interface Shown {
  readonly face: Face;
  readonly terminal: FakeTerminal;
  sees(text: string): Promise<readonly string[]>;
  press(...keys: readonly string[]): Promise<void>;
  /** Moves the guards' clock. */
  wait(ms: number): void;
}

const shown: Shown[] = [];
const screen = (columns = 100, rows = 30): Shown => {
  const terminal = fakeTerminal(columns, rows);
  let now = 0;
  const face = createScreen({
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    theme: 'dark',
    notifyCommand: null,
    environment: { LANG: 'C.UTF-8' },
    clock: () => now,
  });
  const of: Shown = {
    face,
    terminal,
    sees: (text) => until(terminal, (screenText) => screenText.includes(text), text),
    wait: (ms) => {
      now += ms;
    },
    press: async (...keys) => {
      for (const key of keys) {
        now += 1100;
        terminal.type(key);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
  shown.push(of);
  return of;
};
afterEach(async () => {
  for (const { face, terminal } of shown.splice(0)) {
    await face.close();
    terminal.terminal.dispose();
  }
});

const field = (input: FormField['input'], value = '', last: string | null = null): FormField => ({
  input,
  value,
  last: last === null ? null : safeText(last),
});
const form = (...fields: readonly FormField[]): InputForm => ({
  title: safeText('Emergency hotfix'),
  summary: null,
  fields,
  validate: (input, value) =>
    value === '' || value.startsWith('-')
      ? { ok: false, message: safeText(`E501 ${input.name} is not valid`), nextStep: safeText('Type another') }
      : { ok: true, value, secret: input.type === 'secret', warning: null },
});

test('the form shows the rule of each field, the value of the last run, and takes all values at once', async () => {
  const { face, sees, press } = screen();
  const secret = inputOf('token', { type: 'secret' });
  const answer = face.askInputs(
    form(
      field(inputOf('service'), 'checkout'),
      field(inputOf('version', { example: 'v2.3.1' }), '', 'v2.3.0'),
      field(secret),
    ),
  );
  const lines = (await sees('last time: v2.3.0')).join('\n');
  expect(lines).toContain('such as v2.3.1');
  await press('v', '9', '\r');
  await press(...'s3cret-word');
  const typed = await sees('***********');
  expect(typed.join('\n')).not.toContain('s3cret');
  await press('\r');
  expect(await answer).toEqual({ values: { service: 'checkout', version: 'v9' }, secrets: { token: 's3cret-word' } });
});

test('a value that breaks its rule keeps the cursor in its field and says why', async () => {
  const { face, sees, press } = screen();
  const answer = face.askInputs(form(field(inputOf('version')), field(inputOf('issue'))));
  await sees('version');
  await press('-', 'x', '\r');
  await sees('E501 version is not valid. Type another');
  await press('\u001B');
  expect(await answer).toBeNull();
});

test('a pasted value goes into the field, without running on', async () => {
  const { face, sees, press } = screen();
  const answer = face.askInputs(form(field(inputOf('version'))));
  await sees('version');
  await press('\u001B[200~v2.3.1\n\u001B[201~');
  await sees('v2.3.1');
  await press('\r');
  expect(await answer).toEqual({ values: { version: 'v2.3.1' }, secrets: {} });
});

const target: RunTarget = {
  context: 'prod-eu',
  namespace: 'production',
  workloads: [],
  production: true,
  pinned: false,
};
const check = (level: PreflightCheck['level'], title: string): PreflightCheck => ({
  id: title,
  title,
  level,
  message: `${title} was looked at`,
  nextStep: level === 'ok' ? null : `look at ${title}`,
});
const page = (...checks: readonly PreflightCheck[]) => ({
  title: safeText('Hotfix'),
  target,
  checks,
  headline: safeText('PROD prod-eu'),
});

test('what is said of checks begins in one column, however long the names of metrics are', async () => {
  const { face, terminal, sees, press } = screen();
  const answer = face.preflight(page(check('ok', 'Trust'), check('warn', 'p99 of the checkout')));
  await sees('look at p99 of the checkout');
  const lines = await terminal.lines();
  const places = ['Trust was looked at', 'p99 of the checkout was looked at', 'look at p99 of the checkout'].map(
    (text) => lines.find((line) => line.includes(text))?.indexOf(text),
  );
  expect(new Set(places).size).toBe(1);
  await press('\r');
  await answer;
});

test('checks that are all ok are not asked about', async () => {
  const { face, terminal } = screen();
  expect(await face.preflight(page(check('ok', 'Trust')))).toEqual({ reasons: {} });
  expect(terminal.bytes()).toBe('');
});

test('a check that needs a reason gets one before the run starts', async () => {
  const { face, sees, press } = screen();
  const answer = face.preflight(page(check('ok', 'Trust'), check('override', 'Change window')));
  const lines = (await sees('go on anyway because')).join('\n');
  expect(lines).toMatch(/ok +Trust/);
  expect(lines).toMatch(/FAIL +Change window/);
  await press('\r', ...'customers are down', '\r');
  await sees('goes on because: customers are down');
  await press('\r');
  expect(await answer).toEqual({ reasons: { 'Change window': 'customers are down' } });
});

test('a check that stops the run cannot be gone past', async () => {
  const { face, sees, press } = screen();
  const answer = face.preflight(page(check('stop', 'Environment')));
  await sees('this run cannot start as it is');
  await press('\u001B');
  expect(await answer).toBeNull();
});

test('the start screen lists unfinished runs first; screens follow one another in one place', async () => {
  const { face, sees, press, terminal } = screen(80, 24);
  const chosen = face.choose({
    due: [],
    unfinished: [{ id: 'run-1', title: safeText('Hotfix'), detail: safeText('alice') }],
    runbooks: [
      {
        path: 'runbooks/canary.md',
        title: safeText('Canary'),
        folder: safeText('./runbooks'),
        detail: safeText('canary'),
      },
    ],
  });
  await sees('Enter resumes: Hotfix');
  await press('j');
  await sees('Enter opens: Canary');
  await press('\r');
  expect(await chosen).toEqual({ kind: 'run', path: 'runbooks/canary.md' });
  const away = face.away({
    awayMs: 1_214_000,
    lines: [{ level: 'attention', text: safeText('UNKNOWN  Set the image') }],
  });
  await sees('While you were away 20 min 14 s');
  await press('\r');
  await away;
  expect(terminal.bytes().split('\u001B[?1049h')).toHaveLength(2);
});

test.each(['\r', 'o', 't'])(
  'a key %j that comes as a screen appears, or is still held down, passes none',
  async (key) => {
    const { face, sees, press, terminal, wait } = screen();
    let passed = 0;
    const count = <T>(answer: Promise<T>): Promise<T> =>
      answer.then((value) => {
        passed += 1;
        return value;
      });
    const first = count(face.preflight(page(check('warn', 'Clock'))));
    await sees('Enter starts the run');
    await press('\r');
    await first;
    const away = count(face.away({ awayMs: 60_000, lines: [] }));
    await sees('While you were away');
    wait(300);
    terminal.type(key);
    await sees('screen changed, press again');
    for (let i = 0; i < 20; i += 1) {
      wait(33);
      terminal.type(key);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(passed).toBe(1);
    await press(key);
    await away;
    const occupied = count(face.occupied({ title: safeText('Hotfix'), message: safeText('E705'), canTakeOver: true }));
    await sees('E705');
    terminal.type(key);
    wait(500);
    terminal.type(key);
    await new Promise((resolve) => setImmediate(resolve));
    expect(passed).toBe(2);
    await press('o');
    await occupied;
  },
);

test('a run that somebody else has is observed, or taken over where that is allowed', async () => {
  const { face, sees, press } = screen();
  const mine = face.occupied({
    title: safeText('Hotfix'),
    message: safeText('E705 pts/3 has it, no key for 12 s'),
    canTakeOver: true,
  });
  await sees('E705 pts/3 has it');
  await press('t');
  expect(await mine).toBe('take-over');
  const theirs = face.occupied({ title: safeText('Hotfix'), message: safeText('E705 bob has it'), canTakeOver: false });
  await sees('bob has it');
  await press('t', 'o');
  expect(await theirs).toBe('observe');
});

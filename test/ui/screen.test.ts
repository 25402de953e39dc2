import { afterEach, expect, test } from 'vitest';
import { runs } from './support/checkout.ts';
import { type OpenScreen, openScreen } from './support/open.ts';
import { until } from './support/terminal.ts';

const opened: OpenScreen[] = [];
const open = async (...of: Parameters<typeof openScreen>): Promise<OpenScreen> => {
  const screen = await openScreen(...of);
  opened.push(screen);
  return screen;
};
afterEach(async () => {
  for (const screen of opened.splice(0)) await screen.close();
});

const escape = '\u001B';
const kinds = (screen: OpenScreen): readonly string[] => screen.engine.intents.map(({ type }) => type);

test.each([
  [160, 48],
  [100, 30],
  [80, 24],
  [60, 20],
])('at %ix%i the six fixed lines are in their places', async (columns, rows) => {
  const { terminal, sees } = await open(runs.change(), { columns, rows });
  const lines = await sees('q leave');
  expect(lines).toHaveLength(rows);
  expect(lines[0]).toContain('PROD');
  expect(lines[1]).toContain('▸ Deploy');
  expect(lines[2]).toMatch(/^ ok {5}/);
  expect(lines[3]).toMatch(/^ R {6}back to v2\.3\.0: ready/);
  expect(lines.at(-2)).toMatch(/^ Enter asks before it runs: kubectl/);
  expect(lines.at(-1)).toContain('? ');
  expect(terminal.bytes()).toContain('\u001B[?1049h');
});

test('a change is shown, Enter is no, y runs what was shown', async () => {
  const screen = await open(runs.change(), { view: {}, rows: 40 });
  await screen.press('\r');
  await screen.sees('Run this?');
  const lines = (await screen.terminal.lines()).join('\n');
  expect(lines).toMatch(/Type the workload +checkout/);
  await screen.press('\r');
  await screen.sees('type the workload "checkout", or Esc');
  expect(kinds(screen)).toEqual([]);
  for (const char of 'checkout') await screen.press(char);
  await screen.sees('Enter runs it.');
  await screen.press('\r');
  await until(screen.terminal, () => kinds(screen).length > 0, 'an intent');
  expect(screen.engine.intents[0]).toMatchObject({
    type: 'run',
    step: '2.2',
    how: 'typed',
    typed: 'checkout',
    script: null,
  });
  expect(screen.engine.effects[0]).toMatchObject({ type: 'start' });
});

test('a read runs by Enter, without a dialog', async () => {
  const screen = await open(runs.read());
  await screen.press('\r');
  await until(screen.terminal, () => kinds(screen).length > 0, 'an intent');
  expect(screen.engine.intents[0]).toMatchObject({ type: 'run', step: '2.1', how: 'enter' });
});

test('pasted text and bursts never confirm', async () => {
  const screen = await open(runs.decision());
  await screen.press('R');
  await screen.sees('Roll back?');
  await screen.press(`${escape}[200~y${escape}[201~`);
  await screen.sees('pasted text does nothing here');
  await screen.press('yy');
  await screen.sees('several keys at once never confirm');
  await screen.press('Ry\r');
  expect(kinds(screen)).toEqual([]);
  await screen.press(escape);
  await until(screen.terminal, (text) => !text.includes('Roll back?'), 'the step again');
  expect(kinds(screen)).toEqual([]);
});

test('R and y roll back; Esc leaves no trace', async () => {
  const screen = await open(runs.decision());
  await screen.press('R');
  const lines = (await screen.sees('Roll back?')).join('\n');
  expect(lines).toContain('v2.3.1 → v2.3.0');
  expect(lines).toContain('$ kubectl rollout undo "deployment/$SERVICE"');
  await screen.press(escape);
  await until(screen.terminal, (text) => !text.includes('Roll back?'), 'the step again');
  expect(kinds(screen)).toEqual([]);
  await screen.press('R');
  await screen.sees('Roll back?');
  await screen.press('y');
  await until(screen.terminal, () => kinds(screen).length > 0, 'an intent');
  expect(kinds(screen)).toEqual(['rollback']);
});

test('a key right after the screen changed its meaning is dropped, and says so', async () => {
  const screen = await open(runs.decision());
  await screen.press('R');
  await screen.sees('Roll back?');
  screen.terminal.type('y');
  await screen.sees('screen changed, press again');
  expect(kinds(screen)).toEqual([]);
});

test('a key that stays down after it confirmed does not act by its next meaning', async () => {
  const change = await open(runs.decision());
  await change.press('R');
  await change.sees('Roll back?');
  await change.press('y');
  await until(change.terminal, () => kinds(change).length > 0, 'an intent');
  const before = change.terminal.bytes().split(`${escape}]52;`).length;
  change.wait(300);
  change.terminal.type('y');
  for (let i = 0; i < 5; i += 1) {
    change.wait(33);
    change.terminal.type('y');
    await new Promise((resolve) => setImmediate(resolve));
  }
  await change.press('?');
  await change.sees('── Keys');
  expect(change.terminal.bytes().split(`${escape}]52;`)).toHaveLength(before);
  expect(kinds(change)).toEqual(['rollback']);
});

test('after a gap nothing that was asked before it can be confirmed', async () => {
  const screen = await open(runs.decision());
  await screen.press('R');
  await screen.sees('Roll back?');
  screen.engine.report({ type: 'run.gap', frame: 0, data: { from: 0, to: 60_000, kind: 'suspend' } } as never);
  await screen.sees('look again, then confirm again');
  await screen.press('y');
  expect(kinds(screen)).toEqual([]);
});

test('navigation keys of one chunk all count', async () => {
  const screen = await open(runs.change(), { columns: 160, rows: 48 });
  await screen.press('kk');
  await screen.sees('Stop it › The fault can be seen');
  await screen.press('.');
  await screen.sees('Deploy › Set the image');
});

test('a rollback is confirmed once its first command was in sight', async () => {
  const screen = await open(runs.decision(), { columns: 60, rows: 14 });
  await screen.press('R');
  await screen.sees('more line');
  await screen.press('y');
  await screen.sees('read to the end of the first command first');
  expect(kinds(screen)).toEqual([]);
  await screen.press('G');
  await until(screen.terminal, (text) => !text.includes('more line'), 'the end');
  await screen.press('y');
  await until(screen.terminal, () => kinds(screen).length > 0, 'an intent');
  expect(kinds(screen)).toEqual(['rollback']);
});

test('items of a card are ticked one by one, and the card stays until Enter', async () => {
  const screen = await open(runs.card());
  await screen.sees('2 of 3 open');
  await screen.press('\r');
  await screen.sees('2 items are open');
  await screen.press(' ');
  await screen.sees('1 of 3 open');
  await screen.sees('▸ [ ] The fault can be seen');
  await screen.press(' ');
  await screen.sees('Enter goes on: every item is ticked');
  expect(kinds(screen)).toEqual(['pass', 'pass']);
  await screen.press('\r');
  await screen.sees('Deploy › Look at the pods');
  expect(kinds(screen)).toEqual(['pass', 'pass']);
});

test('in a card every key speaks of the item under the cursor', async () => {
  const screen = await open(runs.card());
  await screen.press('j', 'F');
  await screen.sees('Why does this step fail?  The fault can be seen');
  await screen.press('1');
  await until(screen.terminal, () => kinds(screen).length > 0, 'an intent');
  expect(screen.engine.intents[0]).toMatchObject({ type: 'fail', step: '1.3' });
});

test('a failed step asks for a reason from a short list or in own words', async () => {
  const screen = await open(runs.shown());
  await screen.press('F');
  await screen.sees('Why does this step fail?');
  await screen.press('4');
  await screen.sees('Because');
  for (const char of 'two pods restart') await screen.press(char);
  await screen.press('\r');
  await until(screen.terminal, () => kinds(screen).length > 0, 'an intent');
  expect(screen.engine.intents[0]).toMatchObject({ type: 'fail', step: '2.1', reason: 'two pods restart' });
  await screen.sees('FAIL   Look at the pods: two pods restart');
});

test('Ctrl-C while a command runs asks, and its first answer does nothing', async () => {
  const screen = await open(runs.running());
  await screen.press('\u0003');
  await screen.sees('A command is running');
  await screen.press('\r');
  await until(screen.terminal, (text) => !text.includes('A command is running'), 'the step');
  expect(kinds(screen)).toEqual([]);
  await screen.press('\u0003', '3');
  await until(screen.terminal, () => kinds(screen).length > 0, 'an intent');
  expect(screen.engine.intents[0]).toMatchObject({ type: 'stop-command', signal: 'TERM' });
});

test('q says what nobody watches from now on, and leaves by y', async () => {
  const screen = await open(runs.running());
  await screen.press('q');
  await screen.sees('a command goes on alone');
  await screen.press('y');
  expect(await screen.ended).toEqual({ why: 'left' });
});

test('the output is shown whole, wrapped, and can be searched', async () => {
  const text = Array.from({ length: 300 }, (_, i) => (i === 250 ? `needle ${'x'.repeat(150)} end` : `line ${i}`)).join(
    '\n',
  );
  const screen = await open(runs.shown(), { outputs: { 1: text } });
  await screen.press('o');
  await screen.sees('line 1 of 300');
  await screen.press('/', 'n', 'e', 'e', 'd', 'l', 'e', '\r');
  const lines = await screen.sees('needle xxx');
  expect(lines.join('').replace(/\s+/g, '')).toContain(`${'x'.repeat(150)}end`);
});

test('control characters of a command change nothing in the terminal', async () => {
  const evil = `${escape}]2;owned\u0007${escape}[2J${escape}]52;c;b3duZWQ=\u0007\u202Etxt`;
  const tails = { 3: { bytes: 99, lines: 1, tail: [evil], binary: false } };
  const screen = await open(runs.running(), { view: { tails } });
  await screen.sees('^[]2;owned^G^[[2J');
  expect(screen.terminal.bytes()).not.toContain(`${escape}]52;`);
  expect(screen.terminal.bytes()).not.toContain(`${escape}]2;owned`);
  expect(screen.terminal.bytes()).not.toContain('\u202E');
});

test('a smaller window keeps what is looked at; a tiny one says what it needs', async () => {
  const screen = await open(runs.change(), { columns: 160, rows: 48 });
  await screen.press('k');
  await screen.sees('Deploy › Look at the pods');
  screen.terminal.resize(80, 24);
  await screen.sees('── Deploy › Look at the pods');
  screen.terminal.resize(30, 10);
  await screen.sees('gonogo needs 40x12');
  screen.terminal.resize(100, 30);
  await screen.sees('── Deploy › Look at the pods');
});

test('a locale without UTF-8 gets ASCII', async () => {
  const screen = await open(runs.change(), { columns: 160, rows: 48, environment: { LANG: 'C' } });
  const lines = await screen.sees('q leave');
  expect(lines.join('')).toMatch(/^[\x20-\x7E]*$/);
});

test('the title of the terminal says what goes on', async () => {
  const running = await open(runs.running());
  expect(running.terminal.bytes()).toMatch(/\u001B\]2;PROD checkout Wait for the rollout \d+:\d\d\u0007/);
  const trouble = await open(runs.trouble());
  expect(trouble.terminal.bytes()).toContain('\u001B]2;NEEDS YOU: ');
});

test('a run that is only observed offers nothing that changes it', async () => {
  const screen = await open(runs.change(), { view: { observing: { because: 'alice has it' as never } } });
  await screen.sees('VIEW');
  await screen.sees('Enter does nothing here: another terminal has this run');
  await screen.press('R');
  await screen.sees('not here');
  await screen.press('q');
  expect(await screen.ended).toEqual({ why: 'left' });
  expect(kinds(screen)).toEqual([]);
});

test('the finish says what was done where, and stays for a key that was meant for it', async () => {
  const screen = await open(runs.decision(), { columns: 100, rows: 30 });
  screen.engine.report({ type: 'run.finished', frame: 0, data: { outcome: 'aborted', reason: 'not today' } } as never);
  const lines = (await screen.sees('Aborted: not today')).join('\n');
  expect(lines).toMatch(/steps +6 of 10 done, 3 commands/);
  expect(lines).toMatch(/change +checkout {2}v2\.3\.0 → v2\.3\.1/);
  expect(lines).toContain('prod-eu / production');
  expect(lines).toMatch(/Next\n +gonogo verify/);
  let left = false;
  void screen.ended.then(() => {
    left = true;
  });
  screen.terminal.type('q');
  await new Promise((resolve) => setImmediate(resolve));
  expect(left).toBe(false);
  screen.wait(1000);
  await screen.press('q');
  expect(await screen.ended).toEqual({ why: 'finished' });
});

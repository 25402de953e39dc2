import { afterEach, expect, test } from 'vitest';
import { nowOf } from './support/checkout.ts';
import * as facts from './support/cluster-facts.ts';
import { gateLibrary, gateRuns } from './support/gate-runs.ts';
import { type OpenScreen, openScreen } from './support/open.ts';

let open: OpenScreen | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const opened = async (run: keyof typeof gateRuns, state = facts.rolledOut, columns = 100): Promise<OpenScreen> => {
  const events = gateRuns[run]();
  const view = { cluster: state(nowOf(events)) };
  open = await openScreen(events, { columns, rows: 30, view, library: gateLibrary });
  return open;
};

test('a failed gate: Enter does nothing, the choices are named with their keys', async () => {
  const screen = await opened('failed', facts.pullFailure);
  await screen.sees('Enter does nothing here: a check failed. Choose R, 1, 2 or 3.');
  await screen.sees('manifest for registry.example.com/shop/checkout:v2.3.1 not found');
  const lines = await screen.sees('Your decision');
  expect(lines.join('\n')).toMatch(/R {5}Roll back to v2\.3\.0 +1 command/);
  expect(lines.join('\n')).toMatch(/1 {5}Back to Set the image/);
  expect(lines.join('\n')).toMatch(/2 {5}Hold +a new try; this FAIL stays on record/);
  expect(lines.join('\n')).toMatch(/3 {5}Go on anyway +reason, and type rollout/);
  await screen.press('\r');
  expect(screen.engine.intents).toEqual([]);
});

test('going on anyway takes a reason of ten characters and the typed name of the check', async () => {
  const screen = await opened('failed', facts.pullFailure);
  await screen.press('3');
  await screen.sees('Go on anyway?');
  await screen.press('s', 'o', '\r');
  await screen.sees('a reason of at least 10 characters is needed');
  await screen.press(...' it must be', '\r');
  await screen.sees('Type the check   rollout');
  await screen.press('\r');
  await screen.sees('type the check "rollout", or Esc');
  await screen.press(...'pods');
  await screen.sees('typed so far     pods    does not match');
  await screen.press('\r');
  await screen.sees('"pods" is not "rollout": nothing is done');
  await screen.press('\u007f', '\u007f', '\u007f', '\u007f', ...'rollout', '\r');
  await screen.sees('Look at the dashboard');
  expect(screen.engine.intents).toEqual([
    { type: 'override-gate', step: '2.2', action: 0, reason: 'so it must be', typed: 'rollout' },
  ]);
});

test('a typed name cannot be pasted', async () => {
  const screen = await opened('failed', facts.pullFailure);
  await screen.press('3');
  await screen.sees('Go on anyway?');
  await screen.press(...'because I say so', '\r');
  await screen.sees('Type the check');
  await screen.press('\u001B[200~rollout\u001B[201~');
  await screen.sees('pasted text does nothing here');
});

test('holding begins a new try and keeps the FAIL', async () => {
  const screen = await opened('failed', facts.pullFailure);
  await screen.press('2');
  await screen.sees('FAIL   checkout: 2 pods');
  expect(screen.engine.intents).toEqual([{ type: 'hold-gate', step: '2.2', action: 0 }]);
});

test('going back opens the step before again', async () => {
  const screen = await opened('failed', facts.pullFailure);
  await screen.press('1');
  await screen.sees('Roll out › Set the image');
  expect(screen.engine.intents).toEqual([{ type: 'back', step: '2.1' }]);
});

test('R opens the rollback from a failed gate', async () => {
  const screen = await opened('failed', facts.pullFailure);
  await screen.press('R');
  await screen.sees('Roll back');
  expect(screen.engine.intents).toEqual([]);
});

test('a gate in the background shows in the step, in the checklist and in line 3', async () => {
  const screen = await opened('soak', facts.rolledOut, 160);
  const text = (await screen.sees('Meanwhile')).join('\n');
  expect(text).toMatch(/wait {2}Soak: pods, health, logs +█+░+ {3}held 4:02 of 10:00/);
  expect(text).toMatch(/· Soak: pods, health, logs +wait │/);
  expect(text).toMatch(/▸ Tell the team/);
});

test('looked at, a soak shows its checks with value, limit, word and looks', async () => {
  const screen = await opened('soak');
  await screen.press('k');
  const text = (await screen.sees('being judged')).join('\n');
  expect(text).toMatch(/wait {2}soak {2}█+░+ {3}held 4:02 of 10:00/);
  expect(text).toMatch(/check +value +limit +result/);
  expect(text).toMatch(/pods app=checkout +6 of 6 ready +all ready +wait +17 looks/);
  expect(text).toMatch(/logs app=checkout +0 lines +no \/panic\|FATAL\/ +wait +17 looks/);
});

test('a blind gate is judged by eye with what was seen', async () => {
  const screen = await opened('blind');
  await screen.press('k');
  await screen.sees('Enter does nothing here: it cannot tell. Choose R, 1, 2, 3 or 4.');
  await screen.press('2');
  await screen.sees('it never counts as a pass of the gate');
  await screen.press(...'curl answers 200', '\r');
  await screen.sees('passed (by eye)');
  expect(screen.engine.intents).toEqual([{ type: 'by-eye', step: '3.1', action: 0, seen: 'curl answers 200' }]);
});

test('A acknowledges a source that is away, with a reason', async () => {
  const screen = await opened('blind');
  await screen.press('A');
  await screen.sees('http shop.example.com is known to be away?');
  await screen.press(...'INC-4711', '\r');
  await screen.sees('Tell the team');
  expect(screen.engine.intents).toEqual([
    { type: 'acknowledge-source', source: 'http shop.example.com', reason: 'INC-4711' },
  ]);
});

test('A acknowledges a breach only with ten characters, and line 3 is free again', async () => {
  const screen = await opened('breached');
  await screen.press('A');
  await screen.sees('Enter acknowledges it after 10 more characters.');
  await screen.press(...'known, shop is drained', '\r');
  await screen.sees(', Soak: pods, health, logs');
  expect(screen.engine.intents).toEqual([
    { type: 'acknowledge-breach', criterion: 3, reason: 'known, shop is drained' },
  ]);
});

test('at a wrong target only leaving, ending and notes are left', async () => {
  const screen = await opened('mismatch', facts.cluster);
  const text = (await screen.sees('Stopped: this is another target')).join('\n');
  expect(text).toContain('started on  41ab');
  expect(text).toContain('now answers 7c1e');
  expect(text).toContain('Enter does nothing here: this is another target. Choose q, a or Q.');
  await screen.press(' ', 'F', '\r', 'R');
  await screen.sees('R: not at another target. Choose q, a or Q');
  await screen.press('y');
  await screen.sees('y: not at another target');
  expect(screen.engine.intents).toEqual([]);
  await screen.press('a');
  await screen.sees('A note');
});

test('leaving says which gates and criteria nobody watches then', async () => {
  const screen = await opened('soak');
  await screen.press('q');
  const text = (await screen.sees('From now on nobody watches:')).join('\n');
  expect(text).toContain('the gate "Soak: pods, health, logs": its clock stands still until somebody is back');
  expect(text).toContain('the 4 rollback criteria');
  expect(text).toContain('the rollout and its pods');
});

test('v shows limits, values, looks and times of a gate, and the criteria', async () => {
  const screen = await opened('blind', facts.rolledOut, 160);
  await screen.press('k', 'v');
  const text = (await screen.sees('Gate, try 1: ERROR')).join('\n');
  expect(text).toMatch(/pods app=checkout {2}wait\s*\n.*limit {5}all ready/);
  expect(text).toMatch(/value {5}6 of 6 ready/);
  expect(text).toMatch(/asked {5}\d\d:\d\d:\d\d UTC/);
  await screen.press('G');
  await screen.sees('> 5 in 5 min');
});

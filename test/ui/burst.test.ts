import { afterEach, expect, test } from 'vitest';
import { runs } from './support/checkout.ts';
import { type OpenScreen, openScreen } from './support/open.ts';

let open: OpenScreen | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

test('letters that come in one burst open nothing and leave nothing behind', async () => {
  open = await openScreen(runs.card());
  await open.press('acme');
  const lines = await open.sees('several keys at once never confirm');
  expect(lines.join('\n')).not.toContain('A note');
  await open.press('a');
  await open.sees('A note');
  await open.press('ready');
  await open.sees('ready');
  await open.press('\r');
  await open.sees('Space ticks the item');
  expect(open.engine.intents).toEqual([{ type: 'note', step: expect.any(String), text: 'ready' }]);
});

test('keys that only look around act in a burst as well', async () => {
  open = await openScreen(runs.read());
  await open.sees('Enter');
  await open.press('jjk');
  const lines = await open.sees('steps before it are open. . goes to the current step');
  expect(lines.join('\n')).not.toContain('several keys at once');
});

import { expect, test } from 'vitest';
import { runFolder } from '../../support/story.ts';
import { walksToEnd } from './support/endings.ts';
import { runs } from './support/runs.ts';
import { expectNothingLeft, isAvailable } from './support/scene.ts';
import { old, startTwoColours } from './support/two-colours.ts';

const { cluster, setTheScene, served } = startTwoColours();
/** The other ending has the usual one at the same time. */
const port = { 'local-port': '18081' };

test('blue-green.md goes to its end, the old colour down', async () => {
  const scene = await setTheScene();
  const terminal = runs(scene, 'blue-green.md', 'v3.2.1', port);
  expect(await walksToEnd(terminal)).toBe(0);
  expect(await served()).toBe('green');
  await isAvailable(cluster(), 'payment-green', 'registry.example.com/payment:v3.2.1', 3);
  await isAvailable(cluster(), 'payment-blue', old, 0);
  expect(scene.workspace.gonogo(['verify', runFolder(scene.workspace)])).toMatchObject({ code: 0 });
  await expectNothingLeft(scene);
}, 500_000);

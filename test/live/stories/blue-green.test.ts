import { expect, test } from 'vitest';
import { journalOf, recordOf } from '../../support/story.ts';
import { rollsBack } from './support/endings.ts';
import { photograph } from './support/pictures.ts';
import { runs } from './support/runs.ts';
import { expectNothingLeft, givesLockFree, isAvailable } from './support/scene.ts';
import { old, startTwoColours } from './support/two-colours.ts';
import { walksUntil } from './support/walk.ts';

const { cluster, setTheScene, served } = startTwoColours();

test('blue-green.md switches from blue to green and is taken back', async () => {
  const scene = await setTheScene();
  const terminal = runs(scene, 'blue-green.md', 'v3.2.0');
  await walksUntil(terminal, /Send the traffic over\?[\s\S]*it is your decision/);
  photograph(terminal, 'blue-green-1-direct');
  // The new colour answered through the forwarded port.
  expect(journalOf(scene.workspace)).toContain('healthy');
  expect(await served()).toBe('blue');
  await walksUntil(terminal, /Keep it\?[\s\S]*it is your decision/);
  photograph(terminal, 'blue-green-2-keep');
  expect(await served()).toBe('green');
  expect(await rollsBack(terminal, { by: '3', asked: () => photograph(terminal, 'blue-green-3-rollback') })).toBe(5);
  expect(await served()).toBe('blue');
  await isAvailable(cluster(), 'payment-blue', old, 3);
  expect(recordOf(scene.workspace)).toMatch(/rolled back/i);
  givesLockFree(scene, 'deployment-payment');
  await expectNothingLeft(scene);
}, 500_000);

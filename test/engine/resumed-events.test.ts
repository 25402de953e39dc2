import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Recorded } from '../../src/session/events.ts';
import { World } from './world.ts';

const page = `---
gonogo: 1
---
# Deploy

## One
- [ ] Look around
`;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const isCollected = async (reference: WeakRef<object>): Promise<boolean> => {
  for (let tries = 0; tries < 20; tries += 1) {
    await turn();
    collect();
    if (reference.deref() === undefined) return true;
  }
  return false;
};

test('what was read of a run that is resumed is not kept as long as it goes on', async () => {
  const first = await World.open(page);
  const events: Recorded[][] = [[...first.recorded]];
  const kept = new WeakRef(events[0] ?? []);
  const world = World.resumed(page, events.pop() ?? []);
  expect(await isCollected(kept)).toBe(true);
  expect(world.engine.view().session.run).not.toBeNull();
  await first.engine.close();
  await world.engine.close();
});

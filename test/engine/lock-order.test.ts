import { afterEach, expect, test } from 'vitest';
import { createLockKeeper } from '../../src/engine/lock-keeper.ts';
import { mainAction } from '../../src/session/select.ts';
import { held, LockDouble } from './lock-double.ts';
import { StillClock, World } from './world.ts';

const runbook = `---
gonogo: 1
title: Deploy
---

## Deploy

- [ ] Change it

  \`\`\`sh
  kubectl apply -f x.yaml
  \`\`\`
`;

let world: World;
afterEach(() => world?.close());

/** A run of the real engine that holds its lock before its next change. */
const holding = async () => {
  const lock = new LockDouble();
  const clock = new StillClock(1_760_000_000_000);
  const keeper = createLockKeeper({ lock, clock, mask: (text) => text, isHere: () => false });
  world = await World.open(runbook, { guards: [keeper.guard] });
  const { engine } = world;
  keeper.attach({ session: () => engine.view().session, subscribe: engine.subscribe, record: engine.record });
  const data = { scope: 'checkout', epoch: 4, where: 'cluster', since: 1_000 } as const;
  await engine.record([{ type: 'lock.acquired', frame: 0, data }]);
  lock.becomes(held);
  await world.settles();
  return lock;
};

const confirms = (): Promise<boolean> => {
  const main = mainAction(world.view.session, world.clock.now());
  if (main.kind !== 'confirm') throw new Error(`nothing to confirm: ${main.kind}`);
  const { at, action, part, hash } = main.pending;
  return world.does({
    type: 'run',
    step: at.step.id,
    action,
    part,
    hash,
    how: 'yes',
    typed: null,
    script: null,
    edited: null,
    stdin: null,
  });
};

const lockEvents = () => world.types().filter((type) => type.startsWith('lock.'));

test('a loss that is found before a change is recorded before the lock is taken again', async () => {
  const lock = await holding();
  lock.whenVerified = { kind: 'lost', because: 'it was deleted', by: null };
  lock.whenTaken = { kind: 'held', epoch: 5, where: 'cluster', since: 2_000 };
  expect(await confirms()).toBe(false);
  expect(world.view.notice?.text).toContain('lost (it was deleted) and is held again');
  expect(lockEvents()).toEqual(['lock.acquired', 'lock.lost', 'lock.acquired']);
  expect(world.view.session.lock).toMatchObject({ kind: 'held', epoch: 5 });
});

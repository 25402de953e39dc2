import { expect, test } from 'vitest';
import { identityAsker } from '../../src/engine/watch-identity.ts';
import type { Clock } from '../../src/ports/clock.ts';

const clock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  every: () => () => undefined,
  after: () => () => undefined,
};

test('a watch that cannot tell the target says why and what to do', async () => {
  const because = 'LOGIN EXPIRED';
  const ask = identityAsker(
    async () => ({ kind: 'unreachable', because, nextStep: 'run aws sso login' }),
    clock,
    () => undefined,
  );
  expect(await ask()).toBe('LOGIN EXPIRED; run aws sso login');
});

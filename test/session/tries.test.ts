import { expect, test } from 'vitest';
import { triesWords } from '../../src/session/tries.ts';

test('what tries again says how often, and of a change that nothing is asked anew', () => {
  const words = (attempts: number, risk: 'read' | 'change' | 'destroy') =>
    triesWords({ attempts, everyMs: 10_000, risk });
  expect(words(1, 'change')).toBeNull();
  expect(words(3, 'read')).toBe('up to 3 tries, 10 s apart');
  for (const risk of ['change', 'destroy'] as const)
    expect(words(3, risk)).toBe('up to 3 tries, 10 s apart, target and lock are asked before the first only');
});

import { expect, test } from 'vitest';
import { connectionWords, workloadTrouble, workloadWord } from '../../src/session/cluster-words.ts';
import { facts, live, now, workload } from '../gates/support/facts.ts';

test('a workload is ok only while it is seen', () => {
  const source = live({ state: 'reconnecting', freshAt: now - 30_000, tries: 4, because: 'connection refused' });
  expect(workloadWord(workload({}))).toBe('ok');
  expect(workloadTrouble(workload({}), now)).toBeNull();
  expect(workloadWord(workload({ source }))).toBe('wait');
  expect(workloadTrouble(workload({ source }), now)).toMatch(/^checkout: COMPLETE.*, reconnecting \(4\), 30 s old$/);
  expect(workloadWord(workload({ source: { ...source, state: 'stale' } }))).toBe('BLIND');
});

test('a clock skew of over 30 s is said', () => {
  const words = (clockSkewMs: number | null): string =>
    connectionWords(facts({ source: live({ freshAt: now - 2_000 }), clockSkewMs }), now);
  expect(words(null)).toBe('live 2 s');
  expect(words(-30_000)).toBe('live 2 s');
  expect(words(42_000)).toBe('live 2 s · clock skew +42 s');
  expect(words(-300_400)).toBe('live 2 s · clock skew -300 s');
});

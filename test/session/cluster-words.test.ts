import { expect, test } from 'vitest';
import { workloadTrouble, workloadWord } from '../../src/session/cluster-words.ts';
import { live, now, workload } from '../gates/support/facts.ts';

test('a workload is ok only while it is seen', () => {
  const source = live({ state: 'reconnecting', freshAt: now - 30_000, tries: 4, because: 'connection refused' });
  expect(workloadWord(workload({}))).toBe('ok');
  expect(workloadTrouble(workload({}), now)).toBeNull();
  expect(workloadWord(workload({ source }))).toBe('wait');
  expect(workloadTrouble(workload({ source }), now)).toMatch(/^checkout: COMPLETE.*, reconnecting \(4\), 30 s old$/);
  expect(workloadWord(workload({ source: { ...source, state: 'stale' } }))).toBe('BLIND');
});

import { describe, expect, test } from 'vitest';
import { stageFor } from '../../bench/canaries/stage.ts';
import { failing, healthy, isBlind, isCaught, judgeCanaries, shareOf, slow } from '../../bench/canaries.ts';

test('what is simulated is the shipped canary at 50 %', () => {
  const { checks, rules } = stageFor(2);
  expect(checks.map(({ name, expression: { text } }) => `${name}: ${text}`)).toEqual([
    'error-rate: <= stable + 1pp',
    'p95: <= 110% of stable',
    'p99: <= 115% of stable',
  ]);
  expect(checks.map(({ rangeMs, quantile }) => [rangeMs, quantile])).toEqual([
    [120_000, null],
    [120_000, 0.95],
    [120_000, 0.99],
  ]);
  expect(rules).toMatchObject({ forMs: 900_000, settleMs: 150_000, breach: { bad: 3, of: 3 } });
});

// Few runs of what the bench measures with many; seeds are fixed, so they always say the same.
const runs = 40;

describe.each([{ perMinute: 1000 }, { perMinute: 3000 }])(
  'a canary with $perMinute requests a minute',
  ({ perMinute }) => {
    const stable = healthy(perMinute, 0.5);

    test('passes when it is healthy', () => {
      const found = judgeCanaries(stable, stable, runs);
      expect(shareOf(found, ({ verdict }) => verdict === 'PASS')).toBeGreaterThanOrEqual(0.95);
      expect(shareOf(found, ({ verdict }) => verdict === 'FAIL')).toBe(0);
    });

    test('is caught when its slowest requests are slower', () => {
      expect(shareOf(judgeCanaries(slow(stable), stable, runs), isCaught)).toBeGreaterThanOrEqual(0.95);
    });

    test('is caught when its requests fail', () => {
      expect(shareOf(judgeCanaries(failing(stable), stable, runs), isCaught)).toBeGreaterThanOrEqual(0.95);
    });
  },
);

test('a canary with too few requests for its p99 is BLIND, and told the range that would do', () => {
  const stable = healthy(300, 0.5);
  const found = judgeCanaries(stable, stable, 10);
  expect(shareOf(found, isBlind)).toBe(1);
  for (const { because } of found)
    expect(because).toMatch(/^\d+ requests in 2m, p99 needs 1,000: a range of 4m would do$/);
});

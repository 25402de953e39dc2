import { describe, expect, test } from 'vitest';
import { isPastLimit, limitValues, pastSince } from '../../src/session/metric-limits.ts';
import {
  ageWords,
  answerWord,
  answerWords,
  dataAgeMs,
  type MetricAnswer,
  oldestWords,
  silenceOf,
} from '../../src/session/metric-live.ts';

const now = 1_000_000;
const live: MetricAnswer = { state: 'live', because: null, at: now - 5000, ageMs: 4000 };
const dead = (because: string, at: number | null): MetricAnswer => ({ state: 'error', because, at, ageMs: 4000 });

describe('the last answer of a metric', () => {
  test.each<[MetricAnswer, string, string]>([
    [live, 'ok', ''],
    [{ ...live, state: 'loading', at: null, ageMs: null }, 'wait', 'asking'],
    [{ ...live, state: 'partial' }, 'wait', 'partial answer'],
    [{ ...live, state: 'stale', at: now - 100_000, ageMs: 20_000 }, 'BLIND', 'stale 2:00'],
    [{ ...live, state: 'no-data', at: now - 45_000 }, 'BLIND', 'no data 45 s'],
    [{ ...live, state: 'no-data', at: null }, 'BLIND', 'no data'],
    [{ ...live, state: 'error', at: now - 400_000 }, 'BLIND', 'no answer 6:40'],
  ])('%o is %s: %s', (answer, word, words) => {
    expect(answerWord(answer)).toBe(word);
    expect(answerWords(answer, now)).toBe(words);
  });

  test('its data grows older while nobody answers', () => {
    expect(dataAgeMs(live, now)).toBe(9000);
    expect(dataAgeMs(live, now + 1000)).toBe(10_000);
    expect(dataAgeMs({ ...live, ageMs: null }, now)).toBeNull();
    expect([ageWords(9000), ageWords(59_999), ageWords(400_000)]).toEqual(['9 s', '59 s', '6:40']);
  });

  test('of several the oldest counts, and none that does not answer', () => {
    expect(oldestWords([live, { ...live, ageMs: 20_000 }, dead('x', 0)], now)).toBe('data 25 s old');
    expect(oldestWords([dead('x', 0)], now)).toBeNull();
  });
});

describe('a server that is silent', () => {
  test('is one reason for all of them, since the last answer of any', () => {
    const metrics = [dead('connection refused', now - 400_000), dead('connection refused', null)];
    expect(silenceOf(metrics, now)).toEqual({ because: 'connection refused', forMs: 400_000, saysHowLong: false });
    expect(silenceOf([dead('connection refused', null)], now)).toEqual({
      because: 'connection refused',
      forMs: null,
      saysHowLong: false,
    });
  });

  test('is as old as its data where it answers with old data, which the reason tells', () => {
    const because = 'data 1 min 40 s old';
    const old = { state: 'stale', because, at: now, ageMs: 100_000 } as const;
    expect(silenceOf([old], now)).toEqual({ because, forMs: 100_000, saysHowLong: true });
  });

  test.each([
    ['one answers', [dead('connection refused', 0), live]],
    ['they differ', [dead('connection refused', 0), dead('no such metric', 0)]],
    ['one has no data', [{ ...dead('no series', 0), state: 'no-data' as const }]],
    ['there are none', []],
  ])('is not told while %s', (_, metrics) => {
    expect(silenceOf(metrics, now)).toBeNull();
  });
});

describe('a value and its limits', () => {
  const limited = (worse: 'higher' | 'lower' | 'either', ...values: readonly (readonly number[])[]) => ({
    worse,
    limits: values.map((each) => ({ values: each })),
  });

  test.each([
    ['above what is worse above', limited('higher', [10]), 10.1, true],
    ['at the limit', limited('higher', [10]), 10, false],
    ['below what is worse below', limited('lower', [10]), 9, true],
    ['outside of both ends', limited('either', [9, 11]), 8, true],
    ['between both ends', limited('higher', [9, 11]), 10, false],
    ['past the second of two rules', limited('higher', [20], [10]), 15, true],
    ['without a limit', limited('higher', []), 1e9, false],
    ['whose bad side nobody knows', limited('either', [10]), 11, false],
  ])('%s', (_, metric, value, past) => {
    expect(isPastLimit(metric, value)).toBe(past);
  });

  test('each limit counts once', () => {
    expect(limitValues(limited('higher', [10], [10], [5]))).toEqual([10, 5]);
  });

  test('past it since the first value of the last stretch; gaps do not end it', () => {
    const history = [1, 20, 1, 20, null, 30].map((value, at) => ({ at, value }));
    expect(pastSince({ ...limited('higher', [10]), history })).toBe(3);
    expect(pastSince({ ...limited('higher', [10]), history: history.slice(0, 3) })).toBeNull();
  });
});

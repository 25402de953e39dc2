import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createMetricAsker, type MetricAsker, type WantedQuestion } from '../../src/engine/metric-asker.ts';
import type { MetricQuestion } from '../../src/gates/metric.ts';
import { MetricsDouble, refused, value } from './metrics-double.ts';
import { StillClock } from './world.ts';

const question = (query: string, change: Partial<MetricQuestion> = {}): MetricQuestion => ({
  query,
  stable: null,
  traffic: null,
  freshness: null,
  scrapeMs: null,
  counts: false,
  ...change,
});
const wanted = (...queries: string[]): readonly WantedQuestion[] =>
  queries.map((query) => ({ question: question(query), since: 0 }));

const begun = Date.UTC(2026, 10, 20, 14);
let asker: MetricAsker;
afterEach(() => asker.stop());

const setUp = () => {
  const clock = new StillClock(begun);
  const source = new MetricsDouble(clock.now, { a: value(1), b: value(2) });
  const answered: string[] = [];
  asker = createMetricAsker(source, clock, ({ query }) => answered.push(query));
  const passes = async (seconds: number, wants: readonly WantedQuestion[]): Promise<void> => {
    for (let i = 0; i < seconds; i += 1) {
      clock.step(1000);
      asker.want(wants);
      await turn();
    }
  };
  return {
    clock,
    source,
    answered,
    passes,
    count: (query: string) => source.asked.filter((q) => q.query === query).length,
  };
};

describe('metrics are asked', () => {
  test('each once however many want it, every 15 s', async () => {
    const { passes, count } = setUp();
    await passes(60, [...wanted('a', 'a', 'b'), ...wanted('a')]);
    expect([count('a'), count('b')]).toEqual([5, 5]);
    expect(asker.latest(question('a'))?.value).toEqual(value(1));
  });

  test('with counts for whoever needs them, in the same question', async () => {
    const { source, passes } = setUp();
    await passes(3, [...wanted('a'), { question: question('a', { counts: true }), since: 0 }]);
    expect(source.asked.map(({ counts }) => counts)).toEqual([true]);
  });

  test('again 5 s after a fault, and at once for a gate that has just begun', async () => {
    const { source, clock, passes, count } = setUp();
    source.answers.set('a', refused);
    await passes(11, wanted('a', 'b'));
    expect([count('a'), count('b')]).toEqual([3, 1]);
    await passes(1, [{ question: question('b'), since: clock.now() }]);
    expect(count('b')).toBe(2);
  });

  test('four at a time, and none twice while it is not answered', async () => {
    const { source, passes } = setUp();
    source.holds = true;
    await passes(40, wanted('a', 'b', 'c', 'd', 'e', 'f'));
    expect(source.asked).toHaveLength(4);
  });

  test('no longer than somebody wants them, and not after the end', async () => {
    const { source, passes, answered } = setUp();
    source.holds = true;
    await passes(1, wanted('a', 'b'));
    await passes(1, wanted('b'));
    expect(source.open.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    asker.stop();
    expect(source.open.every(({ signal }) => signal.aborted)).toBe(true);
    await passes(30, wanted('a'));
    expect(source.asked).toHaveLength(2);
    expect(answered).toEqual([]);
  });

  test('anew after a gap: what was answered before is of another time', async () => {
    const { passes, count } = setUp();
    await passes(2, wanted('a'));
    asker.doubt();
    expect(asker.latest(question('a'))).toBeNull();
    await passes(1, wanted('a'));
    expect(count('a')).toBe(2);
    expect(asker.latest(question('a'))?.value).toEqual(value(1));
  });

  test('and what cannot even be asked is a fault like any other', async () => {
    const { source, passes } = setUp();
    source.answers.set('a', () => {
      throw new Error('Cannot find module open-metrics');
    });
    await passes(1, wanted('a'));
    expect(asker.latest(question('a'))?.value).toMatchObject({
      kind: 'fault',
      because: expect.stringContaining('open-metrics'),
    });
    await passes(6, wanted('a'));
    expect(source.asked).toHaveLength(2);
  });
});

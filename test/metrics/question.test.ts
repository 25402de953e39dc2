import { afterEach, describe, expect, test } from 'vitest';
import type { MetricReading } from '../../src/gates/metric.ts';
import type { Answer } from '../support/metrics-answers.ts';
import { closeAll, never, read, serve, sourceOf } from './opened.ts';

afterEach(closeAll);

describe('the evaluation time', () => {
  test('is one for all queries of a question', async () => {
    const server = await serve({ 'rate(x[5m])': 1, 'rate(y[5m])': 2, z: 3 });
    const reading = await read(sourceOf(server.url), 'rate(x[5m])', { stable: 'rate(y[5m])', traffic: 'z' });
    expect(server.asked.map(({ query }) => query).toSorted()).toEqual([
      'rate(x[5m])',
      'rate(y[5m])',
      'time() - max(max_over_time(timestamp(x)[10m:15s]))',
      'time() - max(max_over_time(timestamp(y)[10m:15s]))',
      'z',
    ]);
    expect(new Set(server.asked.map(({ time }) => time))).toEqual(new Set([reading.at]));
  });

  test.each([42, -42])('is the server’s own: its clock is %i s ahead', async (skew) => {
    const server = await serve({ x: (time) => (Date.now() - time) / 1000 });
    server.skew = skew;
    const source = sourceOf(server.url);
    expect(source.skewSeconds()).toBeNull();
    const { value, at } = await read(source, 'x');
    expect(Math.abs((value as { value: number }).value + skew)).toBeLessThan(1.5);
    expect(Math.abs(at - Date.now())).toBeLessThan(5000);
    expect(Math.abs((source.skewSeconds() ?? 0) - skew)).toBeLessThanOrEqual(1);
  });

  test('is not that of the answers which a cache has kept', async () => {
    const server = await serve({ x: 1 });
    server.cachedFor = 900;
    const source = sourceOf(server.url);
    const { at } = await read(source, 'x');
    expect(source.skewSeconds()).toBe(0);
    expect(server.asked.filter(({ query }) => query === 'x').map(({ time }) => time)).toEqual([at]);
  });

  test('is ours when the clocks are the same', async () => {
    const server = await serve({ x: 1 });
    const source = sourceOf(server.url);
    const { at } = await read(source, 'x');
    expect(source.skewSeconds()).toBe(0);
    const again = await read(source, 'x');
    expect(server.asked.filter(({ query }) => query === 'x').map(({ time }) => time)).toEqual([at, again.at]);
  });
});

describe('the age of the data', () => {
  test('is that of the oldest selector', async () => {
    const server = await serve({ 'a / b': 1 });
    server.set(/timestamp\(a\)/, 4.5);
    server.set(/timestamp\(b\)/, 65);
    expect((await read(sourceOf(server.url), 'a / b')).age).toEqual({ kind: 'known', ms: 65_000 });
  });

  test('is the control’s own', async () => {
    const server = await serve({ a: 1, b: 1 });
    server.set(/timestamp\(b\)/, null);
    const { age, stableAge } = await read(sourceOf(server.url), 'a', { stable: 'b' });
    expect([age, stableAge]).toEqual([{ kind: 'known', ms: 5000 }, { kind: 'none' }]);
  });

  test('is none when one of them has been silent for ten minutes', async () => {
    const server = await serve();
    server.set(/timestamp\(b\)/, null);
    expect((await read(sourceOf(server.url), 'a or b')).age).toEqual({ kind: 'none' });
  });

  test('does not ask for what may be absent', async () => {
    const server = await serve();
    await read(sourceOf(server.url), '(sum(rate(x{code="500"}[5m])) or vector(0)) / sum(rate(x[5m]))');
    const ages = server.asked.map(({ query }) => query).filter((query) => query.includes('timestamp'));
    expect(ages).toEqual(['time() - max(max_over_time(timestamp(x)[10m:15s]))']);
  });

  test('is unknown without a selector', async () => {
    const server = await serve({ 'vector(1)': 1 });
    expect((await read(sourceOf(server.url), 'vector(1)')).age).toEqual({ kind: 'unknown' });
  });

  test.each<[Answer, MetricReading['age']]>([
    [12, { kind: 'known', ms: 12_000 }],
    [-0.4, { kind: 'known', ms: 0 }],
    [null, { kind: 'none' }],
    [Number.POSITIVE_INFINITY, { kind: 'none' }],
    [{ fault: { status: 500 } }, { kind: 'fault', because: 'HTTP 500 Internal Server Error' }],
  ])('is what freshness gives: %o', async (answer, age) => {
    const server = await serve({ x: 1, 'push_age{job="x"}': answer });
    const reading = await read(sourceOf(server.url), 'x', { freshness: 'push_age{job="x"}' });
    expect(reading.age).toEqual(age);
    expect(server.asked).toHaveLength(2);
  });
});

describe('the counts of a ratio', () => {
  test('are asked of query and control', async () => {
    const server = await serve({ 'rate(e[5m])': 2, 'rate(r[5m])': 100, 'rate(f[5m])': 1, 'rate(s[5m])': null });
    const { counts } = await read(sourceOf(server.url), 'rate(e[5m]) / rate(r[5m])', {
      stable: 'rate(f[5m]) / rate(s[5m]) * 100',
      counts: true,
    });
    expect(counts).toEqual({
      canary: { bad: { kind: 'value', value: 2 }, all: { kind: 'value', value: 100 } },
      stable: { bad: { kind: 'value', value: 1 }, all: { kind: 'missing', missing: 'empty' } },
    });
  });

  test('are a fault where there is no division', async () => {
    const server = await serve({ x: 1 });
    const { counts } = await read(sourceOf(server.url), 'x', { counts: true });
    const fault = { kind: 'fault', because: 'no division whose sides could be counted' };
    expect(counts).toEqual({ canary: { bad: fault, all: fault }, stable: { bad: fault, all: fault } });
  });
});

describe('a query that only metrics of the run’s cluster answer', () => {
  const because = "these metrics do not know this cluster's pods";
  const fault = { kind: 'fault', because };
  const sameCluster = 'up{cluster="prod-eu"}';

  test('with an answer, of any value and of many series, is no more asked for a minute', async () => {
    const server = await serve({ x: 1, [sameCluster]: { series: 40, value: 0 } });
    const time = { now: Date.now() };
    const source = sourceOf(server.url, { sameCluster, now: () => time.now });
    const asked = () => server.asked.filter(({ query }) => query === sameCluster).length;
    expect((await read(source, 'x')).value).toEqual({ kind: 'value', value: 1 });
    time.now += 59_000;
    await read(source, 'x');
    expect(asked()).toBe(1);
    time.now += 1000;
    server.set(sameCluster, null);
    expect((await read(source, 'x')).value).toEqual(fault);
    expect(asked()).toBe(2);
  });

  test('without one makes every number a fault', async () => {
    const server = await serve({ 'a / b': 1, 'c / d': 1, z: 1 });
    const source = sourceOf(server.url, { sameCluster });
    const reading = await read(source, 'a / b', { stable: 'c / d', traffic: 'z', counts: true });
    const pair = { bad: fault, all: fault };
    expect(reading).toMatchObject({
      value: fault,
      stable: fault,
      traffic: fault,
      age: fault,
      stableAge: fault,
      counts: { canary: pair, stable: pair },
    });
    await expect(source.series({ query: 'a / b', from: 0, to: 1000, stepMs: 1000 }, never)).rejects.toThrow(because);
  });

  test('that cannot be asked is a fault, too', async () => {
    const server = await serve({ x: 1, [sameCluster]: { fault: { errorType: 'execution', error: 'no' } } });
    const source = sourceOf(server.url, { sameCluster });
    expect((await read(source, 'x')).value).toEqual({ kind: 'fault', because: 'execution: no' });
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import type { Answer } from '../support/metrics-answers.ts';
import { closeAll, never, read, serve, sourceOf } from './opened.ts';

afterEach(closeAll);

describe('values over a time', () => {
  const from = Date.UTC(2026, 10, 20, 14, 0, 0);

  test('stand at their steps, null where there is none', async () => {
    const server = await serve({
      x: (time) => {
        const step = (time - from) / 15_000;
        return [0, null, Number.NaN, Number.POSITIVE_INFINITY, 4][step] ?? null;
      },
    });
    const series = await sourceOf(server.url).series({ query: 'x', from, to: from + 70_000, stepMs: 15_000 }, never);
    expect(series).toEqual({ from, stepMs: 15_000, values: [0, null, null, null, 4], warnings: [] });
  });

  test('that do not exist are all null', async () => {
    const server = await serve();
    const { values } = await sourceOf(server.url).series({ query: 'x', from, to: from + 2000, stepMs: 1000 }, never);
    expect(values).toEqual([null, null, null]);
  });

  test('are asked for on the clock of the server', async () => {
    const server = await serve({ x: 1 });
    server.skew = -42;
    const source = sourceOf(server.url);
    await read(source, 'x');
    const { values } = await source.series({ query: 'x', from, to: from + 1000, stepMs: 500 }, never);
    expect(values).toEqual([1, 1, 1]);
    const asked = server.asked.findLast(({ kind }) => kind === 'query_range');
    expect(Math.abs((asked?.time ?? 0) - (from + 1000 - 42_000))).toBeLessThan(1500);
  });

  test.each<[string, Answer, string]>([
    ['of two series', { series: 2, value: 1 }, '2 series, not one: add aggregation'],
    ['refused', { fault: { errorType: 'bad_data', error: 'no' } }, 'bad_data: no'],
  ])('%s are an error in words', async (_, answer, message) => {
    const server = await serve({ x: answer });
    const asked = sourceOf(server.url).series({ query: 'x', from, to: from + 1000, stepMs: 1000 }, never);
    await expect(asked).rejects.toMatchObject({ name: 'ExpectedError', place: 'metrics.example.com', message });
  });

  test('are 11,000 at most, said before they are asked for', async () => {
    const server = await serve({ x: 1 });
    const source = sourceOf(server.url);
    const most = await source.series({ query: 'x', from, to: from + 10_999_000, stepMs: 1000 }, never);
    expect(most.values).toHaveLength(11_000);
    await expect(source.series({ query: 'x', from, to: from + 11_000_000, stepMs: 1000 }, never)).rejects.toThrow(
      '11001 steps, a metrics server gives 1 to 11000',
    );
    expect(server.asked).toHaveLength(1);
  });
});

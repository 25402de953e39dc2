import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStore } from '../../src/engine/store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How often the listeners were told within `ms`, with a change of data every 10 ms. */
const toldWhileStreaming = async (ms: number): Promise<number> => {
  const store = createStore(0, 100);
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  for (let at = 0; at < ms; at += 10) {
    store.set((value) => value + 1, false);
    await vi.advanceTimersByTimeAsync(10);
  }
  store.close();
  return told;
};

describe('changes are told', () => {
  test('of data after 100 ms, together', async () => {
    const store = createStore(0, 100);
    const seen: number[] = [];
    store.subscribe(() => seen.push(store.get()));
    store.set(() => 1, false);
    store.set(() => 2, false);
    await vi.advanceTimersByTimeAsync(99);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual([2]);
    store.close();
  });

  test('less often while they keep coming', async () => {
    expect(await toldWhileStreaming(3_000)).toBeLessThanOrEqual(20);
    expect(await toldWhileStreaming(3_000)).toBeGreaterThan(15);
  });

  test('at once when somebody waits for them, with what came before', () => {
    const store = createStore(0, 100);
    const seen: number[] = [];
    store.subscribe(() => seen.push(store.get()));
    store.set(() => 1, false);
    store.set(() => 2, true);
    expect(seen).toEqual([2]);
    expect(vi.getTimerCount()).toBe(0);
    store.close();
  });
});

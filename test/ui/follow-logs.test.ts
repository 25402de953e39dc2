import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogSink } from '../../src/engine/inspect.ts';
import type { LogRequest } from '../../src/ports/cluster.ts';
import { createLogFollower, type LogLines, mostLines } from '../../src/ui/run/follow-logs.ts';
import { memoryEngine } from './support/engine.ts';
import { gateLibrary, gateRuns } from './support/gate-runs.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const source = (pod: string) => ({ namespace: 'production', pod, container: 'web', hasPrevious: true });

const following = () => {
  const sinks: { readonly request: LogRequest; readonly sink: LogSink; open: boolean }[] = [];
  const told: LogLines[] = [];
  const engine = {
    ...memoryEngine(gateLibrary, gateRuns.rolling()),
    logs: (request: LogRequest, sink: LogSink) => {
      const stream = { request, sink, open: true };
      sinks.push(stream);
      return () => {
        stream.open = false;
      };
    },
  };
  return { sinks, told, follower: createLogFollower(engine, (what) => told.push(what)) };
};

test('lines are told of in batches, and a flood keeps the newest 2,000', () => {
  const { sinks, told, follower } = following();
  follower.start([source('checkout-a')], false);
  for (let i = 0; i < 9000; i += 1) sinks[0]?.sink.line(`line ${i}`);
  expect(told).toHaveLength(0);
  vi.advanceTimersByTime(100);
  expect(told).toHaveLength(1);
  expect(told[0]?.lines).toHaveLength(mostLines);
  expect(told[0]?.lines.at(-1)).toBe('line 8999');
  expect(told[0]?.added).toBe(9000);
});

test('another set ends the one before, whose late lines are nobody’s', () => {
  const { sinks, told, follower } = following();
  follower.start([source('checkout-a')], false);
  const second = follower.start([source('checkout-a')], true);
  expect(sinks.map(({ open }) => open)).toEqual([false, true]);
  sinks[0]?.sink.line('late');
  sinks[1]?.sink.line('before the crash');
  vi.advanceTimersByTime(100);
  expect(told).toEqual([{ stream: second, lines: ['before the crash'], added: 1, ended: [] }]);
});

test('what is no longer looked at is ended', () => {
  const { sinks, told, follower } = following();
  const stream = follower.start([source('checkout-a'), source('checkout-b')], false);
  follower.keep(stream);
  expect(sinks.every(({ open }) => open)).toBe(true);
  sinks[0]?.sink.line('one');
  follower.keep(null);
  vi.advanceTimersByTime(1000);
  expect(sinks.some(({ open }) => open)).toBe(false);
  expect(told).toEqual([]);
});

test('why a stream ended is told with its pod', () => {
  const { sinks, told, follower } = following();
  follower.start([source('checkout-a'), source('checkout-b')], false);
  sinks[1]?.sink.end('no permission (get pods/log)');
  vi.advanceTimersByTime(100);
  expect(told[0]?.ended).toEqual(['b: no permission (get pods/log)']);
});

import { expect, test } from 'vitest';
import { framed, initialGuard, judge, repeatMs, settleMs } from '../../src/ui/guard.ts';

const shown = framed(initialGuard(0), 'run 2.1', 0);

test('a confirming key acts on a screen that has stood for a while', () => {
  expect(judge(shown, 'enter', false, settleMs).verdict).toBe('act');
});

test('a key within 400 ms after its meaning changed is dropped', () => {
  const changed = framed(shown, 'run 2.2', 5000);
  expect(judge(changed, 'enter', false, 5000 + settleMs - 1).verdict).toBe('changed');
  expect(judge(changed, 'enter', false, 5000 + settleMs).verdict).toBe('act');
});

test('a frame that means the same changes nothing', () => {
  expect(framed(shown, 'run 2.1', 9000)).toBe(shown);
});

test('keys of one chunk never confirm', () => {
  expect(judge(shown, 'y', true, 10_000).verdict).toBe('burst');
});

test('a key that is held down acts once, however long it is held', () => {
  const first = judge(shown, 'enter', false, 1000);
  expect(first.verdict).toBe('act');
  let { guard } = first;
  // The pause before a keyboard repeats falls into the time after the change; then the repeats come fast.
  guard = framed(guard, 'pass 2.1', 1050);
  const pause = judge(guard, 'enter', false, 1400);
  expect(pause.verdict).toBe('changed');
  guard = pause.guard;
  for (let at = 1433; at < 4000; at += 33) {
    const repeat = judge(guard, 'enter', false, at);
    expect(repeat.verdict).toBe('held');
    guard = repeat.guard;
  }
  expect(judge(guard, 'enter', false, 4000 + repeatMs).verdict).toBe('act');
});

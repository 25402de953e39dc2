import { expect, test } from 'vitest';
import type { EventRow } from '../../src/gates/workload.ts';
import { rowText, rowWidth } from '../../src/ui/rows.ts';
import { lastEvents } from '../../src/ui/views/event-rows.ts';

const message = 'Failed to pull image "shop/checkout:v2.3.1": manifest unknown';
const event = (more: Partial<EventRow>): EventRow => ({
  at: 0,
  type: 'Normal',
  reason: 'Pulled',
  message: '',
  object: 'pod/checkout-x2x1v',
  count: 1,
  ...more,
});
const events = [event({ count: 4 }), event({ type: 'Warning', reason: 'Failed', message, count: 6 })];
const shown = (height: number, width = 40): readonly string[] =>
  lastEvents(events, width, height).map((line) => rowText(line).trimEnd());

test('a warning is whole where there is room, and one cut row where there is not', () => {
  expect(shown(8)).toEqual([
    '00:00:00 Pulled x4',
    '00:00:00 Failed x6',
    '         Failed to pull image',
    '         "shop/checkout:v2.3.1":',
    '         manifest unknown',
  ]);
  expect(shown(2)).toEqual(['00:00:00 Pulled x4', '00:00:00 Failed x6  Failed to pull imag…']);
  expect(shown(1)).toHaveLength(1);
  expect(shown(0)).toEqual([]);
});

test('no row is wider than its place', () => {
  for (const width of [20, 29, 44])
    for (const line of lastEvents([event({ reason: 'R'.repeat(60) }), ...events], width, 9))
      expect(rowWidth(line)).toBeLessThanOrEqual(width);
});

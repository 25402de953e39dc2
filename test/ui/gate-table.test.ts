import { expect, test } from 'vitest';
import type { GateRow } from '../../src/session/gate-view.ts';
import { rowText, rowWidth } from '../../src/ui/rows.ts';
import { tableRows } from '../../src/ui/views/gate-table.ts';

const check = (title: string, value: string, limit: string): GateRow => ({
  title,
  limit,
  value,
  word: 'ok',
  because: null,
  looks: '12 looks',
  at: 1,
  leftOut: false,
  metric: null,
});

const lines = (width: number, ...rows: readonly GateRow[]): readonly string[] => {
  const drawn = tableRows(rows, width, null);
  for (const row of drawn) expect(rowWidth(row)).toBeLessThanOrEqual(width);
  return drawn.map(rowText);
};

const pods = check('pods app=checkout,track=canary', '4 of 4 ready', 'all ready');
const http = check('http shop.example.com/health', 'HTTP 200', 'HTTP 200');

test('a title with a little too long a selector is cut in the middle, and stays one row', () => {
  const [head, first, second, ...more] = lines(73, pods, http);
  expect(head).toMatch(/^check +value +limit +result/);
  expect(first).toMatch(/^pods app=che\S*…\S*track=canary +4 of 4 ready +all ready +ok +12 looks/);
  expect(second).toMatch(/^http shop.*\/health +HTTP 200 +HTTP 200 +ok +12 looks/);
  expect(more).toEqual([]);
});

test('a title of which little would be left keeps its words', () => {
  const long = check('command kubectl get deployment/checkout --output json --ignore-not-found', 'exit 0', 'exit 0');
  const text = lines(60, long).join(' ');
  for (const word of long.title.split(' ')) expect(text).toContain(word);
});

import { expect, test } from 'vitest';
import { safeText } from '../../src/text/safe-text.ts';
import { shorten, widthOf } from '../../src/text/width.ts';

test.each([
  ['pods app=checkout,track=canary', 30, 'pods app=checkout,track=canary'],
  ['pods app=checkout,track=canary', 17, 'pods app…k=canary'],
  ['pods app=checkout,track=canary', 18, 'pods app=…k=canary'],
  ['日本語のタイトル', 9, '日本…トル'],
  ['long', 2, 'l…'],
  ['long', 0, ''],
])('%s in %i columns keeps both ends: %s', (text, columns, short) => {
  const found = shorten(safeText(text), columns);
  expect(found).toBe(short);
  expect(widthOf(found)).toBeLessThanOrEqual(columns);
});

import { describe, expect, test } from 'vitest';
import type { OwnWindow } from '../../../src/cluster/facts/own-doing.ts';
import { type SeenWorkload, specOf } from '../../../src/cluster/facts/seen-workload.ts';
import { type LastSeen, SpecBook } from '../../../src/cluster/facts/spec-book.ts';
import type { SpecWrite } from '../../../src/gates/workload.ts';
import { captured } from './captured.ts';

const workload = 'deployment/checkout';
const left = Date.parse('2026-11-20T14:46:00Z');
const back = left + 3_600_000;

const v2: SeenWorkload = {
  ...captured('complete').workload,
  generation: 12,
  templateHash: 'v2',
  images: [{ container: 'app', image: 'shop/checkout:v2' }],
  managers: [{ name: 'kubectl-set', subresource: null, at: left - 60_000 }],
};
const at = (version: string, generation: number, madeAt: number): SeenWorkload => ({
  ...v2,
  generation,
  templateHash: version,
  images: [{ container: 'app', image: `shop/checkout:${version}` }],
  managers: [{ name: 'kubectl-set', subresource: null, at: madeAt }],
});
const last = (row: SeenWorkload | null, madeBy: number | null = null): LastSeen => ({
  workload,
  madeBy,
  spec: row === null ? null : specOf(row),
  at: left,
});
const set: SpecWrite = { names: ['deployment', 'checkout'], changes: 'images', images: ['shop/checkout:v3'] };
const command = (from: number, to: number | null, writes: OwnWindow['writes'] = [set]): OwnWindow => ({
  attempt: 7,
  from,
  to,
  drives: [],
  writes,
  seen: new Map(),
});
const looking = (...own: OwnWindow[]) => ({ now: back, own, skewMs: 0 });

/** Somebody comes back and finds this. */
const found = (before: LastSeen, row: SeenWorkload | null, ...own: OwnWindow[]) => {
  const book = new SpecBook(workload, before);
  expect(book.see(row, looking(...own))).toBeNull();
  expect(book.isWaiting).toBe(true);
  expect(book.seen).toBeNull();
  const change = book.compare(row, true, looking(...own));
  expect(book.isWaiting).toBe(false);
  return { change, seen: book.seen, book };
};

describe('what an earlier process saw last', () => {
  test('is as it is now: nobody changed it, and whose doing it was stays known', () => {
    expect(found(last(v2, 7), v2)).toMatchObject({ change: null, seen: { madeBy: 7 } });
  });

  test('was changed while nobody looked', () => {
    expect(found(last(v2), at('v9', 13, left + 60_000)).change).toEqual({
      at: left + 60_000,
      workload,
      by: 'kubectl-set',
      what: 'image app v2 -> v9',
    });
    expect(found(last(v2), null).change?.what).toBe('deleted');
    expect(found(last(null), v2).change?.what).toBe('deleted and made anew');
  });

  test("was changed by our own command that went on: that is this run's", () => {
    const own = command(left - 5_000, left + 20_000);
    expect(found(last(v2), at('v3', 13, left + 2_000), own)).toMatchObject({ change: null, seen: { madeBy: 7 } });
    expect(found(last(v2), at('v3', 13, left + 2_000), command(left - 5_000, null)).change).toBeNull();
    expect(found(last(v2), at('v3', 13, left + 2_000), command(left - 5_000, left + 20_000, null)).change).toBeNull();
  });

  test('was changed again by others after our own command, or while it ran', () => {
    for (const madeAt of [left + 10_000, left + 900_000]) {
      const own = command(left - 5_000, left + 20_000);
      expect(found(last(v2), at('v9', 14, madeAt), own).change?.what).toBe('image app v2 -> v9');
    }
    const undo = command(left - 5_000, left + 20_000, [{ names: null, changes: 'anything', images: null }]);
    expect(found(last(v2, 7), at('v9', 13, left + 10_000), undo).change).not.toBeNull();
  });

  test('is compared as soon as it is seen, when nothing was seen yet', () => {
    const book = new SpecBook(workload, last(v2));
    expect(book.compare(null, false, looking())).toBeNull();
    expect(book.see(at('v9', 13, left + 60_000), looking())?.what).toBe('image app v2 -> v9');
    expect(book.see(at('v9', 13, left + 60_000), looking())).toBeNull();
  });
});

test("what is seen for the first time is nobody's doing", () => {
  const book = new SpecBook(workload, null);
  expect(book.see(v2, looking())).toBeNull();
  expect(book.seen).toMatchObject({ workload, madeBy: null, spec: { generation: 12 } });
});

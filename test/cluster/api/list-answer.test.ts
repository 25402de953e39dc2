import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListReading } from '../../../src/cluster/api/connection.ts';
import { listOf } from '../../../src/cluster/api/list-answer.ts';

const long = 'x'.repeat(20_000);
const pod = (name: string, more: object = {}): object => ({ metadata: { name, annotations: { note: long } }, ...more });
const pods = (count: number): object[] =>
  Array.from({ length: count }, (_, i) => pod(`checkout-${i}`, { spec: { i } }));
const same: ListReading = { item: (object) => object };
const bytesOf = (list: object): Buffer => Buffer.from(`${JSON.stringify(list)}\n`);

/** What API servers say before the items of their own kinds. */
const podList = (items: readonly object[], next = ''): object => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '7', continue: next },
  items,
});

test('a long list reads as it was written, and says where it goes on before its items', async () => {
  const items = pods(100);
  const heads: unknown[] = [];
  const seen: unknown[] = [];
  const list = await listOf(bytesOf(podList(items, 'more')), {
    item: (object) => {
      seen.push(object);
      return heads.length;
    },
    head: (head) => heads.push(head),
  });
  expect(seen).toEqual(items);
  expect(heads).toEqual([podList([], 'more')]);
  expect(list).toEqual(podList(items.map(() => 1) as unknown as object[], 'more'));
});

test('a list of custom resources has its version behind its items', async () => {
  const items = pods(50).map((object) => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', ...object }));
  const list = { apiVersion: 'argoproj.io/v1alpha1', items, kind: 'RolloutList', metadata: { resourceVersion: '7' } };
  expect(await listOf(bytesOf(list), same)).toEqual(list);
});

test('objects within objects are not taken for items', async () => {
  const claims = { spec: { volumeClaimTemplates: [pod('a'), pod('b'), pod('c')] } };
  const nested = podList([pod('one', claims), ...pods(40), pod('two', claims)]);
  expect(await listOf(bytesOf(nested), same)).toEqual(nested);
  const elsewhere = { kind: 'Odd', inner: { items: pods(40) }, items: pods(2), metadata: {} };
  expect(await listOf(bytesOf(elsewhere), same)).toEqual(elsewhere);
});

test('text that looks like the border of two items is text', async () => {
  const trap = podList([...pods(40), pod('x', { text: '},{"metadata":{"name":"y"}', more: '"items":[' })]);
  expect(await listOf(bytesOf(trap), same)).toEqual(trap);
});

test('any list is read as JSON.parse reads it', async () => {
  const filler = pods(30);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.object()), fc.dictionary(fc.string(), fc.jsonValue()), async (items, around) => {
      const bytes = bytesOf({ ...around, items: [...items, ...filler, ...items] });
      expect(await listOf(bytes, same)).toEqual(JSON.parse(bytes.toString('utf8')));
    }),
    { numRuns: 50 },
  );
});

test('one that is cut or broken throws SyntaxError; what reading an item throws comes through', async () => {
  const bytes = bytesOf(podList(pods(40)));
  await expect(listOf(bytes.subarray(0, -20), same)).rejects.toBeInstanceOf(SyntaxError);
  await expect(listOf(bytes.subarray(0, 600_000), same)).rejects.toBeInstanceOf(SyntaxError);
  const item = (): never => {
    throw new RangeError('not understood');
  };
  await expect(listOf(bytes, { item })).rejects.toBeInstanceOf(RangeError);
});

test('others get their turn while a long list is read', async () => {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  await listOf(bytesOf(podList(pods(200))), same);
  clearImmediate(next);
  expect(turns).toBeGreaterThanOrEqual(6);
});

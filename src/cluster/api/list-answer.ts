import { setImmediate } from 'node:timers/promises';
import type { ListReading } from './connection.ts';

/** Parsed in one go: a few milliseconds in which no key is answered. */
const bytesPerTurn = 512 * 1024;
const itemsKey = Buffer.from('"items":[');

interface List {
  readonly items?: unknown;
}

const valueIn = (bytes: Buffer, from: number, to: number): unknown => JSON.parse(bytes.toString('utf8', from, to));

/** `},{"metadata":`, after the first item's beginning: every item of an API server begins with the same key. */
const separatorFrom = (bytes: Buffer, from: number): Buffer | null => {
  const colon = bytes.indexOf(':', from);
  return bytes[from] === 0x7b && colon !== -1
    ? Buffer.concat([Buffer.from('},'), bytes.subarray(from, colon + 1)])
    : null;
};

/**
 * Cuts a list where the next item seems to begin. A cut within an item leaves a piece that is no JSON: then it throws
 * SyntaxError, as for everything else that is not a list as API servers write it.
 */
const readByItem = async (bytes: Buffer, { item, head }: ListReading): Promise<unknown> => {
  const key = bytes.indexOf(itemsKey);
  const begin = key + itemsKey.length;
  const separator = key === -1 ? null : separatorFrom(bytes, begin);
  if (separator === null) throw new SyntaxError('not a list');
  const before = bytes.toString('utf8', 0, begin);
  // It parses only if these are the items of the whole.
  head?.(JSON.parse(`${before}]}`));
  const items: unknown[] = [];
  let from = begin;
  let turn = begin;
  for (let at = bytes.indexOf(separator, from); at !== -1; at = bytes.indexOf(separator, from)) {
    items.push(item(valueIn(bytes, from, at + 1)));
    from = at + 2;
    if (from - turn < bytesPerTurn) continue;
    turn = from;
    await setImmediate();
  }
  const list = JSON.parse(before + bytes.toString('utf8', from)) as { readonly items: readonly unknown[] };
  for (const last of list.items) items.push(item(last));
  return { ...list, items };
};

/** The list of an answer. A long one is parsed item by item, with pauses for everything else. Throws SyntaxError. */
export const listOf = async (bytes: Buffer, reading: ListReading): Promise<unknown> => {
  if (bytes.length > bytesPerTurn) {
    try {
      return await readByItem(bytes, reading);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  const list = valueIn(bytes, 0, bytes.length) as List | null;
  return Array.isArray(list?.items) ? { ...list, items: list.items.map((object) => reading.item(object)) } : list;
};

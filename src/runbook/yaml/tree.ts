import type { Place } from '../diagnostic.ts';

/** What is left of a YAML text: maps, lists and scalars that are all text, each with its place in the source file. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly text: string;
  /** `key:` with nothing behind it. */
  readonly empty: boolean;
  /** `block`: literal, its lines are the source's; `other`: folded, quoted or spread over several lines. */
  readonly style: 'block' | 'line' | 'other';
  /** Of the first character; of a block scalar its indicator. */
  readonly place: Place;
  /** Of the first character of the text itself. */
  readonly content: Place;
  /** Source lines that hold the text, inclusive. */
  readonly lines: readonly [from: number, to: number];
}

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly place: Place;
}

export interface YamlEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly place: Place;
}

/** Plain data for the schema: text, lists, and objects without a prototype; null for a key without a value. */
export type YamlValue = string | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

export const plainValue = (node: YamlNode): YamlValue => {
  if (node.kind === 'scalar') return node.empty ? null : node.text;
  if (node.kind === 'list') return node.items.map(plainValue);
  const object: Record<string, YamlValue> = Object.create(null);
  for (const entry of node.entries) object[entry.key] = plainValue(entry.value);
  return object;
};

export const entryOf = (node: YamlNode | undefined, key: string): YamlEntry | undefined =>
  node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;

/** The child at a key or index; undefined when there is none. */
export const childOf = (node: YamlNode | undefined, key: PropertyKey): YamlNode | undefined => {
  if (node?.kind === 'list' && typeof key === 'number') return node.items[key];
  return entryOf(node, String(key))?.value;
};

/** The node at a path of keys and indexes, as deep as the path can be followed. */
export const nodeAt = (root: YamlNode, path: readonly PropertyKey[]): YamlNode => {
  let node = root;
  for (const key of path) {
    const child = childOf(node, key);
    if (child === undefined) return node;
    node = child;
  }
  return node;
};

/** Place of an offset into a scalar's text. Exact for literal blocks and for values on one line. */
export const placeInScalar = (node: YamlScalar, offset: number): Place => {
  if (node.style === 'other') return node.place;
  const before = node.text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: node.content.line + before.split('\n').length - 1, column: node.content.column + offset - start };
};

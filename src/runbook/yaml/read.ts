import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { diagnosticAt, type Place } from '../diagnostic.ts';
import type { Diagnostic } from '../model.ts';
import { prepare, type Quoting } from './prepare.ts';
import type { YamlEntry, YamlNode } from './tree.ts';

export interface ReadOptions {
  readonly quoting: Quoting;
  /** Line of the text's first line in the source file. */
  readonly firstLine: number;
  /** Columns that were taken off the front of every line (a fence in a list item). */
  readonly indent: number;
}

export interface YamlText {
  /** Null when the text is empty or cannot be used at all. */
  readonly root: YamlNode | null;
  readonly diagnostics: readonly Diagnostic[];
}

const maxDepth = 32;
/** More than these tell nothing new. */
const maxProblems = 50;
const maxBytes = 1024 * 1024;
const reservedKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * YAML as text: every scalar is a string, nothing is resolved. Anchors, aliases, merge keys, tags, directives and
 * further documents are refused. Errors E103, E201 to E211, E216, E217, placed in the source file.
 */
export const readYaml = (text: string, options: ReadOptions): YamlText => {
  const moved = (place: Place): Place => ({
    line: place.line + options.firstLine - 1,
    column: place.column + options.indent,
  });
  if (text.length > maxBytes) {
    const at = moved({ line: 1, column: 1 });
    return { root: null, diagnostics: [diagnosticAt('E103', at, 'YAML text is over 1 MB', 'split the runbook')] };
  }
  const prepared = prepare(text, options.quoting);
  if (prepared.diagnostics.length > 0) {
    return { root: null, diagnostics: prepared.diagnostics.map((found) => ({ ...found, ...moved(found) })) };
  }
  return new Reader(prepared.text, moved).read();
};

class Reader {
  readonly #text: string;
  readonly #moved: (place: Place) => Place;
  readonly #starts: readonly number[];
  readonly #diagnostics: Diagnostic[] = [];
  /** Anchors of the nodes around the one being read. */
  readonly #open: string[] = [];

  constructor(text: string, moved: (place: Place) => Place) {
    this.#text = text;
    this.#moved = moved;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  read(): YamlText {
    const documents = this.#documents();
    const [first, second] = documents;
    if (first === undefined) return { root: null, diagnostics: this.#diagnostics };
    if (second !== undefined) {
      const at = second.contents?.range?.[0] ?? second.range?.[0] ?? 0;
      this.#report('E210', at, 'one document only', 'remove the "---" between documents');
    }
    const root = first.contents === null ? null : this.#node(first.contents, 1);
    const error = first.errors[0] ?? second?.errors[0];
    if (error !== undefined && (this.#diagnostics.length === 0 || error.code === 'TAB_AS_INDENT')) this.#syntax(error);
    return {
      root: this.#diagnostics.some((found) => found.code === 'E204') ? null : root,
      diagnostics: this.#diagnostics,
    };
  }

  #documents(): readonly Document[] {
    try {
      const documents = parseAllDocuments(this.#text, {
        schema: 'failsafe',
        uniqueKeys: false,
        prettyErrors: false,
        stringKeys: false,
      });
      return Array.isArray(documents) ? (documents as Document[]) : [];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#report('E204', 0, 'nesting deeper than 32', 'flatten the structure');
      return [];
    }
  }

  #place(offset: number): Place {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#moved({ line: low + 1, column: offset - (this.#starts[low] as number) + 1 });
  }

  #report(code: string, offset: number, message: string, hint: string): void {
    if (this.#diagnostics.length < maxProblems)
      this.#diagnostics.push(diagnosticAt(code, this.#place(offset), message, hint));
  }

  #syntax(error: YAMLParseError): void {
    const at = error.pos[0];
    if (error.code === 'TAB_AS_INDENT') {
      this.#report('E201', at, 'tab used for indentation', 'indent with spaces');
      return;
    }
    const colon = error.code === 'BLOCK_AS_IMPLICIT_KEY';
    this.#report(
      'E217',
      Math.min(at, this.#text.trimEnd().length),
      `not valid YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`,
      colon ? 'quote a value that contains ": "' : 'check quotes, brackets and indentation on this line',
    );
  }

  #node(node: Node, depth: number): YamlNode {
    const offset = node.range?.[0] ?? 0;
    const place = this.#place(offset);
    if (depth > maxDepth && isCollection(node)) {
      if (!this.#diagnostics.some((found) => found.code === 'E204')) {
        this.#report('E204', offset, 'nesting deeper than 32', 'flatten the structure');
      }
      return { kind: 'list', items: [], place };
    }
    if (isAlias(node)) return this.#alias(node.source, offset, place);
    this.#refuse(node, offset);
    const anchor = node.anchor;
    if (anchor !== undefined) this.#open.push(anchor);
    const result = this.#content(node, depth, place);
    if (anchor !== undefined) this.#open.pop();
    return result;
  }

  #alias(source: string, offset: number, place: Place): YamlNode {
    if (this.#open.includes(source)) {
      this.#report('E209', offset, `alias "*${source}" contains itself`, 'write the value out');
    } else {
      this.#report('E203', offset, 'anchors and aliases are not supported', 'write the value out');
    }
    return this.#empty(place);
  }

  #refuse(node: Node & { anchor?: string; tag?: string }, offset: number): void {
    if (node.anchor !== undefined) {
      const at = this.#text.lastIndexOf(`&${node.anchor}`, offset);
      this.#report('E203', Math.max(at, 0), 'anchors and aliases are not supported', 'write the value out');
    }
    if (node.tag !== undefined) {
      const before = /!\S*\s*(?:&\S*\s*)?$/.exec(this.#text.slice(Math.max(0, offset - 300), offset))?.[0] ?? '';
      this.#report(
        'E205',
        offset - before.length,
        'tag not allowed',
        'remove the "!" word; every value is read as text',
      );
    }
  }

  #content(node: Node, depth: number, place: Place): YamlNode {
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node, depth), place };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#item(item, depth, place));
      return { kind: 'list', items, place };
    }
    return isScalar(node) ? this.#scalar(node, place) : this.#empty(place);
  }

  /** `[a: b]` is a list of a pair: a map with one entry. */
  #item(item: unknown, depth: number, place: Place): YamlNode {
    if (isPair(item))
      return { kind: 'map', entries: this.#pairs([item as Pair<Node | null, Node | null>], depth), place };
    return item === null || item === undefined ? this.#empty(place) : this.#node(item as Node, depth + 1);
  }

  #empty(place: Place): YamlNode {
    const lines = [place.line, place.line] as const;
    return { kind: 'scalar', text: '', empty: true, style: 'line', place, content: place, lines };
  }

  #scalar(node: Scalar, place: Place): YamlNode {
    const [start, end] = node.range ?? [0, 0];
    const text = String(node.value ?? '');
    const from = place.line;
    const to = this.#place(Math.max(start, end - 1)).line;
    if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return this.#block(node, text, place, to);
    const empty = node.type === 'PLAIN' && text === '';
    const style = from === to ? 'line' : 'other';
    const content = node.type === 'PLAIN' ? place : { line: from, column: place.column + 1 };
    return { kind: 'scalar', text, empty, style, place, content, lines: [from, to] };
  }

  #block(node: Scalar, text: string, place: Place, to: number): YamlNode {
    const from = place.line + 1;
    const literal = node.type === 'BLOCK_LITERAL';
    const count = Math.max(1, text.replace(/\n+$/, '').split('\n').length);
    const first = this.#text.slice(node.range?.[0] ?? 0).match(/\n( *)[^ \n]/);
    const content = this.#moved({ line: 1, column: (first?.[1]?.length ?? 0) + 1 });
    return {
      kind: 'scalar',
      text,
      empty: false,
      style: literal ? 'block' : 'other',
      place,
      content: { line: from, column: content.column },
      lines: [from, literal ? from + count - 1 : Math.max(from, to)],
    };
  }

  #entries(map: YAMLMap, depth: number): readonly YamlEntry[] {
    return this.#pairs(map.items as readonly Pair<Node | null, Node | null>[], depth);
  }

  #pairs(pairs: readonly Pair<Node | null, Node | null>[], depth: number): readonly YamlEntry[] {
    const entries: YamlEntry[] = [];
    const seen = new Map<string, number>();
    for (const { key, value } of pairs) {
      const keyOffset = key?.range?.[0] ?? value?.range?.[0] ?? 0;
      const name = this.#key(key, keyOffset);
      if (name === null) continue;
      const keyPlace = this.#place(keyOffset);
      const before = seen.get(name);
      if (before !== undefined) {
        const message = `key "${name}" twice (lines ${before}, ${keyPlace.line})`;
        this.#report('E202', keyOffset, message, 'keep one of them');
        continue;
      }
      seen.set(name, keyPlace.line);
      entries.push({
        key: name,
        keyPlace,
        value: value === null ? this.#empty(keyPlace) : this.#node(value, depth + 1),
      });
    }
    return entries;
  }

  /** The text of a key that may be used, else null after saying why not. */
  #key(key: Node | null, offset: number): string | null {
    if (!isScalar(key) || (key.value === '' && key.type === 'PLAIN')) {
      if (isAlias(key)) this.#report('E203', offset, 'anchors and aliases are not supported', 'write the key out');
      else this.#report('E211', offset, 'a key must be plain text', 'write "key: value"');
      return null;
    }
    this.#refuse(key, offset);
    const name = String(key.value);
    if (name === '<<') this.#report('E208', offset, 'merge keys are not supported', 'write the keys out');
    else if (reservedKeys.has(name)) this.#report('E207', offset, `reserved key "${name}"`, 'use another name');
    else return name;
    return null;
  }
}

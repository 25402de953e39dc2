import type * as z from 'zod';
import { diagnosticAt, type Place } from '../diagnostic.ts';
import type { Diagnostic } from '../model.ts';
import { didYouMean, listed } from '../suggest.ts';
import { childOf, entryOf, nodeAt, plainValue, type YamlNode } from './tree.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

export interface Shaped<T> {
  /** Null when there are diagnostics. */
  readonly value: T | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks a tree against a schema. Errors at the place of the value or key: E206, E212, E217 and what the schema says. */
export const shape = <T>(schema: z.ZodType<T>, node: YamlNode): Shaped<T> => {
  const parsed = schema.safeParse(plainValue(node));
  if (parsed.success) return { value: parsed.data, diagnostics: [] };
  return { value: null, diagnostics: parsed.error.issues.flatMap((issue) => describe(issue, node, [])) };
};

/**
 * The same, but a top-level key with a problem is left out and the rest is read.
 * `value` is null only when what is left still does not fit.
 */
export const shapeLeniently = <T>(schema: z.ZodType<T>, node: YamlNode): Shaped<T> => {
  const first = shape(schema, node);
  if (first.value !== null || node.kind !== 'map') return first;
  const parsed = schema.safeParse(plainValue(node));
  const bad = new Set(parsed.error?.issues.flatMap((issue) => topKeys(issue)));
  const rest = { ...node, entries: node.entries.filter((entry) => !bad.has(entry.key)) };
  return { value: shape(schema, rest).value, diagnostics: first.diagnostics };
};

const topKeys = (issue: Issue): readonly string[] =>
  issue.path.length === 0 && issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])];

const describe = (issue: Issue, root: YamlNode, before: Path): readonly Diagnostic[] => {
  const path = [...before, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    return issue.keys.map((key) => unknownKey(key, known, placeOfKey(root, path, key)));
  }
  if (issue.code === 'invalid_union') return describeUnion(issue.errors, root, path);
  const place = placeOf(root, path);
  const label = labelOf(path);
  if (issue.code === 'custom') {
    const params = (issue as { params?: { code?: string; hint?: string } }).params;
    return [diagnosticAt(params?.code ?? 'E217', place, `${label}: ${issue.message}`, params?.hint ?? null)];
  }
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    const node = nodeAt(root, path);
    if (node.kind === 'scalar' && isPresent(root, path)) {
      const message = `${label}: "${node.text}" is not known${didYouMean(node.text, words)}`;
      return [diagnosticAt('E217', place, message, `use ${listed(words)}`)];
    }
  }
  return [typeProblem(issue, root, path, place, label)];
};

const typeProblem = (issue: Issue, root: YamlNode, path: Path, place: Place, label: string): Diagnostic => {
  if (!isPresent(root, path))
    return diagnosticAt('E217', place, `${label} is missing`, `add "${String(path.at(-1))}:"`);
  const node = nodeAt(root, path);
  const expected = issue.code === 'invalid_type' ? (words[issue.expected] ?? issue.expected) : 'another value';
  if (node.kind === 'scalar' && node.empty)
    return diagnosticAt('E217', place, `${label} has no value`, `write ${expected}`);
  return diagnosticAt('E217', place, `${label}: ${expected} expected, not ${kindOf(node)}`, `write ${expected}`);
};

const words: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'a map (key: value)',
  record: 'a map (key: value)',
  array: 'a list (- value)',
};

const kindOf = (node: YamlNode): string => (node.kind === 'scalar' ? 'text' : `a ${node.kind}`);

/** The problems of the alternative whose kind (text, list, map) is the one that was written. */
const describeUnion = (branches: readonly (readonly Issue[])[], root: YamlNode, path: Path): readonly Diagnostic[] => {
  const right = branches.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'),
  );
  const best = right.toSorted((a, b) => a.length - b.length)[0];
  if (best !== undefined) return best.flatMap((issue) => describe(issue, root, path));
  const expected = branches
    .flat()
    .filter((issue) => issue.code === 'invalid_type')
    .map((issue) => words[issue.expected] ?? issue.expected);
  const label = labelOf(path);
  const either = [...new Set(expected)].join(' or ');
  const node = nodeAt(root, path);
  const message =
    node.kind === 'scalar' && node.empty
      ? `${label} has no value`
      : `${label}: ${either} expected, not ${kindOf(node)}`;
  return [diagnosticAt('E217', placeOf(root, path), message, `write ${either}`)];
};

/** E212 with the nearest known key. */
export const unknownKey = (key: string, known: readonly string[], place: Place): Diagnostic =>
  diagnosticAt('E212', place, `unknown field "${key}"${didYouMean(key, known)}`, `known here: ${listed(known, 16)}`);

const labelOf = (path: Path): string => {
  const key = path.findLast((part) => typeof part === 'string');
  return key === undefined ? 'the text' : `"${String(key)}"`;
};

const isPresent = (root: YamlNode, path: Path): boolean => {
  let node: YamlNode | undefined = root;
  for (const key of path) node = childOf(node, key);
  return node !== undefined;
};

const placeOf = (root: YamlNode, path: Path): Place => {
  const parent = nodeAt(root, path.slice(0, -1));
  const last = path.at(-1);
  const child = last === undefined ? root : childOf(parent, last);
  if (child === undefined) return placeOfParent(root, path.slice(0, -1));
  return child.kind === 'scalar' && child.empty && last !== undefined
    ? placeOfKey(root, path.slice(0, -1), String(last))
    : child.place;
};

/** Of a missing field: the key that should hold it. */
const placeOfParent = (root: YamlNode, path: Path): Place =>
  path.length === 0 ? root.place : placeOfKey(root, path.slice(0, -1), String(path.at(-1)));

const placeOfKey = (root: YamlNode, path: Path, key: string): Place => {
  const node = nodeAt(root, path);
  return entryOf(node, key)?.keyPlace ?? childOf(node, Number(key))?.place ?? node.place;
};

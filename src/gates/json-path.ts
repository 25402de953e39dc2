import type { JsonEquality } from './check.ts';

/** `0.conclusion` of `[{ "conclusion": "success" }]`; undefined when there is nothing at that path. */
export const valueAt = (json: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    return (value as Readonly<Record<string, unknown>>)[key];
  }, json);

/** As a runbook writes it: text without quotes, everything else as JSON. */
const written = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));

export type JsonAnswer =
  | { readonly kind: 'not-json' }
  | { readonly kind: 'equal'; readonly value: string }
  | { readonly kind: 'different'; readonly value: string; readonly because: string };

const longest = 200;
const short = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** Compares every path of a JSON text with the value it must have. */
export const compareJson = (text: string, wanted: readonly JsonEquality[]): JsonAnswer => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'not-json' };
  }
  const found = wanted.map(({ path, value }) => ({ path, value, actual: short(written(valueAt(json, path))) }));
  const value = found.map(({ path, actual }) => `${path} ${actual}`).join(', ');
  const wrong = found.find(({ value: want, actual }) => want !== actual);
  if (wrong === undefined) return { kind: 'equal', value };
  return { kind: 'different', value, because: `${wrong.path} is ${wrong.actual}, not ${wrong.value}` };
};

import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ExpectedError } from '../text/errors.ts';
import { defaultSettings, type PrometheusSetting, type Settings } from './shape.ts';

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text, 'i');
    return true;
  } catch {
    return false;
  }
};

const pattern = z.string().min(1).refine(isPattern, 'is not a regular expression');

const path = z
  .string()
  .refine((text) => text.startsWith('/') || text.startsWith('~/'), 'must be an absolute path or start with ~/')
  .transform((text) => (text.startsWith('~/') ? join(homedir(), text.slice(2)) : text));

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  // This file is shown, and stored with every run.
  .refine(
    (text) => URL.parse(text)?.username === '' && URL.parse(text)?.password === '',
    'must not hold a user or password: give {"url": …, "headers": {"Authorization": "env:TOKEN"}}',
  )
  .refine((text) => !/[?#]/.test(text), 'must be without "?" and "#": queries are appended to it');

const reference = z
  .string()
  .regex(
    /^(env:|op:\/\/|vault:|sops:|cmd:)./,
    'must be a reference (env:NAME, op://, vault:, sops:, cmd:), not the value itself',
  );

const server = z.union([
  url.transform((address) => ({ url: address, headers: {} })),
  z.strictObject({ url, headers: z.record(z.string(), reference).default({}) }),
]);

const prometheus = z
  .record(pattern, server)
  .transform((servers): PrometheusSetting[] =>
    Object.entries(servers).map(([context, one]) => ({ context, url: one.url, headers: one.headers })),
  );

const text = z.string().min(1).nullable();

/** The file as people write it: every key may be left out. */
const fileShape = {
  prometheus,
  production: z.union([pattern.transform((one) => [one]), z.array(pattern)]),
  notify: text,
  operator: text,
  theme: z.enum(['auto', 'dark', 'light', 'mono']),
  records: path.nullable(),
  lock: z.enum(['advisory', 'required']),
  path: z.enum(['auto', 'all']),
  approvers: path.nullable(),
  trustBranch: z.string().regex(/^[A-Za-z0-9][\w.-]*\/[\w./-]+$/, 'must name a remote branch, as origin/main'),
} as const;

export type SettingKey = keyof typeof fileShape;
export const settingKeys = Object.keys(fileShape) as readonly SettingKey[];

const wholeFile = z.strictObject(fileShape).partial();

/** The settings of a file's content. Throws `ExpectedError` with path and key for the first thing that is wrong. */
export const parseSettings = (content: unknown, file: string): Settings => {
  const parsed = wholeFile.safeParse(content);
  if (!parsed.success) throw problemOf(parsed.error, file);
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return { ...defaultSettings, ...Object.fromEntries(given) };
};

/** The text of one setting as its value: JSON where it is that, else the text itself. Throws `ExpectedError`. */
export const parseSetting = (
  key: string,
  value: string,
  file: string,
): { readonly key: SettingKey; readonly value: unknown } => {
  if (!isSettingKey(key)) throw unknownKey(key, file);
  const json = jsonOf(value);
  const asJson = fileShape[key].safeParse(json);
  if (asJson.success) return { key, value: json };
  // A list or a table that is wrong stays wrong: read as text, `["("]` would be a fine pattern.
  const parsed = typeof json === 'object' && json !== null ? asJson : fileShape[key].safeParse(value);
  if (!parsed.success) throw problemOf(parsed.error as z.ZodError, `${file}: ${key}`);
  return { key, value };
};

const jsonOf = (value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
};

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(fileShape, key);

const unknownKey = (key: string, file: string): ExpectedError =>
  new ExpectedError(`unknown key "${key}"`, { place: file, nextStep: `Keys are ${settingKeys.join(', ')}` });

const problemOf = (error: z.ZodError, place: string): ExpectedError => {
  const issue = deepest(error.issues);
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return unknownKey(issue.keys[0] ?? '', place);
  const key = issue.path.map(String).join('.');
  return new ExpectedError(issue.message, {
    place: key === '' ? place : `${place}: ${key}`,
    nextStep: 'Correct it there, or with: gonogo config KEY VALUE',
  });
};

type Issue = z.ZodError['issues'][number];

/** Of a value with several allowed shapes, the complaint of the shape that came closest. */
const deepest = (issues: readonly Issue[]): Issue => {
  const [issue] = issues as readonly [Issue];
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flatMap((branch) => (branch.length === 0 ? [] : [deepest(branch as Issue[])]));
  const best = inner.find((one) => one.code !== 'invalid_type') ?? inner[0];
  return best === undefined ? issue : { ...best, path: [...issue.path, ...best.path] };
};

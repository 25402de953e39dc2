/** An object of the API as parsed from JSON. Nothing about it is trusted: a missing or odd part reads as absent. */
export type Raw = Readonly<Record<string, unknown>>;

const nothing: Raw = {};

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at a path below a value; an empty one when it is not there. */
export const partOf = (value: unknown, ...path: readonly string[]): Raw => {
  let found: unknown = value;
  for (const key of path) found = isRecord(found) ? found[key] : undefined;
  return isRecord(found) ? found : nothing;
};

export const hasPart = (value: unknown, key: string): boolean => isRecord(value) && isRecord(value[key]);

/** The objects of a list; an empty one when it is not a list. */
export const partsOf = (value: unknown): readonly Raw[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** UTC ms of an RFC 3339 time; null when there is none. */
export const timeOf = (value: unknown): number | null => {
  if (typeof value !== 'string') return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
};

/** The text-to-text entries: labels, annotations. */
export const textsOf = (value: unknown): Readonly<Record<string, string>> => {
  if (!isRecord(value)) return {};
  const texts = Object.create(null) as Record<string, string>;
  for (const [key, text] of Object.entries(value)) if (typeof text === 'string') texts[key] = text;
  return texts;
};

/** The latest of some times, at least 0. */
export const latest = (...times: readonly (number | null)[]): number => {
  let found = 0;
  for (const at of times) if (at !== null && at > found) found = at;
  return found;
};

const longest = 400;

/** At most 400 characters, as a copy of its own: a slice would keep the whole text alive. */
export const shortCopy = (value: unknown): string | null => {
  const text = textOf(value);
  if (text === null || text.length <= longest) return text;
  return `${Buffer.from(text.slice(0, longest - 1), 'utf8').toString('utf8')}…`;
};

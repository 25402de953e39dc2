import type { EventData, RecordedOf } from './events.ts';

/** What a watch may say of a rollback criterion. */
export type WatchedCriterion = 'criterion.breached' | 'criterion.recovered' | 'criterion.blind';

/**
 * What `gonogo watch` writes down beside the journal, one fact a line. `watch.lasted` tells of a time in which it
 * watched without a break (UTC ms). Source: 60-interface, "Commands".
 */
export type WatchFact =
  | { readonly type: 'watch.began'; readonly data: { readonly host: string } }
  | { readonly type: 'watch.lasted'; readonly data: { readonly from: number; readonly to: number } }
  | { readonly type: 'watch.ended'; readonly data: { readonly why: WatchEnd } }
  | { [T in WatchedCriterion]: { readonly type: T; readonly data: EventData[T] } }[WatchedCriterion];

/** `stopped`: another target was found in the place of the pinned one. */
export type WatchEnd = 'left' | 'finished' | 'stopped';

const ends: readonly unknown[] = ['left', 'finished', 'stopped'] satisfies readonly WatchEnd[];

export type WatchLine = WatchFact & {
  /** Id of the watching process; the same as in the file's name. */
  readonly session: string;
  /** Who watched. */
  readonly who: string;
  /** UTC ms. */
  readonly at: number;
};

const formatVersion = 1;
/** Longer texts are cut: a line has to fit into a journal line. */
const longestText = 1_000;

const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);

/** One line without its newline. */
export const watchLineText = ({ type, data, session, who, at }: WatchLine): string =>
  JSON.stringify({ v: formatVersion, at: new Date(at).toISOString(), session, who, type, data }, (_, value: unknown) =>
    typeof value === 'string' ? cut(value) : value,
  );

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};

/** Null for a line that this version does not understand: it is kept, and says nothing. */
export const parseWatchLine = (line: string): WatchLine | null => {
  const fields = parsed(line);
  if (!isFields(fields) || fields.v !== formatVersion || !isFields(fields.data)) return null;
  const { session, who } = fields;
  const at = typeof fields.at === 'string' ? Date.parse(fields.at) : Number.NaN;
  const fact = factOf(fields.type, fields.data);
  if (fact === null || typeof session !== 'string' || typeof who !== 'string' || Number.isNaN(at)) return null;
  return { ...fact, session, who, at };
};

const factOf = (type: unknown, data: Fields): WatchFact | null => {
  const { criterion, value, because, host, from, to, why } = data;
  const isIndex = typeof criterion === 'number' && Number.isInteger(criterion) && criterion >= 0;
  switch (type) {
    case 'watch.began':
      return typeof host === 'string' ? { type, data: { host } } : null;
    case 'watch.lasted':
      return typeof from === 'number' && typeof to === 'number' && from <= to ? { type, data: { from, to } } : null;
    case 'watch.ended':
      return ends.includes(why) ? { type, data: { why: why as WatchEnd } } : null;
    case 'criterion.breached':
    case 'criterion.recovered':
      return isIndex && typeof value === 'string' ? { type, data: { criterion, value } } : null;
    case 'criterion.blind':
      return isIndex && typeof because === 'string' ? { type, data: { criterion, because } } : null;
    default:
      return null;
  }
};

/** The fact of a line that was taken over; null when it is none, or of another session than it says. */
export const reportedFact = ({ data }: RecordedOf<'watch.reported'>): WatchLine | null => {
  const line = parseWatchLine(data.line);
  return line?.session === data.session ? line : null;
};

import { ExpectedError } from '../text/errors.ts';
import { userConfigFolder } from './folders.ts';
import { changeStore, readStore } from './store.ts';

type Values = Readonly<Record<string, string>>;

/** A runbook that was run, with what was given to it. Never holds secrets. */
export interface RecentRunbook {
  /** Without symbolic links. */
  readonly path: string;
  /** UTC ms of its last run. */
  readonly at: number;
  /** Values by input of its last run, and of the run before. */
  readonly values: Values;
  readonly before: Values | null;
}

const kept = 50;

/** The newest first. A file that cannot be understood counts as empty: nothing depends on it. */
export const recentRunbooks = (folder: string = userConfigFolder()): readonly RecentRunbook[] => {
  try {
    const list = readStore(folder, 'recents')?.runbooks;
    return Array.isArray(list) ? list.filter(isRecent) : [];
  } catch (error) {
    if (error instanceof ExpectedError) return [];
    throw error;
  }
};

const isRecent = (value: unknown): value is RecentRunbook => {
  const one = value as Partial<RecentRunbook> | null;
  return (
    typeof one?.path === 'string' &&
    typeof one.at === 'number' &&
    isValues(one.values) &&
    (one.before === null || isValues(one.before))
  );
};

const isValues = (value: unknown): value is Values =>
  value !== null && typeof value === 'object' && Object.values(value).every((one) => typeof one === 'string');

/** What the inputs of a runbook were in its last run. */
export const lastValuesOf = (path: string, folder?: string): Values =>
  recentRunbooks(folder).find((one) => one.path === path)?.values ?? {};

/** Names of the inputs whose value changed between the last two runs: these are shown beside the field, not filled in. */
export const changingInputs = (path: string, folder?: string): ReadonlySet<string> => {
  const recent = recentRunbooks(folder).find((one) => one.path === path);
  const { values = {}, before = null } = recent ?? {};
  const names = before === null ? [] : [...Object.keys(values), ...Object.keys(before)];
  return new Set(names.filter((name) => values[name] !== before?.[name]));
};

/**
 * Notes a run for the start screen and the next form. `values`: non-secret values by input. A convenience, so a disk
 * that refuses is not an error. Loads conf; call it when nobody waits for a frame.
 */
export const rememberRun = async (
  path: string,
  values: Values,
  { folder = userConfigFolder(), now = Date.now() }: { readonly folder?: string; readonly now?: number } = {},
): Promise<void> => {
  const recents = recentRunbooks(folder);
  const before = recents.find((one) => one.path === path)?.values ?? null;
  const others = recents.filter((one) => one.path !== path);
  const list: readonly RecentRunbook[] = [{ path, at: now, values, before }, ...others].slice(0, kept);
  await changeStore(folder, 'recents', 'runbooks', list).catch(() => undefined);
};

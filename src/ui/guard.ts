/**
 * Keeps confirming keys from acting by accident: pasted or burst keys, keys on a screen that has just changed its
 * meaning, and the repeats of a key that is held down. Pure: time comes in. Source: 20-runs, "Risk".
 */
export interface Guard {
  /** What the confirming keys mean now, and since when (ms). */
  readonly meaning: string;
  readonly since: number;
  /** The last confirming key and when it came. */
  readonly last: { readonly chord: string; readonly at: number } | null;
}

export type GuardVerdict =
  | 'act'
  /** Part of a chunk with other keys. */
  | 'burst'
  /** The screen changed less than 400 ms ago. */
  | 'changed'
  /** The same key comes again so fast that it is held down. */
  | 'held';

export const settleMs = 400;
/** A keyboard repeats a held key at least this often. */
export const repeatMs = 120;

export const initialGuard = (now: number): Guard => ({ meaning: '', since: now, last: null });

/** The guard after a frame; `meaning` names what a confirming key would do. */
export const framed = (guard: Guard, meaning: string, now: number): Guard =>
  guard.meaning === meaning ? guard : { ...guard, meaning, since: now };

export const judge = (
  guard: Guard,
  chord: string,
  burst: boolean,
  now: number,
): { readonly verdict: GuardVerdict; readonly guard: Guard } => {
  const held = guard.last !== null && guard.last.chord === chord && now - guard.last.at < repeatMs;
  const next: Guard = { ...guard, last: { chord, at: now } };
  if (burst) return { verdict: 'burst', guard: next };
  if (held) return { verdict: 'held', guard: next };
  return { verdict: now - guard.since < settleMs ? 'changed' : 'act', guard: next };
};

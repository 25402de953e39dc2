/** A value at a moment, UTC ms; null where there was none. */
export interface Point {
  readonly at: number;
  readonly value: number | null;
}

export type Worse = 'higher' | 'lower' | 'either';

/**
 * Values between two moments as `columns` even pieces of that time, oldest first. A piece has the worst value that fell
 * into it, so that no peak gets lost; null where there was none.
 */
export const bucketed = (
  points: readonly Point[],
  {
    from,
    to,
    columns,
    worse,
  }: { readonly from: number; readonly to: number; readonly columns: number; readonly worse: Worse },
): readonly (number | null)[] => {
  const out: (number | null)[] = Array.from({ length: Math.max(0, columns) }, () => null);
  if (to <= from || columns <= 0) return out;
  for (const { at, value } of points) {
    if (value === null || !Number.isFinite(value) || at < from || at > to) continue;
    const piece = Math.min(columns - 1, Math.floor(((at - from) / (to - from)) * columns));
    const known = out[piece] ?? null;
    if (known === null || (worse === 'lower' ? value < known : value > known)) out[piece] = value;
  }
  return out;
};

/**
 * The same length of time, moved on to whole pieces of it: a value stays in its piece while the time goes on, and what is
 * drawn moves by whole columns.
 */
export const aligned = <Span extends { readonly from: number; readonly to: number }>(
  span: Span,
  columns: number,
): Span => {
  const piece = (span.to - span.from) / Math.max(1, columns);
  const to = Math.ceil(span.to / piece) * piece;
  return { ...span, from: to - (span.to - span.from), to };
};

/**
 * Where pieces of time are shorter than the time between two values some stay empty: the value before goes on in them,
 * for at most `most` pieces. A longer silence stays a gap.
 */
export const bridged = (values: readonly (number | null)[], most: number): readonly (number | null)[] => {
  let silent = 0;
  let known: number | null = null;
  return values.map((value) => {
    silent = value === null ? silent + 1 : 0;
    known = value ?? known;
    return silent > most ? null : known;
  });
};

/** Not half of it: in the middle two heights meet, and noise would jump between them. */
const below = 0.42;

export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * The range of all numbers that are there; null when there are none. It is at least `least` of its upper end high, so that
 * noise does not look like a change.
 */
export const rangeOf = (values: readonly (number | null)[], least: number): Range | null => {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return null;
  const low = Math.min(...known);
  const high = Math.max(...known);
  const size = Math.max(Math.abs(high), Math.abs(low));
  const lacking = size * least - (high - low);
  if (lacking <= 0) return { low, high };
  const floor = low >= 0 ? Math.max(0, low - lacking * below) : low - lacking * below;
  return { low: floor, high: floor + size * least };
};

/** One glyph of `levels` for a value, the lowest first; a space for a gap. */
export const levelOf = (value: number | null, { low, high }: Range, levels: readonly string[]): string => {
  if (value === null) return ' ';
  const share = high === low ? 0 : (value - low) / (high - low);
  const index = Math.min(levels.length - 1, Math.max(0, Math.floor(share * levels.length)));
  return levels[index] ?? ' ';
};

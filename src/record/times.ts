const furthest = 8.64e15;

/** UTC in ISO 8601 of an epoch in ms; a moment that no calendar has becomes the nearest one it has. */
export const iso = (ms: number): string =>
  new Date(Math.min(furthest, Math.max(-furthest, Math.trunc(ms) || 0))).toISOString();

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** `UTC+01:00` of minutes east of UTC; `UTC` for none. */
export const offsetWords = (minutes: number): string => {
  if (minutes === 0) return 'UTC';
  const two = (n: number): string => String(n).padStart(2, '0');
  const distance = Math.abs(minutes);
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
};

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds that any of the spans covers within `window`; overlaps count once. */
export const covered = (spans: readonly Span[], window: Span): number => {
  let total = 0;
  let end = window.from;
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const from = Math.max(span.from, end);
    const to = Math.min(span.to, window.to);
    if (to <= from) continue;
    total += to - from;
    end = to;
  }
  return total;
};

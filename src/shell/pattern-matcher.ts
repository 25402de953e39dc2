/** Finds many byte strings at once. All patterns have at least two bytes. */
export interface PatternMatcher {
  readonly longest: number;
  /**
   * Calls `found(start, end)` for the longest pattern at every place where one starts, in order.
   * Looks at `bytes[from, to)`; only starts before `before` count.
   */
  find(bytes: Uint8Array, from: number, to: number, before: number, found: Found): void;
  /** The first place at or after `from` whose bytes up to `to` are the beginning of a longer pattern; `to` when there is none. */
  partialFrom(bytes: Uint8Array, from: number, to: number): number;
}

/** `pattern` is the index into the list the matcher was made of. */
export type Found = (start: number, end: number, pattern: number) => void;

const bucketsByFirstTwo = (patterns: readonly Uint8Array[]): readonly (readonly number[])[] => {
  const buckets: number[][] = [];
  const order = patterns.map((_, i) => i).sort((a, b) => at(patterns, b).length - at(patterns, a).length);
  for (const index of order) {
    const pattern = at(patterns, index);
    const key = (pattern[0] as number) | ((pattern[1] as number) << 8);
    buckets[key] ??= [];
    buckets[key]?.push(index);
  }
  return buckets;
};

const at = (patterns: readonly Uint8Array[], index: number): Uint8Array => patterns[index] as Uint8Array;

const agrees = (bytes: Uint8Array, start: number, pattern: Uint8Array, length: number): boolean => {
  for (let i = 2; i < length; i++) if (bytes[start + i] !== pattern[i]) return false;
  return true;
};

/**
 * For each pair of bytes, how far a window of the shortest pattern's length can move on when it ends with that pair
 * (Wu and Manber 1994, blocks of two). Most windows of ordinary output move several bytes at a time.
 */
const shiftTable = (patterns: readonly Uint8Array[], window: number): Uint8Array => {
  const shift = new Uint8Array(65_536).fill(Math.min(255, window - 1));
  for (const pattern of patterns) {
    for (let j = 1; j < window; j++) {
      const pair = ((pattern[j - 1] as number) << 8) | (pattern[j] as number);
      shift[pair] = Math.min(shift[pair] as number, window - 1 - j);
    }
  }
  return shift;
};

export const createPatternMatcher = (patterns: readonly Uint8Array[]): PatternMatcher => {
  const window = Math.min(...patterns.map((p) => p.length));
  const longest = Math.max(...patterns.map((p) => p.length));
  const shift = shiftTable(patterns, window);
  const buckets = bucketsByFirstTwo(patterns);
  const firstBytes = new Uint8Array(256);
  for (const pattern of patterns) firstBytes[pattern[0] as number] = 1;

  const longestAt = (bytes: Uint8Array, start: number, to: number): number => {
    const bucket = buckets[(bytes[start] as number) | ((bytes[start + 1] as number) << 8)];
    if (bucket === undefined) return -1;
    for (const index of bucket) {
      const pattern = at(patterns, index);
      if (start + pattern.length <= to && agrees(bytes, start, pattern, pattern.length)) return index;
    }
    return -1;
  };

  const isPartial = (bytes: Uint8Array, start: number, to: number): boolean => {
    if (firstBytes[bytes[start] as number] === 0) return false;
    const length = to - start;
    if (length === 1) return true;
    const bucket = buckets[(bytes[start] as number) | ((bytes[start + 1] as number) << 8)] ?? [];
    return bucket.some((i) => at(patterns, i).length > length && agrees(bytes, start, at(patterns, i), length));
  };

  return {
    longest,
    find(bytes, from, to, before, found) {
      const stop = Math.min(to, before + window - 1);
      let end = from + window - 1;
      while (end < stop) {
        const skip = shift[((bytes[end - 1] as number) << 8) | (bytes[end] as number)] as number;
        if (skip > 0) {
          end += skip;
          continue;
        }
        const start = end - window + 1;
        const index = longestAt(bytes, start, to);
        if (index !== -1) found(start, start + at(patterns, index).length, index);
        end += 1;
      }
    },
    partialFrom(bytes, from, to) {
      for (let start = Math.max(from, to - longest + 1); start < to; start++) {
        if (isPartial(bytes, start, to)) return start;
      }
      return to;
    },
  };
};

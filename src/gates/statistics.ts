/** Bad events among all events of one side. */
export interface Counts {
  readonly bad: number;
  readonly all: number;
}

/**
 * Fisher's exact test, one-sided: the probability of at least that many bad events in `first` when both sides have the
 * same rate. Counts are whole numbers, `bad` at most `all`.
 */
export const fisherGreater = (first: Counts, second: Counts): number => {
  const bad = first.bad + second.bad;
  const all = first.all + second.all;
  const least = Math.max(0, bad - second.all);
  const most = Math.min(bad, first.all);
  // Relative to the likeliest table, so that nothing overflows and no factorial is needed.
  const mode = Math.min(most, Math.max(least, Math.floor(((bad + 1) * (first.all + 1)) / (all + 2))));
  const up = (k: number): number => ((bad - k) * (first.all - k)) / ((k + 1) * (second.all - bad + k + 1));
  let total = 1;
  let tail = mode >= first.bad ? 1 : 0;
  const add = (k: number, weight: number): void => {
    total += weight;
    if (k >= first.bad) tail += weight;
  };
  for (let k = mode, weight = 1; k < most && weight > negligible; k++) {
    weight *= up(k);
    add(k + 1, weight);
  }
  for (let k = mode, weight = 1; k > least && weight > negligible; k--) {
    weight /= up(k - 1);
    add(k - 1, weight);
  }
  return Math.min(1, tail / total);
};

/** Small enough that all terms beyond it change no digit of a result that anybody looks at. */
const negligible = 1e-300;

export interface MannWhitney {
  /** Pairs in which the first is greater, ties half. */
  readonly u: number;
  /** The probability that a value of the first is greater than one of the second, ties half. */
  readonly a12: number;
  /** Hodges-Lehmann: the median of all differences. */
  readonly shift: number;
  readonly pGreater: number;
  readonly pLess: number;
}

/** Up to this many values the conditional permutation distribution is counted out. */
const mostExact = 100;

/** The Mann-Whitney U test with mid-ranks, both one-sided probabilities. Neither side is empty. */
export const mannWhitney = (first: readonly number[], second: readonly number[]): MannWhitney => {
  const ranked = ranksOf(first, second);
  const m = first.length;
  const u = ranked.sum / 2 - (m * (m + 1)) / 2;
  const p = m + second.length <= mostExact ? exactTails(ranked, m) : normalTails(u, m, second.length, ranked.ties);
  return { u, a12: u / (m * second.length), shift: hodgesLehmann(first, second), ...p };
};

interface Ranks {
  /** Twice the mid-ranks of all values, ascending: whole numbers. */
  readonly doubled: readonly number[];
  /** Those of the first side, added up. */
  readonly sum: number;
  /** Sizes of the groups of equal values. */
  readonly ties: readonly number[];
}

const ranksOf = (first: readonly number[], second: readonly number[]): Ranks => {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => a.value - b.value);
  const doubled: number[] = [];
  const ties: number[] = [];
  let sum = 0;
  for (let from = 0; from < all.length; ) {
    let to = from + 1;
    while (to < all.length && all[to]?.value === all[from]?.value) to++;
    const rank = from + 1 + to;
    for (let i = from; i < to; i++) {
      doubled.push(rank);
      if (all[i]?.isFirst === true) sum += rank;
    }
    ties.push(to - from);
    from = to;
  }
  return { doubled, sum, ties };
};

interface Tails {
  readonly pGreater: number;
  readonly pLess: number;
}

/** Counts the choices of `m` of the ranks by their sum. */
const exactTails = ({ doubled, sum }: Ranks, m: number): Tails => {
  const most = doubled.slice(-m).reduce((total, rank) => total + rank, 0);
  const width = most + 1;
  const ways = new Float64Array((m + 1) * width);
  ways[0] = 1;
  for (const [i, rank] of doubled.entries())
    for (let taken = Math.min(m, i + 1); taken > 0; taken--) {
      const row = taken * width;
      const before = row - width;
      for (let s = most; s >= rank; s--) {
        const more = ways[before + s - rank] as number;
        if (more !== 0) ways[row + s] = (ways[row + s] as number) + more;
      }
    }
  let total = 0;
  let greater = 0;
  let less = 0;
  for (let s = 0; s < width; s++) {
    const count = ways[m * width + s] as number;
    total += count;
    if (s >= sum) greater += count;
    if (s <= sum) less += count;
  }
  return { pGreater: greater / total, pLess: less / total };
};

/** Variance corrected for ties, continuity of a half. */
export const normalTails = (u: number, m: number, n: number, ties: readonly number[]): Tails => {
  const all = m + n;
  const tied = ties.reduce((total, size) => total + size ** 3 - size, 0);
  const variance = ((m * n) / 12) * (all + 1 - tied / (all * (all - 1)));
  if (variance <= 0) return { pGreater: 1, pLess: 1 };
  const mean = (m * n) / 2;
  const deviation = Math.sqrt(variance);
  return { pGreater: upperTail((u - mean - 0.5) / deviation), pLess: upperTail((mean - u - 0.5) / deviation) };
};

/** The median of all differences between the sides. */
const hodgesLehmann = (first: readonly number[], second: readonly number[]): number => {
  const differences = new Float64Array(first.length * second.length);
  let i = 0;
  for (const a of first) for (const b of second) differences[i++] = a - b;
  return medianOf(differences.sort());
};

/** Of ascending values, at least one. */
export const medianOf = (sorted: ArrayLike<number>): number => {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
};

/** The probability that a standard normal value is above `z`. */
export const upperTail = (z: number): number => {
  if (z < 0) return 1 - upperTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z < 3 ? 0.5 - density * series(z) : density * fraction(z);
};

/** Of the area from 0 to `z`, over the density there: converges fast near 0. */
const series = (z: number): number => {
  let sum = z;
  for (let term = z, k = 3; term > sum * 1e-17; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return sum;
};

/** Mills' ratio as a continued fraction: converges fast far from 0. */
const fraction = (z: number): number => {
  let value = z;
  for (let k = 200; k > 0; k--) value = z + k / value;
  return 1 / value;
};

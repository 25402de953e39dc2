/** The candidate a mistyped word most likely meant (at most a third of its letters differ); null when none is near. */
export const nearest = (word: string, candidates: Iterable<string>): string | null => {
  let best: string | null = null;
  let least = Math.min(3, Math.floor(word.length / 3) + 1);
  for (const candidate of candidates) {
    const steps = distance(word.toLowerCase(), candidate.toLowerCase());
    if (steps < least || (steps === least && best === null && steps <= Math.floor(word.length / 3))) {
      best = candidate;
      least = steps;
    }
  }
  return best;
};

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours count one each. */
const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(at(rows, i - 1, j) + 1, (row[j - 1] as number) + 1, at(rows, i - 1, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, at(rows, i - 2, j - 2) + 1);
      row.push(value);
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
};

const at = (rows: readonly (readonly number[])[], i: number, j: number): number => rows[i]?.[j] as number;

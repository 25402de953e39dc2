import type { AttemptOutcome } from './outcome.ts';

/** How real output compares with the sample of a plain file. It informs and never judges. */
export interface Likeness {
  readonly like: boolean;
  /** The first line of the sample that nothing in the output resembles; null when each has one. */
  readonly missing: string | null;
}

const mostLines = 200;
const enough = 0.6;

/** Words of a line without what differs from run to run: numbers, ages, hashes, generated name parts. */
const words = (line: string): readonly string[] =>
  line
    .toLowerCase()
    .replace(/\b[0-9a-f]{7,}\b|\b[a-z]*\d[a-z0-9]*\b/g, '#')
    .split(/[\s|,;:=()[\]{}"'/-]+/)
    .filter((word) => word !== '' && !/^#+$/.test(word));

const shared = (wanted: readonly string[], found: ReadonlySet<string>): number =>
  wanted.length === 0 ? 1 : wanted.filter((word) => found.has(word)).length / wanted.length;

/** Loosely: a sample line is there when some line of the output has most of its words. Source: 20-runs, "Expectations". */
export const sampleLikeness = (sample: string, output: string): Likeness => {
  const found = output
    .split('\n')
    .slice(-mostLines)
    .map((line) => new Set(words(line)));
  const lines = sample
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, mostLines);
  const missing = lines.find((line) => !found.some((set) => shared(words(line), set) >= enough)) ?? null;
  return { like: missing === null, missing };
};

/** The same in words. */
export const wordsOfLikeness = ({ like, missing }: Likeness): string =>
  like ? 'the output looks like it' : `nothing in the output looks like "${(missing ?? '').trim()}"`;

/** For a person who is about to judge the output. */
export const likenessWords = (sample: string, { output }: Pick<AttemptOutcome, 'output'>): string =>
  wordsOfLikeness(sampleLikeness(sample, output.tail));

import type { EngineView } from './view.ts';

const keptTails = 3;

/** The tails of the last few commands; older ones are read from their files when somebody asks. */
export const latestTails = (
  tails: EngineView['tails'],
  attempt: number,
  tail: EngineView['tails'][number],
): EngineView['tails'] => {
  const next = { ...tails, [attempt]: tail };
  const numbers = Object.keys(next)
    .map(Number)
    .toSorted((a, b) => b - a);
  return numbers.length <= keptTails
    ? next
    : (Object.fromEntries(numbers.slice(0, keptTails).map((n) => [n, next[n]])) as EngineView['tails']);
};

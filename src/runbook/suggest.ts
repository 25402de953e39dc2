import { nearest } from './nearest.ts';

/** ` – did you mean "command"?`, or nothing when no known word is near. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const guess = word.length > 64 ? null : nearest(word, known);
  return guess === null ? '' : ` – did you mean "${guess}"?`;
};

/** `a, b, c`, with an ellipsis after `most` of them. */
export const listed = (words: readonly string[], most = 12): string =>
  words.length <= most ? words.join(', ') : `${words.slice(0, most).join(', ')} …`;

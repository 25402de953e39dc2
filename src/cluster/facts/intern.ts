const mostKept = 20_000;
const kept = new Map<string, string>();

/**
 * The same text as the same string: images, nodes, names and reasons repeat in every one of 10,000 pods.
 * Bounded: it starts again when it is full.
 */
export const intern = (text: string): string => {
  const known = kept.get(text);
  if (known !== undefined) return known;
  if (kept.size >= mostKept) kept.clear();
  kept.set(text, text);
  return text;
};

export const internOrNull = (text: string | null): string | null => (text === null ? null : intern(text));

/**
 * A function that knows its answers of before. Ink draws each frame from nothing, and a frame is nearly the last one:
 * most of its lines were measured and taken apart then. Full, it begins anew: what is on the screen comes back at once.
 */
export const remember = <T>(answer: (text: string) => T, most: number): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const fresh = answer(text);
    if (known.size >= most) known.clear();
    known.set(text, fresh);
    return fresh;
  };
};

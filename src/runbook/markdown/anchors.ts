/** The anchor a code host gives to a heading: lower case, punctuation dropped, spaces as hyphens. */
export const slug = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** Hands out anchors in document order; the second of the same name gets `-1`. */
export class Anchors {
  readonly #taken = new Map<string, number>();

  next(heading: string): string {
    const base = slug(heading);
    let anchor = base;
    let count = this.#taken.get(base) ?? 0;
    while (this.#taken.has(anchor)) {
      count += 1;
      anchor = `${base}-${count}`;
    }
    this.#taken.set(base, count);
    this.#taken.set(anchor, this.#taken.get(anchor) ?? 0);
    return anchor;
  }
}

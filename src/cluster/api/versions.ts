const decimal = /^\d+$/;
const keptTombstones = 2_000;

/** Which of two versions of one object is newer, where it can be told: positive = `a`. Versions are decimal in practice. */
export const compareVersions = (a: string, b: string): number | null => {
  if (a === b) return 0;
  if (!decimal.test(a) || !decimal.test(b)) return null;
  return a.length === b.length ? (a < b ? -1 : 1) : a.length - b.length;
};

/** The newest version seen of every object: what is older, or repeated, is not shown again. */
export class Versions {
  #known = new Map<string, string>();
  /** Of objects that are gone: a late event must not bring them back. */
  readonly #gone = new Map<string, string>();

  get size(): number {
    return this.#known.size;
  }

  entries(): IterableIterator<readonly [uid: string, version: string]> {
    return this.#known.entries();
  }

  has(uid: string): boolean {
    return this.#known.has(uid);
  }

  isNewer(uid: string, version: string): boolean {
    const seen = this.#known.get(uid) ?? this.#gone.get(uid);
    if (seen === undefined) return true;
    const order = compareVersions(version, seen);
    return order === null ? version !== seen : order > 0;
  }

  note(uid: string, version: string): void {
    this.#known.set(uid, version);
    this.#gone.delete(uid);
  }

  /** True when it was known. */
  drop(uid: string, version: string | null): boolean {
    const seen = this.#known.get(uid);
    this.#known.delete(uid);
    const last = version ?? seen;
    if (last !== undefined) this.#gone.set(uid, last);
    for (const oldest of this.#gone.keys()) {
      if (this.#gone.size <= keptTombstones) break;
      this.#gone.delete(oldest);
    }
    return seen !== undefined;
  }

  /** A list says what exists; nothing from before it counts, since the server itself may be younger. */
  replace(rows: Iterable<{ readonly uid: string; readonly resourceVersion: string }>): void {
    this.#known = new Map();
    this.#gone.clear();
    for (const { uid, resourceVersion } of rows) this.#known.set(uid, resourceVersion);
  }
}

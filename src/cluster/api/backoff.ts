const firstMs = 800;
const longestMs = 30_000;
const healthyMs = 120_000;

/** Waits between tries: 0.8 s, doubled up to 30 s, each +-20 %; from the beginning again after 2 min of health. */
export class Backoff {
  readonly #random: () => number;
  #step = 0;
  #healthySince: number | null = null;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** @param now monotonic ms */
  succeeded(now: number): void {
    this.#healthySince ??= now;
  }

  /** The wait before the next try, in ms. */
  failed(now: number): number {
    if (this.#healthySince !== null && now - this.#healthySince >= healthyMs) this.#step = 0;
    this.#healthySince = null;
    const base = Math.min(longestMs, firstMs * 2 ** this.#step);
    this.#step += 1;
    return Math.min(longestMs, Math.round(base * (0.8 + 0.4 * this.#random())));
  }
}

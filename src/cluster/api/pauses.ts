import type { Clock } from '../../ports/clock.ts';

/** Waits that can be cut short all at once. */
export class Pauses {
  readonly #clock: Clock;
  readonly #open = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#open.delete(end);
        resolve();
      };
      const cancel = this.#clock.after(ms, end);
      this.#open.add(end);
    });
  }

  endAll(): void {
    for (const end of [...this.#open]) end();
  }
}

import type { Clock } from '../../../../src/ports/clock.ts';

interface Timer {
  at: number;
  readonly every: number | null;
  readonly call: () => void;
}

/** Time that passes only when the test says so. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #passed = 0;
  #wall: number;

  constructor(wall = Date.now()) {
    this.#wall = wall;
  }

  /** Timers that are set. */
  get open(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#passed;
  }

  every(ms: number, tick: () => void): () => void {
    return this.#add({ at: this.#passed + ms, every: ms, call: tick });
  }

  after(ms: number, call: () => void): () => void {
    return this.#add({ at: this.#passed + ms, every: null, call });
  }

  /** Calls what is due, in its order. */
  advance(ms: number): void {
    const end = this.#passed + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#move(due.at);
      if (due.every === null) this.#timers.delete(due);
      else due.at += due.every;
      due.call();
    }
    this.#move(end);
  }

  /** The machine slept, or somebody set its clock: no timer moves. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  #move(to: number): void {
    this.#wall += to - this.#passed;
    this.#passed = to;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }
}

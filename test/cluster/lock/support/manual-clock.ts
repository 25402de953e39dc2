import type { Clock } from '../../../../src/ports/clock.ts';

interface Timer {
  readonly everyMs: number | null;
  readonly call: () => void;
  dueAt: number;
}

/** Time that moves when a test says so. Wall and monotonic time can be moved apart. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #mono = 1_000_000;
  #wall: number;

  constructor(wall = 1_760_000_000_000) {
    this.#wall = wall;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#mono;
  }

  every(ms: number, call: () => void): () => void {
    return this.#add({ everyMs: ms, call, dueAt: this.#mono + ms });
  }

  after(ms: number, call: () => void): () => void {
    return this.#add({ everyMs: null, call, dueAt: this.#mono + ms });
  }

  /** What is due on the way is called in order; `settle` is awaited after each. */
  async advance(ms: number, settle: () => Promise<unknown>): Promise<void> {
    const end = this.#mono + ms;
    for (let next = this.#next(end); next !== null; next = this.#next(end)) {
      this.#move(next.dueAt - this.#mono);
      if (next.everyMs === null) this.#timers.delete(next);
      else next.dueAt += next.everyMs;
      next.call();
      await settle();
    }
    this.#move(end - this.#mono);
  }

  /** The process stood still: time went on and no timer was called. */
  freeze(ms: number): void {
    this.#move(ms);
    for (const timer of this.#timers) if (timer.everyMs !== null) timer.dueAt = Math.max(timer.dueAt, this.#mono);
  }

  /** Somebody set the clock; monotonic time knows nothing of it. */
  setWall(at: number): void {
    this.#wall = at;
  }

  #move(ms: number): void {
    this.#mono += ms;
    this.#wall += ms;
  }

  #next(end: number): Timer | null {
    const due = [...this.#timers].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt);
    return due[0] ?? null;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

/** Time of a run; a drill puts a faster one in its place. */
export interface Clock {
  /** UTC ms. */
  now(): number;
  /** Milliseconds of awake time from an arbitrary start. */
  monotonic(): number;
  /** Calls on an interval until the returned function is called. Does not keep the process alive. */
  every(ms: number, tick: () => void): () => void;
  after(ms: number, call: () => void): () => void;
}

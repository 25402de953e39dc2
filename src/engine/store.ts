/**
 * A value with listeners. Changes of data are announced at most once per `flushMs`, half as long again apart while they
 * keep coming; urgent ones at once.
 */
export interface Store<T> {
  get(): T;
  /** `urgent` for what an operator waits for: an answer to a key, an event. */
  set(change: (value: T) => T, urgent: boolean): void;
  subscribe(listener: () => void): () => void;
  close(): void;
}

/** Ten pictures a second of an output that streams are read by nobody, and cost a slow terminal its keys. */
const whileItStreams = 1.5;

export const createStore = <T>(initial: T, flushMs: number): Store<T> => {
  let value = initial;
  let timer: NodeJS.Timeout | null = null;
  const listeners = new Set<() => void>();
  let announcedAt = Number.NEGATIVE_INFINITY;
  const announce = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    announcedAt = performance.now();
    for (const listener of listeners) listener();
  };
  return {
    get: () => value,
    set: (change, urgent) => {
      const next = change(value);
      if (next === value) return;
      value = next;
      if (urgent) announce();
      else {
        const streams = performance.now() - announcedAt < flushMs;
        timer ??= setTimeout(announce, streams ? flushMs * whileItStreams : flushMs);
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
      listeners.clear();
    },
  };
};

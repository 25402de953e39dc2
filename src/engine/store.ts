/** A value with listeners. Changes of data are announced at most once per `flushMs`, urgent ones at once. */
export interface Store<T> {
  get(): T;
  /** `urgent` for what an operator waits for: an answer to a key, an event. */
  set(change: (value: T) => T, urgent: boolean): void;
  subscribe(listener: () => void): () => void;
  close(): void;
}

export const createStore = <T>(initial: T, flushMs: number): Store<T> => {
  let value = initial;
  let timer: NodeJS.Timeout | null = null;
  const listeners = new Set<() => void>();
  const announce = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const listener of listeners) listener();
  };
  return {
    get: () => value,
    set: (change, urgent) => {
      const next = change(value);
      if (next === value) return;
      value = next;
      if (urgent) announce();
      else timer ??= setTimeout(announce, flushMs);
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

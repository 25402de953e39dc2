const longestMs = 2 ** 31 - 1;

/**
 * Keeps this process until the given work is done. Waits for the cluster are no reason for Node to stay: between two
 * tries there is neither a socket nor a timer that counts, and the process would end without a word.
 */
export const stayAlive = async <T>(work: () => Promise<T>): Promise<T> => {
  const held = setInterval(() => undefined, longestMs);
  try {
    return await work();
  } finally {
    clearInterval(held);
  }
};

import { isApiProblem } from './api-problem.ts';

const leastMs = 5_000;
const longestMs = 30_000;

/**
 * How long answers of a server are waited for: twice as long once one did not come in time. A server or a line that
 * became slow would otherwise be asked the same for ever, and each answer be given up shortly before it is there.
 */
export class Patience {
  #ms = leastMs;

  async ask<T>(question: (timeoutMs: number) => Promise<T>): Promise<T> {
    const ms = this.#ms;
    try {
      return await question(ms);
    } catch (error) {
      // Pages that are asked for at the same time and fail together are one failure.
      if (isApiProblem(error, 'timeout')) this.#ms = Math.max(this.#ms, Math.min(longestMs, ms * 2));
      throw error;
    }
  }
}

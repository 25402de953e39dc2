import type { Clock } from '../../ports/clock.ts';
import { ApiProblem } from './api-problem.ts';

/** What may end a request: its caller, the end of the connection, its deadline. The signal's reason is an `ApiProblem`. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** The time begins, again when it had begun. */
  start(): void;
  /** The time no longer counts; the other two do. */
  lift(): void;
  /** Nothing can end it any more; to be called once the request is over. */
  release(): void;
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

export const noAnswer = (ms: number): ApiProblem =>
  new ApiProblem({ kind: 'timeout', because: `no answer ${seconds(ms)}` });

export const aborted = (): ApiProblem => new ApiProblem({ kind: 'aborted', because: 'ended by us' });

/** Composed by hand: `AbortSignal.any` keeps an entry in a long-lived signal for every request that was ever made. */
export const deadline = (clock: Clock, timeoutMs: number, parents: readonly AbortSignal[]): Deadline => {
  const controller = new AbortController();
  const end = (): void => controller.abort(aborted());
  for (const parent of parents) {
    if (parent.aborted) end();
    else parent.addEventListener('abort', end, { once: true });
  }
  let lift = (): void => {};
  const start = (): void => {
    lift();
    lift = clock.after(timeoutMs, () => controller.abort(noAnswer(timeoutMs)));
  };
  const release = (): void => {
    lift();
    for (const parent of parents) parent.removeEventListener('abort', end);
  };
  return { signal: controller.signal, start, lift: () => lift(), release };
};

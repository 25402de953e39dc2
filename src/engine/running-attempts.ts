import type { Clock } from '../ports/clock.ts';
import type { AttemptEnd, RunningAttempt } from '../ports/commands.ts';
import type { Report } from '../session/intents.ts';
import type { Store } from './store.ts';
import { latestTails } from './tails.ts';
import type { EngineView } from './view.ts';

export interface RunningParts {
  readonly clock: Clock;
  readonly store: Store<EngineView>;
  readonly report: (what: Report) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Commands that run now: their output, their end, and the signals that they get. */
export interface RunningAttempts {
  follow(attempt: RunningAttempt, recovered: boolean): void;
  ended(attempt: number, end: AttemptEnd, recovered: boolean): Promise<void>;
  /** Reports a background command that still runs after 2 s. */
  watchSteady(attempt: number): void;
  stop(attempt: number, signal: 'TERM' | 'KILL'): Promise<void>;
  /** TERM, and KILL after 10 s. */
  endBackground(attempt: number): Promise<void>;
  /** Waits for background commands that were told to end, unless whoever has the run then ends them. */
  close(handedOn: boolean): Promise<void>;
}

const steadyMs = 2_000;
const killAfterMs = 10_000;

export const followAttempts = ({ clock, store, report, failed }: RunningParts): RunningAttempts => {
  const running = new Map<number, RunningAttempt>();
  const stops = new Set<() => void>();
  const ending = new Set<Promise<unknown>>();

  const ended = (attempt: number, end: AttemptEnd, recovered: boolean): Promise<void> => {
    running.delete(attempt);
    return report(endReport(attempt, end, recovered));
  };
  const stop = async (attempt: number, signal: 'TERM' | 'KILL'): Promise<void> => running.get(attempt)?.stop(signal);

  return {
    ended,
    stop,
    follow: (attempt, recovered) => {
      const number = attempt.attempt;
      running.set(number, attempt);
      stops.add(
        attempt.onOutput((tail) =>
          store.set((view) => ({ ...view, tails: latestTails(view.tails, number, tail) }), false),
        ),
      );
      stops.add(attempt.onTimeout(() => store.set((view) => ({ ...view, overdue: [...view.overdue, number] }), true)));
      attempt.ended.then((end) => ended(number, end, recovered)).catch(failed);
    },
    watchSteady: (attempt) => {
      stops.add(
        clock.after(steadyMs, () => {
          const tail = store.get().tails[attempt];
          const { bytes = 0, lines = 0 } = tail ?? {};
          if (running.has(attempt)) void report({ type: 'attempt-steady', attempt, bytes, lines, tail: '' });
        }),
      );
    },
    endBackground: async (attempt) => {
      await stop(attempt, 'TERM');
      const kill = clock.after(killAfterMs, () => void stop(attempt, 'KILL').catch(failed));
      const over = running.get(attempt)?.ended.then(kill, kill);
      if (over !== undefined) ending.add(over.finally(() => ending.delete(over)));
    },
    close: async (handedOn) => {
      if (!handedOn) await Promise.all(ending);
      for (const end of stops) end();
      stops.clear();
    },
  };
};

const endReport = (attempt: number, end: AttemptEnd, recovered: boolean): Report => {
  switch (end.kind) {
    case 'finished':
      return { type: 'attempt-finished', attempt, outcome: end.outcome, recovered };
    case 'unknown':
      return { type: 'attempt-unknown', attempt, startedAt: end.startedAt, survivors: end.survivors };
    case 'not-started':
      return { type: 'attempt-not-started', attempt, because: end.because };
  }
};

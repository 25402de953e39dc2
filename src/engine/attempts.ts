import type { Clock } from '../ports/clock.ts';
import type { AttemptEnd, CommandRunner, RunningAttempt, StartRequest } from '../ports/commands.ts';
import type { Effect, Report } from '../session/intents.ts';
import { frameValues } from '../session/spec.ts';
import type { AttemptState, SessionState } from '../session/state.ts';
import { ExpectedError, errorLine } from '../text/errors.ts';
import type { Store } from './store.ts';
import { latestTails } from './tails.ts';
import type { Vault } from './vault.ts';
import type { EngineView, InteractiveRequest } from './view.ts';

interface AttemptsParts {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly store: Store<EngineView>;
  readonly report: (what: Report) => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly handOver: (request: InteractiveRequest) => Promise<void>;
}

export interface Attempts {
  start(effect: Extract<Effect, { type: 'start' }>): Promise<void>;
  stop(attempt: number, signal: 'TERM' | 'KILL'): Promise<void>;
  /** Ends what is left of a command without a result, then reports what still lives. */
  stopSurvivors(attempt: number): Promise<void>;
  endBackground(attempt: number): Promise<void>;
  recoverAll(state: SessionState): Promise<void>;
  /**
   * Waits for background commands that were told to end: TERM, then KILL after 10 s; not when `handedOn`, since whoever
   * has the run then ends them. Other commands go on.
   */
  close(handedOn: boolean): Promise<void>;
}

const steadyMs = 2_000;
const killAfterMs = 10_000;

/** Starts, follows and finds again the attempts of a run. What becomes of them is reported, never decided here. */
export const createAttempts = (parts: AttemptsParts): Attempts => {
  const { runner, clock, vault, store, report, failed, handOver } = parts;
  const running = new Map<number, RunningAttempt>();
  const stops = new Set<() => void>();
  const ending = new Set<Promise<unknown>>();

  const ended = (attempt: number, end: AttemptEnd, recovered: boolean): Promise<void> => {
    running.delete(attempt);
    switch (end.kind) {
      case 'finished':
        return report({ type: 'attempt-finished', attempt, outcome: end.outcome, recovered });
      case 'unknown':
        return report({ type: 'attempt-unknown', attempt, startedAt: end.startedAt, survivors: end.survivors });
      case 'not-started':
        return report({ type: 'attempt-not-started', attempt, because: end.because });
    }
  };

  const follow = (attempt: RunningAttempt, recovered: boolean): void => {
    const number = attempt.attempt;
    running.set(number, attempt);
    stops.add(
      attempt.onOutput((tail) =>
        store.set((view) => ({ ...view, tails: latestTails(view.tails, number, tail) }), false),
      ),
    );
    stops.add(attempt.onTimeout(() => store.set((view) => ({ ...view, overdue: [...view.overdue, number] }), true)));
    attempt.ended.then((end) => ended(number, end, recovered)).catch(failed);
  };

  const watchSteady = (attempt: number): void => {
    stops.add(
      clock.after(steadyMs, () => {
        const tail = store.get().tails[attempt];
        if (running.has(attempt))
          void report({ type: 'attempt-steady', attempt, bytes: tail?.bytes ?? 0, lines: tail?.lines ?? 0, tail: '' });
      }),
    );
  };

  const stop = async (attempt: number, signal: 'TERM' | 'KILL'): Promise<void> => running.get(attempt)?.stop(signal);

  const endBackground = async (attempt: number): Promise<void> => {
    await stop(attempt, 'TERM');
    const kill = clock.after(killAfterMs, () => void stop(attempt, 'KILL').catch(failed));
    const ended = running.get(attempt)?.ended.then(kill, kill);
    if (ended !== undefined) ending.add(ended.finally(() => ending.delete(ended)));
  };

  const begin = async (request: StartRequest): Promise<void> => {
    const attempt = await runner.start(request);
    follow(attempt, false);
    if (attempt.pid !== null)
      void report({
        type: 'attempt-started',
        attempt: request.attempt,
        pid: attempt.pid,
        startedAt: attempt.startedAt,
      });
    if (request.spec.background) watchSteady(request.attempt);
  };

  const beginInteractive = (request: StartRequest): void => {
    const run = async (): Promise<void> => ended(request.attempt, await runner.startInteractive(request), false);
    handOver({ request, run }).catch((error: unknown) => {
      failed(error);
      void findOut(request.attempt, request.spec, wordsOf(error));
    });
  };

  /** Something went wrong on the way: whether the command ran is known to its files only. */
  const findOut = async (attempt: number, spec: AttemptState['spec'], because: string): Promise<void> => {
    try {
      await recoverOne({ attempt, spec }, because);
    } catch (error) {
      failed(error);
      await report({ type: 'attempt-unknown', attempt, startedAt: clock.now(), survivors: [] });
    }
  };

  return {
    start: async ({ attempt, spec, hash, stdin }) => {
      const state = store.get().session;
      const frame = state.frames[state.attempts[attempt]?.frame ?? -1];
      if (frame === undefined) return;
      let secrets: Readonly<Record<string, string>>;
      try {
        secrets = await vault.valuesFor(frame, spec);
      } catch (error) {
        failed(error);
        void report({ type: 'attempt-not-started', attempt, because: wordsOf(error) });
        return;
      }
      const all = { ...frameValues(state, frame), ...secrets };
      const values = Object.fromEntries(
        spec.env.flatMap(({ name }) => (all[name] === undefined ? [] : [[name, all[name]]])),
      );
      const request: StartRequest = { attempt, spec, hash, values, secretNames: Object.keys(secrets), stdin };
      try {
        if (spec.tty) beginInteractive(request);
        else await begin(request);
      } catch (error) {
        failed(error);
        void findOut(attempt, spec, wordsOf(error));
      }
    },
    stop,
    stopSurvivors: async (attempt) => {
      await runner.stopSurvivors(attempt);
      await report({ type: 'attempt-survivors', attempt, survivors: await runner.survivors(attempt) });
    },
    endBackground,
    recoverAll: async (state) => {
      for (const attempt of Object.values(state.attempts)) {
        if (attempt.status !== 'confirmed' && attempt.status !== 'running') continue;
        await recoverOne(attempt, 'it had not begun when gonogo ended');
        // Whoever told it to end may be gone before it did.
        if (attempt.spec.background && attempt.stopRequested) await endBackground(attempt.attempt);
      }
    },
    close: async (handedOn) => {
      if (!handedOn) await Promise.all(ending);
      for (const end of stops) end();
      stops.clear();
    },
  };

  async function recoverOne({ attempt, spec }: Pick<AttemptState, 'attempt' | 'spec'>, because: string): Promise<void> {
    const found = await runner.recover(attempt);
    switch (found.kind) {
      case 'not-started':
        return report({ type: 'attempt-not-started', attempt, because });
      case 'recovered':
        return report({ type: 'attempt-finished', attempt, outcome: found.outcome, recovered: true });
      case 'unknown':
        return report({ type: 'attempt-unknown', attempt, startedAt: found.startedAt, survivors: found.survivors });
      case 'still-running':
        follow(found.running, true);
        if (spec.background) watchSteady(attempt);
        return report({ type: 'attempt-started', attempt, pid: found.running.pid, startedAt: found.running.startedAt });
    }
  }
};

const wordsOf = (error: unknown): string => {
  if (error instanceof ExpectedError) return errorLine(error);
  return error instanceof Error ? error.message : String(error);
};

import type { Clock } from '../ports/clock.ts';
import type { CommandRunner, StartRequest } from '../ports/commands.ts';
import type { Effect, Report } from '../session/intents.ts';
import { frameValues } from '../session/spec.ts';
import type { SessionState } from '../session/state.ts';
import { ExpectedError, errorLine } from '../text/errors.ts';
import { findAttempts } from './find-attempts.ts';
import { followAttempts } from './running-attempts.ts';
import type { Store } from './store.ts';
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

/** Starts, follows and finds again the attempts of a run. What becomes of them is reported, never decided here. */
export const createAttempts = (parts: AttemptsParts): Attempts => {
  const { runner, vault, store, report, failed, handOver } = parts;
  const running = followAttempts(parts);
  const { follow, ended, watchSteady, stop, endBackground, close } = running;
  const { findOut, recoverOne } = findAttempts(parts, running);

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

  const start: Attempts['start'] = async ({ attempt, spec, hash, stdin }) => {
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
  };

  return {
    start,
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
    close,
  };
};

const wordsOf = (error: unknown): string => {
  if (error instanceof ExpectedError) return errorLine(error);
  return error instanceof Error ? error.message : String(error);
};

import { baselineWindow } from '../gates/baseline.ts';
import type { Baseline } from '../gates/metric.ts';
import type { Clock } from '../ports/clock.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import { type BaselineMetric, type DueBaseline, dueBaselines } from '../session/baseline-due.ts';
import { decideBaseline, unreadBaseline } from '../session/baseline-tick.ts';
import type { Decision } from '../session/intents.ts';
import type { SessionState } from '../session/state.ts';
import { noMetricsServer } from './ask-check.ts';
import { wordsOf } from './error-words.ts';
import { baselineStepMs, readBaseline } from './past-baseline.ts';

interface BaselineParts {
  /** Null: this run has no metrics server. */
  readonly source: Pick<MetricsSource, 'series'> | null;
  readonly clock: Clock;
  readonly session: () => SessionState;
  readonly take: (decide: (session: SessionState) => Decision) => Promise<void>;
}

export interface BaselineWatch {
  /** Captures the baselines whose turn has come; once a second. */
  tick(): void;
  stop(): void;
}

/** What was captured and not taken, by a hold or a full disk, is captured anew after this long. */
const againMs = 15_000;

/** Reads the past of metrics when a `baseline` action's turn has come. */
export const watchBaselines = ({ source, clock, session, take }: BaselineParts): BaselineWatch => {
  const stopped = new AbortController();
  const asked = new Map<string, { readonly at: number; readonly busy: boolean }>();

  const read = async (metric: BaselineMetric, windowMs: number, to: number): Promise<Baseline> => {
    const window = { from: to - baselineWindow(windowMs, baselineStepMs(metric)).windowMs, to };
    if (metric.problem !== null || source === null) return unreadBaseline(metric, window, noMetricsServer);
    try {
      return await readBaseline(source, metric, window, stopped.signal);
    } catch (error) {
      return unreadBaseline(metric, window, wordsOf(error).text);
    }
  };

  const capture = async (due: DueBaseline): Promise<void> => {
    const to = clock.now();
    const metrics = await Promise.all(due.metrics.map((metric) => read(metric, due.windowMs, to)));
    if (stopped.signal.aborted) return;
    const { frame, step, action, try: number } = due;
    const answer = { frame, step, action, try: number, from: to - due.windowMs, to, metrics };
    await take((now) => decideBaseline(now, answer, clock.now()));
  };

  return {
    tick: () => {
      for (const due of dueBaselines(session())) {
        const key = `${due.frame}/${due.step}/${due.action}/${due.try}`;
        const last = asked.get(key);
        const at = clock.monotonic();
        if (last !== undefined && (last.busy || at - last.at < againMs)) continue;
        asked.set(key, { at, busy: true });
        void capture(due).finally(() => asked.set(key, { at: clock.monotonic(), busy: false }));
      }
    },
    stop: () => stopped.abort(),
  };
};

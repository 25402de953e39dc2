import { shiftedWindow } from '../gates/baseline.ts';
import { referenceOf } from '../gates/limits.ts';
import type { Baseline, MetricCheck } from '../gates/metric.ts';
import type { References } from '../gates/metric-sample.ts';
import type { Clock } from '../ports/clock.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import { baselineFor } from '../session/baseline-state.ts';
import { unreadBaseline } from '../session/baseline-tick.ts';
import type { SessionState } from '../session/state.ts';
import { wordsOf } from './error-words.ts';
import { baselineStepMs, readBaseline } from './past-baseline.ts';

/** From when to when a gate judges, UTC ms. */
export interface GateHours {
  readonly from: number;
  readonly to: number;
}

export interface MetricReferences {
  /** What a check is compared with; null while that is being asked for. `hours` is needed for `shift` only. */
  of(check: MetricCheck, hours: GateHours | null): References | null;
  stop(): void;
}

interface Shifted {
  baseline: Baseline | null;
  askedAt: number;
  busy: boolean;
}

const tryAgainMs = 60_000;

/** Baselines of the run; with `shift`, the same hours a day or a week ago, asked for when a gate needs them. */
export const createReferences = (
  source: Pick<MetricsSource, 'series'>,
  clock: Clock,
  session: () => SessionState,
): MetricReferences => {
  const stopped = new AbortController();
  const shifted = new Map<string, Shifted>();

  const ask = async (check: MetricCheck, hours: GateHours, mine: Shifted): Promise<void> => {
    const window = shiftedWindow(hours, check.shiftMs ?? 0, baselineStepMs(check));
    Object.assign(mine, { busy: true, askedAt: clock.monotonic() });
    try {
      mine.baseline = await readBaseline(source, check, window, stopped.signal);
    } catch (error) {
      mine.baseline = unreadBaseline({ ...check, problem: null }, window, wordsOf(error).text);
    } finally {
      mine.busy = false;
    }
  };

  const hoursBefore = (check: MetricCheck, hours: GateHours): Baseline | null => {
    const key = `${check.hash} ${check.shiftMs} ${hours.from} ${hours.to} ${check.counts}`;
    const mine = shifted.get(key) ?? { baseline: null, askedAt: Number.NEGATIVE_INFINITY, busy: false };
    shifted.set(key, mine);
    const isMissing = mine.baseline === null || mine.baseline.count === 0;
    if (isMissing && !mine.busy && clock.monotonic() - mine.askedAt >= tryAgainMs) void ask(check, hours, mine);
    return mine.baseline;
  };

  return {
    of: (check, hours) => {
      const isShifted = check.shiftMs !== null && referenceOf(check.expression.bound) === 'baseline';
      if (!isShifted || hours === null) return { baseline: baselineFor(session(), check.hash, clock.now()) };
      const baseline = hoursBefore(check, hours);
      return baseline === null ? null : { baseline };
    },
    stop: () => stopped.abort(),
  };
};

import type { MetricCheck, MetricReading } from '../gates/metric.ts';
import { metricCriterion, metricSample, type References } from '../gates/metric-sample.ts';
import type { Clock } from '../ports/clock.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import { type BackfillAnswer, decideBackfill } from '../session/backfill-tick.ts';
import { criterionRules } from '../session/criterion-rules.ts';
import { criteriaOf } from '../session/criterion-state.ts';
import type { EventData, RunEvent } from '../session/events.ts';
import { runningGates } from '../session/gate-state.ts';
import type { Decision } from '../session/intents.ts';
import type { SessionState } from '../session/state.ts';
import { readingsOf } from './gap-readings.ts';
import { gateHours } from './gates.ts';
import type { GateHours } from './metric-references.ts';

interface BackfillParts {
  readonly source: Pick<MetricsSource, 'series'>;
  readonly clock: Clock;
  readonly references: (check: MetricCheck, hours: GateHours | null) => References | null;
  readonly take: (decide: (session: SessionState) => Decision) => Promise<void>;
  /** What was found is recorded. */
  readonly filled: () => void;
}

export interface Backfill {
  /** The session has changed: asks for the gaps that are new in it. */
  changed(session: SessionState): void;
  /** Gates and criteria wait: what is asked now would come before what happened in the gap. */
  isOpen(): boolean;
  /** What was told of all gaps until now, once none is open. */
  done(): Promise<readonly RunEvent[]>;
  stop(): void;
}

type Gap = Pick<EventData['run.gap'], 'from' | 'to'>;

/** Nobody waits longer for what has passed. */
const limitMs = 5_000;
/** Of a longer gap the end is looked at; the rest stays unwatched. */
const longestMs = 24 * 3_600_000;

/** Asks the metrics server what happened while nobody watched. `known` is how many gaps of the run were there before. */
export const backfillGaps = ({ source, clock, references, take, filled }: BackfillParts, known: number): Backfill => {
  const stopped = new AbortController();
  let seen = known;
  let open = 0;
  let last: Promise<void> = Promise.resolve();
  const told: RunEvent[] = [];

  const fill = async (gap: Gap, session: SessionState): Promise<void> => {
    const late = new AbortController();
    const stopTimer = clock.after(limitMs, () => late.abort());
    try {
      const signal = AbortSignal.any([late.signal, stopped.signal]);
      const answer = await Promise.race([gapAnswer(source, session, gap, references, signal), abortOf(signal)]);
      if (answer === null || stopped.signal.aborted) return;
      await take((now) => {
        const decision = decideBackfill(now, answer);
        if (decision.ok) told.push(...decision.events);
        return decision;
      });
      filled();
    } finally {
      stopTimer();
    }
  };

  return {
    changed: (session) => {
      if (session.left || session.gaps.length <= seen) return;
      const gaps = session.gaps.slice(seen);
      seen = session.gaps.length;
      for (const { from, to } of gaps) {
        open += 1;
        last = last
          .then(() => fill({ from: Math.max(from, to - longestMs), to }, session))
          .catch(() => undefined)
          .finally(() => {
            open -= 1;
          });
      }
    },
    isOpen: () => open > 0,
    done: () => last.then(() => told),
    stop: () => stopped.abort(),
  };
};

const abortOf = (signal: AbortSignal): Promise<null> =>
  new Promise((done) => signal.addEventListener('abort', () => done(null), { once: true }));

/** What each metric was in a gap, judged as if somebody had watched. What could not be asked is left out. */
const gapAnswer = async (
  source: BackfillParts['source'],
  session: SessionState,
  gap: Gap,
  references: BackfillParts['references'],
  signal: AbortSignal,
): Promise<BackfillAnswer> => {
  const read = async (check: MetricCheck, stepMs: number, from: number): Promise<readonly MetricReading[]> => {
    // Requests are counted while somebody watches: of a gap there is nothing that Fisher's test could be made with.
    if (check.counts) return [];
    // The first look of a gap comes a step after whoever watched last.
    const start = Math.max(gap.from, from) + stepMs;
    if (start > gap.to) return [];
    return readingsOf(source, check, { from: start, to: gap.to, stepMs }, signal).catch(() => []);
  };
  const gates = runningGates(session).map(async (gate) => {
    const { step, action, state, checks, rules } = gate;
    const since = state.progress.startedAt;
    const samples = await Promise.all(
      checks.map(async ({ check, index }) => {
        if (check?.kind !== 'metric') return [];
        const by = references(check, gateHours(gate));
        const readings = by === null ? [] : await read(check, rules.checks[index]?.lookMs ?? rules.everyMs, since);
        return readings.map((reading) => ({
          check: index,
          sample: metricSample(check, reading, by ?? { baseline: null }),
        }));
      }),
    );
    return { step, action, try: state.try, samples: samples.flat().sort(byTime) };
  });
  const criteria = criteriaOf(session).map(async (own) => {
    const { check, frame, index } = own;
    if (check?.kind !== 'metric' || frame.restricted) return [];
    const by = references(check, null) ?? { baseline: null };
    const readings = await read(check, criterionRules(session, own, gap.to).everyMs, 0);
    if (readings.length === 0) return [];
    return [{ criterion: index, samples: readings.map((reading) => metricCriterion(check, reading, by)) }];
  });
  return { ...gap, gates: await Promise.all(gates), criteria: (await Promise.all(criteria)).flat() };
};

const byTime = (
  left: { readonly check: number; readonly sample: { readonly at: number } },
  right: { readonly check: number; readonly sample: { readonly at: number } },
): number => left.sample.at - right.sample.at || left.check - right.check;

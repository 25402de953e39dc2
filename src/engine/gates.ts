import { arrivesMs } from '../gates/cluster-samples.ts';
import type { MetricCheck, MetricReading } from '../gates/metric.ts';
import { metricSample } from '../gates/metric-sample.ts';
import type { Sample } from '../gates/sample.ts';
import type { Clock } from '../ports/clock.ts';
import { changedAt } from '../session/change-moment.ts';
import { askEveryMs, type RunningGate, runningGates } from '../session/gate-state.ts';
import { decideGates, type GateAnswer } from '../session/gate-tick.ts';
import type { Decision } from '../session/intents.ts';
import type { SessionState } from '../session/state.ts';
import { askedSample, type Sources, watchedSample } from './ask-check.ts';
import type { GateHours } from './metric-references.ts';
import type { MetricWatch } from './metric-watch.ts';

export interface GateWatchParts extends Sources {
  readonly clock: Clock;
  /** Null: this run has no metrics server. */
  readonly metrics: Pick<MetricWatch, 'latest' | 'references' | 'valueAt'> | null;
  readonly session: () => SessionState;
  /** One after the other with everything else that decides; what it gives is recorded and carried out. */
  readonly take: (decide: (session: SessionState) => Decision) => Promise<void>;
}

export interface GateWatch {
  /** Asks what is due and records the answers since; once a second. */
  tick(): void;
  /** The session has changed: gates may begin, or be over. */
  changed(): void;
  stop(): void;
}

const slack = 0.9;

/** When each check was asked last, and what ends a question that is still open. */
type Asked = Map<
  string,
  {
    readonly at: number;
    readonly abort: AbortController | null;
    /** A metric's: the answer that was judged last. */
    readonly reading?: MetricReading;
  }
>;

/** Asks one check of a gate when it is time. */
const gateAsker = (
  parts: GateWatchParts,
  asked: Asked,
  answered: (answer: GateAnswer) => void,
): ((gate: RunningGate, index: number) => void) => {
  const { clock, metrics } = parts;

  /** Null when there is no answer that it has not judged yet. */
  const judgeMetric = (key: string, check: MetricCheck, gate: RunningGate): Sample | null => {
    const since = gate.state.progress.startedAt;
    const reading = metrics?.latest(check) ?? null;
    if (reading === null || reading.at < since || reading === asked.get(key)?.reading) return null;
    const references = metrics?.references(check, gateHours(gate)) ?? null;
    if (references === null) return null;
    asked.set(key, { at: reading.at, abort: null, reading });
    return metricSample(check, reading, references);
  };

  const askOne = (gate: RunningGate, index: number): void => {
    const key = keyOf(gate, index);
    const own = gate.checks[index];
    const last = asked.get(key);
    const at = clock.now();
    if (own === undefined || (last !== undefined && last.abort !== null)) return;
    const answer = (sample: Sample): void => {
      const { step, action } = gate;
      answered({ frame: gate.frame.number, step, action, try: gate.state.try, check: index, sample });
    };
    if (own.check?.kind === 'metric' && metrics !== null) {
      const sample = judgeMetric(key, own.check, gate);
      if (sample !== null) answer(sample);
      return;
    }
    const every = askEveryMs(gate, index, own.source === 'cluster' && own.check?.kind !== 'logs', gate.state);
    if (last !== undefined && at - last.at < every * slack) return;
    const place = { session: parts.session(), frame: gate.frame, step: gate.step, at };
    const { check } = own;
    if (check === null) {
      asked.set(key, { at, abort: null });
      return answer({ at, kind: 'ERROR', missing: null, value: '', because: own.problem, pace: null });
    }
    const watched = watchedSample(check, place, parts);
    if (watched !== null) {
      asked.set(key, { at, abort: null });
      return answer(watched);
    }
    if (check.kind !== 'http' && check.kind !== 'command' && check.kind !== 'logs') return;
    if (check.kind !== 'http' && isAroundChange(parts.session(), at)) return;
    const abort = new AbortController();
    asked.set(key, { at, abort });
    void askedSample(check, place, parts, abort.signal).then((sample) => {
      if (!abort.signal.aborted) answer(sample);
      if (asked.get(key)?.abort === abort) asked.set(key, { at, abort: null });
    });
  };

  return askOne;
};

/** Asks the checks of running gates on their intervals, one question at a time each. */
export const watchGates = (parts: GateWatchParts): GateWatch => {
  const { clock } = parts;
  const asked: Asked = new Map();
  const answers: GateAnswer[] = [];
  const askOne = gateAsker(parts, asked, (answer) => answers.push(answer));

  const settle = (): void => {
    const batch = answers.splice(0);
    void parts.take((session) => decideGates(session, batch, clock.now()));
  };

  /** Gates that ended take their questions with them. */
  const forget = (running: readonly RunningGate[]): void => {
    const wanted = new Set(running.flatMap((gate) => gate.checks.map(({ index }) => keyOf(gate, index))));
    for (const [key, { abort }] of asked) {
      if (wanted.has(key)) continue;
      abort?.abort();
      asked.delete(key);
    }
  };

  return {
    tick: () => {
      const running = runningGates(parts.session());
      forget(running);
      for (const gate of running) for (const { index } of gate.checks) askOne(gate, index);
      settle();
    },
    changed: () => {
      if (answers.length === 0) settle();
    },
    stop: () => forget([]),
  };
};

/**
 * While a change of ours runs and right after it, a command would be told the state before it, by a controller that has
 * not seen it yet, and logs would be those of pods that have not met it.
 */
const isAroundChange = (session: SessionState, at: number): boolean => {
  const changed = changedAt(session);
  return changed === 'running' || (changed !== null && at - changed < arrivesMs);
};

/** From when to when a gate judges: what `shift` moves back. */
export const gateHours = ({ gate, state }: RunningGate): GateHours => ({
  from: state.progress.startedAt,
  to: state.progress.startedAt + (gate.forMs ?? 0),
});

const keyOf = ({ frame, step, action, state }: RunningGate, check: number): string =>
  `${frame.number}/${step}/${action}/${state.try}/${state.progress.startedAt}/${check}`;

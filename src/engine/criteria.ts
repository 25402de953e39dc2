import type { GateCheck } from '../gates/check.ts';
import { type CriterionSample, type CriterionWatch, criterionWatch, watchSample } from '../gates/criterion.ts';
import { healthCriterion, stateCriterion, withoutTrack } from '../gates/criterion-samples.ts';
import type { MetricCheck, MetricReading } from '../gates/metric.ts';
import { metricCriterion } from '../gates/metric-sample.ts';
import { failedToAsk, type Sample } from '../gates/sample.ts';
import { criterionRules, hasReference, isExcused } from '../session/criterion-rules.ts';
import { type CriterionOf, criteriaOf, criterionPhase, openBreach } from '../session/criterion-state.ts';
import { type CriterionSeen, decideCriteria } from '../session/criterion-tick.ts';
import { scaledToZero } from '../session/criterion-track.ts';
import { metricTrack } from '../session/metric-track.ts';
import { accept } from '../session/refusal.ts';
import type { CriterionState, SessionState } from '../session/state.ts';
import { type AskedAt, askedLogs, askedSample, noMetricsServer } from './ask-check.ts';
import type { GateWatchParts } from './gates.ts';

/** The value of a criterion at this moment, for the panel; what is decided by it is in the session. */
export interface CriterionLive {
  /** Not yet safe text. */
  readonly value: string;
  readonly because: string | null;
  /** UTC ms; null before the first answer. */
  readonly at: number | null;
  readonly notYet: boolean;
  /** It is not good now, whether or not a look has counted it. */
  readonly isBad: boolean;
}

export interface CriterionParts extends GateWatchParts {
  readonly show: (live: readonly CriterionLive[]) => void;
}

export interface CriteriaWatch {
  tick(): void;
  /** Something else has told of the criteria, as of a gap: what was seen before is over. */
  renew(): void;
  /** A key was pressed: the bell of a breach is quiet for a minute. */
  noteKey(): void;
  stop(): void;
}

interface Kept {
  watch: CriterionWatch;
  live: CriterionLive;
  askedAt: number | null;
  busy: AbortController | null;
  /** Its breach is recorded and waits for an acknowledgement. */
  latched: boolean;
  /** Pods whose logs it reads were there once. */
  hadPods: boolean;
  /** The answer of its metric that was judged last. */
  reading: MetricReading | null;
  /** What it watches is gone, and this run has scaled to 0. */
  over: boolean;
  /** The worst that was seen before the first change. */
  worst: number | null;
  /** It has told something that `worst` is of. */
  hasLooked: boolean;
}

const stateEveryMs = 5_000;
const askEveryMs = 15_000;
const retryMs = 5_000;
const ringAgainMs = 60_000;
const slack = 0.9;

/** Asks one criterion when it is time, and folds its answer. */
const criterionAsker = (parts: CriterionParts): ((own: CriterionOf, mine: Kept, asked: AskedAt) => void) => {
  const take = (own: CriterionOf, mine: Kept, answer: CriterionSample): void => {
    const session = parts.session();
    const { sample, amount } = answer;
    show(mine, answer);
    if (isReference(session, own, mine) && (sample.kind === 'GOOD' || sample.kind === 'BAD')) {
      mine.hasLooked = true;
      if (sample.kind === 'BAD') mine.worst = mine.worst === null ? amount : Math.max(mine.worst, amount);
    }
    mine.watch = watchSample(mine.watch, answer, criterionRules(session, own, parts.clock.now()));
  };

  /** A change right after a resume comes before the first look: then that look is as near as it gets. */
  const isReference = (session: SessionState, { index }: CriterionOf, { hasLooked }: Kept): boolean =>
    criterionPhase(session) === 'BEFORE' || (!hasLooked && session.criteria[index]?.phase === 'BEFORE');

  const show = (mine: Kept, { sample, notYet }: CriterionSample): void => {
    mine.live = {
      value: sample.value,
      because: sample.because,
      at: sample.at,
      notYet,
      isBad: sample.kind === 'BAD' && !notYet,
    };
  };

  const stateNow = (check: StateCheck, { at, session }: AskedAt): CriterionSample =>
    stateCriterion(check, parts.cluster?.facts() ?? null, { at, changedAt: null }, session.startedAt ?? at);

  /** Before its first pods it is "not yet"; after them it is BLIND, unless this run has taken them away. */
  const ofLogs = (mine: Kept, { sample, pods }: { sample: Sample; pods: number | null }): CriterionSample => {
    const none = pods === 0;
    mine.over = none && mine.hadPods && scaledToZero(parts.session(), parts.cluster?.facts() ?? null);
    mine.hadPods ||= pods !== null && pods > 0;
    return none && (mine.over || !mine.hadPods) ? withoutTrack(sample) : healthCriterion(sample);
  };

  /** Each answer once. What is not there yet, or not any more by our own doing, is nothing to be worried about. */
  const askMetric = (own: CriterionOf, check: MetricCheck, mine: Kept, session: SessionState): void => {
    const { metrics } = parts;
    const reading = metrics?.latest(check) ?? null;
    const references = metrics?.references(check, null) ?? null;
    if (metrics === null || reading === null || references === null || reading === mine.reading) return;
    mine.reading = reading;
    const answer = metricCriterion(check, reading, references);
    const { hash, rangeMs } = check;
    const track = metricTrack(session, answer.sample, { hash, rangeMs, valueAt: metrics.valueAt(check) });
    mine.over = track === 'over';
    take(own, mine, track === 'over' || track === 'not-yet' ? withoutTrack(answer.sample) : answer);
  };

  const ask = (own: CriterionOf, mine: Kept, asked: AskedAt): void => {
    // What is watched anyway is shown as it is at every moment; looks count at their own pace.
    if (isState(own.check)) show(mine, stateNow(own.check, asked));
    if (own.check?.kind === 'metric' && parts.metrics !== null) return askMetric(own, own.check, mine, asked.session);
    const { last } = mine.watch;
    const usual = isState(own.check) ? stateEveryMs : askEveryMs;
    const every = last?.kind === 'ERROR' || last?.kind === 'NO-DATA' ? retryMs : usual;
    if (mine.busy !== null || (mine.askedAt !== null && asked.at - mine.askedAt < every * slack)) return;
    mine.askedAt = asked.at;
    const { check } = own;
    if (check === null)
      return take(own, mine, healthCriterion(failedToAsk(asked.at, own.problem ?? 'it cannot be asked')));
    if (isState(check)) return take(own, mine, stateNow(check, asked));
    if (check.kind === 'metric') return take(own, mine, healthCriterion(failedToAsk(asked.at, noMetricsServer)));
    if (check.kind !== 'http' && check.kind !== 'command' && check.kind !== 'logs') {
      return take(own, mine, healthCriterion(failedToAsk(asked.at, 'this states health, not a breach')));
    }
    const busy = new AbortController();
    mine.busy = busy;
    const answer =
      check.kind === 'logs'
        ? askedLogs(check, asked, parts, busy.signal).then((counted) => () => ofLogs(mine, counted))
        : askedSample(check, asked, parts, busy.signal).then((sample) => () => healthCriterion(sample));
    void answer.then((judged) => {
      mine.busy = null;
      if (!busy.signal.aborted) take(own, mine, judged());
    });
  };

  return ask;
};

/** Watches the criteria of the run in every state of it: while a prompt is open, while a command runs, while held. */
export const watchCriteria = (parts: CriterionParts): CriteriaWatch => {
  const { clock } = parts;
  const ask = criterionAsker(parts);
  const kept = new Map<number, Kept>();
  let rangAt = 0;

  const tick = (): void => {
    const session = parts.session();
    const all = criteriaOf(session);
    const checks = all.filter(({ frame }) => !frame.restricted);
    if (checks.length === 0 || session.left || session.finished !== null) return;
    for (const own of checks) {
      const state = session.criteria[own.index];
      if (state === undefined) continue;
      const mine = kept.get(own.index) ?? keptFrom(state);
      kept.set(own.index, mine);
      followAcknowledgement(mine, state);
      ask(own, mine, { session, frame: own.frame, step: '', at: clock.now() });
    }
    parts.show(all.map(({ index }) => kept.get(index)?.live ?? unasked));
    tell(session, checks);
    ringAgain(session);
  };

  const tell = (session: SessionState, checks: readonly CriterionOf[]): void => {
    const seen = checks.flatMap((own): readonly CriterionSeen[] => {
      const mine = kept.get(own.index);
      if (mine === undefined) return [];
      const { watch, live, worst, over, hasLooked } = mine;
      const reference = hasReference(own) ? worst : null;
      const awaited = !hasLooked && isExcused(session, own, clock.now());
      return [{ criterion: own.index, watch, value: live.because ?? live.value, reference, awaited, over }];
    });
    // An acknowledgement that came in between is not undone by what was seen before it.
    const same = (current: SessionState, index: number): boolean => current.criteria[index] === session.criteria[index];
    void parts.take((current) =>
      decideCriteria(
        current,
        seen.filter(({ criterion }) => same(current, criterion)),
      ),
    );
  };

  const ringAgain = (session: SessionState): void => {
    if (openBreach(session) === null) {
      rangAt = clock.now();
      return;
    }
    if (clock.now() - rangAt < ringAgainMs) return;
    rangAt = clock.now();
    void parts.take(() => accept([], [{ type: 'ring', why: 'breach' }]));
  };

  return {
    tick,
    renew: () => {
      for (const [index, mine] of kept) {
        const state = parts.session().criteria[index];
        if (state !== undefined) mine.watch = keptFrom(state).watch;
      }
    },
    noteKey: () => {
      rangAt = clock.now();
    },
    stop: () => {
      for (const { busy } of kept.values()) busy?.abort();
    },
  };
};

type StateCheck = Extract<GateCheck, { kind: 'deadline' | 'failing' | 'restarts' }>;

const isState = (check: GateCheck | null): check is StateCheck =>
  check?.kind === 'deadline' || check?.kind === 'failing' || check?.kind === 'restarts';

const unasked: CriterionLive = { value: '', because: null, at: null, notYet: false, isBad: false };

const keptFrom = (state: CriterionState): Kept => ({
  watch: criterionWatch(
    state.status,
    state.blind?.because ?? null,
    state.acknowledged !== null && state.status === 'ok',
  ),
  live: unasked,
  askedAt: null,
  busy: null,
  latched: state.status === 'breached' || state.status === 'recovered',
  hadPods: state.phase === 'OVER',
  reading: null,
  over: state.phase === 'OVER',
  worst: null,
  hasLooked: false,
});

/** A breach that was recorded and is ok in the session was acknowledged. */
const followAcknowledgement = (mine: Kept, state: CriterionState): void => {
  if (state.status === 'breached' || state.status === 'recovered') mine.latched = true;
  else if (mine.latched) {
    mine.latched = false;
    mine.watch = { ...mine.watch, status: 'ok', bad: 0, acknowledged: mine.watch.status === 'breached' };
  }
};

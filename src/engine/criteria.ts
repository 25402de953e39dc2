import type { GateCheck } from '../gates/check.ts';
import { type CriterionSample, type CriterionWatch, criterionWatch, watchSample } from '../gates/criterion.ts';
import { healthCriterion, stateCriterion } from '../gates/criterion-samples.ts';
import { failedToAsk } from '../gates/sample.ts';
import { criteriaOf, criterionPhase, openBreach } from '../session/criterion-state.ts';
import { type CriterionSeen, decideCriteria } from '../session/criterion-tick.ts';
import type { CheckOf } from '../session/gate-checks.ts';
import { accept } from '../session/refusal.ts';
import type { CriterionState, SessionState } from '../session/state.ts';
import { type AskedAt, askedSample } from './ask-check.ts';
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
  /** The worst that was seen before the first change. */
  worst: number | null;
}

const stateEveryMs = 5_000;
const askEveryMs = 15_000;
const retryMs = 5_000;
const row = 3;
const ringAgainMs = 60_000;
/** A hotfix whose reference is still exceeded by then did not help. */
const hotfixMs = 10 * 60_000;
const slack = 0.9;

/** Asks one criterion when it is time, and folds its answer. */
const criterionAsker = (parts: CriterionParts): ((own: CheckOf, mine: Kept, asked: AskedAt) => void) => {
  const take = (own: CheckOf, mine: Kept, answer: CriterionSample): void => {
    const session = parts.session();
    const { sample, amount } = answer;
    show(mine, answer);
    const before = criterionPhase(session) === 'BEFORE';
    if (before && sample.kind === 'BAD') mine.worst = Math.max(mine.worst ?? 0, amount);
    const everyMs = isState(own.check) ? stateEveryMs : askEveryMs;
    mine.watch = watchSample(mine.watch, answer, {
      everyMs,
      row,
      reference: referenceOf(session, own.index, parts.clock.now()),
    });
  };

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

  const ask = (own: CheckOf, mine: Kept, asked: AskedAt): void => {
    // What is watched anyway is shown as it is at every moment; looks count at their own pace.
    if (isState(own.check)) show(mine, stateNow(own.check, asked));
    const { last } = mine.watch;
    const usual = isState(own.check) ? stateEveryMs : askEveryMs;
    const every = last?.kind === 'ERROR' || last?.kind === 'NO-DATA' ? retryMs : usual;
    if (mine.busy !== null || (mine.askedAt !== null && asked.at - mine.askedAt < every * slack)) return;
    mine.askedAt = asked.at;
    const { check } = own;
    if (check === null)
      return take(own, mine, healthCriterion(failedToAsk(asked.at, own.problem ?? 'it cannot be asked')));
    if (isState(check)) return take(own, mine, stateNow(check, asked));
    if (check.kind !== 'http' && check.kind !== 'command' && check.kind !== 'logs') {
      return take(own, mine, healthCriterion(failedToAsk(asked.at, 'this states health, not a breach')));
    }
    const busy = new AbortController();
    mine.busy = busy;
    void askedSample(check, asked, parts, busy.signal).then((sample) => {
      mine.busy = null;
      if (!busy.signal.aborted) take(own, mine, healthCriterion(sample));
    });
  };

  return ask;
};

/** Watches the criteria of the run in every state of it: while a prompt is open, while a command runs, while held. */
export const watchCriteria = (parts: CriterionParts): CriteriaWatch => {
  const { clock } = parts;
  const ask = criterionAsker(parts);
  const kept: Kept[] = [];
  let rangAt = 0;

  const tick = (): void => {
    const session = parts.session();
    const checks = criteriaOf(session);
    const frame = session.frames[0];
    if (frame === undefined || frame.restricted || checks.length === 0 || session.left || session.finished !== null)
      return;
    for (const own of checks) {
      const state = session.criteria[own.index];
      if (state === undefined) continue;
      const mine = kept[own.index] ?? keptFrom(state);
      kept[own.index] = mine;
      followAcknowledgement(mine, state);
      ask(own, mine, { session, frame, step: '', at: clock.now() });
    }
    parts.show(kept.map(({ live }) => live));
    tell(session);
    ringAgain(session);
  };

  const tell = (session: SessionState): void => {
    const seen = kept.map(
      ({ watch, live, worst }, criterion): CriterionSeen => ({
        criterion,
        watch,
        value: live.because ?? live.value,
        reference: isHotfix(session) ? worst : null,
      }),
    );
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
    noteKey: () => {
      rangAt = clock.now();
    },
    stop: () => {
      for (const { busy } of kept) busy?.abort();
    },
  };
};

type StateCheck = Extract<GateCheck, { kind: 'deadline' | 'failing' | 'restarts' }>;

const isState = (check: GateCheck | null): check is StateCheck =>
  check?.kind === 'deadline' || check?.kind === 'failing' || check?.kind === 'restarts';

const isHotfix = (session: SessionState): boolean => session.frames[0]?.runbook.kind === 'hotfix';

/** Before a hotfix everything is the reference; ten minutes after its change what was bad before excuses nothing. */
const referenceOf = (session: SessionState, criterion: number, now: number): number | null => {
  if (!isHotfix(session)) return null;
  if (session.firstChangeAt === null) return Number.POSITIVE_INFINITY;
  return now - session.firstChangeAt >= hotfixMs ? null : (session.criteria[criterion]?.reference ?? null);
};

const keptFrom = (state: CriterionState): Kept => ({
  watch: criterionWatch(
    state.status,
    state.blind?.because ?? null,
    state.acknowledged !== null && state.status === 'ok',
  ),
  live: { value: '', because: null, at: null, notYet: false, isBad: false },
  askedAt: null,
  busy: null,
  latched: state.status === 'breached' || state.status === 'recovered',
  worst: null,
});

/** A breach that was recorded and is ok in the session was acknowledged. */
const followAcknowledgement = (mine: Kept, state: CriterionState): void => {
  if (state.status === 'breached' || state.status === 'recovered') mine.latched = true;
  else if (mine.latched) {
    mine.latched = false;
    mine.watch = { ...mine.watch, status: 'ok', bad: 0, acknowledged: mine.watch.status === 'breached' };
  }
};

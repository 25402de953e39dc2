import { clock, timeOfDay } from '../text/duration.ts';
import type { CheckRules, GateRules } from './gate-rules.ts';
import { asFirstLook, type CheckProgress, type GateProgress, isLook, settledAt, withSample } from './progress.ts';
import { type Sample, type Verdict, worstVerdict } from './sample.ts';
import { lackingInLook, lackingRequests, withTest } from './tally.ts';

export interface CheckVerdict {
  readonly verdict: Verdict;
  /** In words; null for PASS. */
  readonly because: string | null;
}

export interface GateVerdict extends CheckVerdict {
  readonly checks: readonly CheckVerdict[];
}

/** Checks that are judged now: all, or those whose source answers while a dead one is acknowledged. */
export type Judged = (check: number) => boolean;

const all: Judged = () => true;

const coverageNeeded = 0.8;
const inARow = 3;
const noDataMs = 60_000;
const leastLiveMs = 45_000;

interface Reading {
  readonly rules: GateRules;
  readonly gate: GateProgress;
  /** Watched time. */
  readonly time: number;
  readonly judged: Judged;
}

/** UTC ms as the gate's own watched time. */
export const watchedTime = (gate: GateProgress, now: number): number => now - gate.awayMs;

/** The verdict at `now` (UTC ms): the worst of the checks that are judged. */
export const judge = (gate: GateProgress, rules: GateRules, now: number, judged: Judged = all): GateVerdict => {
  const reading = { rules, gate, time: watchedTime(gate, now), judged };
  const checks = gate.checks.map((check, index) => judgeCheck(check, index, reading));
  const counting = checks.flatMap((check, index) =>
    judged(index) ? [{ ...check, good: goodLooks(gate, index) }] : [],
  );
  const verdict = counting.length === 0 ? 'INCONCLUSIVE' : worstVerdict(counting.map((check) => check.verdict));
  const worst = counting.filter((check) => check.verdict === verdict);
  // What could not be judged at all says more than what is not good just now.
  const first = verdict === 'INCONCLUSIVE' ? worst.find(({ good }) => good === 0) : undefined;
  const because = (first ?? worst[0])?.because ?? null;
  return { verdict, because: counting.length === 0 ? 'none of its checks can be asked' : because, checks };
};

const goodLooks = ({ checks }: GateProgress, index: number): number => checks[index]?.good ?? 0;

/**
 * The gate with more answers of its checks, in the order they came. What failed by the clock since the answers before
 * stays failed.
 */
export const takeSamples = (
  gate: GateProgress,
  rules: GateRules,
  samples: readonly { readonly check: number; readonly sample: Sample }[],
  judged: Judged = all,
): GateProgress =>
  samples.reduce((progress, { check, sample }) => takeOne(progress, rules, check, sample, judged), gate);

const takeOne = (
  before: GateProgress,
  rules: GateRules,
  index: number,
  sample: Sample,
  judged: Judged,
): GateProgress => {
  if (before.checks[index] === undefined) return before;
  const gate = latched(before, rules, sample.at, judged);
  const time = watchedTime(gate, sample.at);
  const ended = isEnded(gate, rules, time);
  const settled = time >= settledAt(gate, rules);
  const { holdingSince, startedAt } = gate;
  const checks = gate.checks.map((check, i) => {
    const tallied = ended && check.atEnd === null ? { ...check, atEnd: { looks: check.looks, bad: check.bad } } : check;
    if (i !== index) return tallied;
    const own = rules.checks[i];
    const seen = withSample(tallied, sample, time, { startedAt, rules, own, settled, holdingSince });
    return ended && isLook(sample.kind) ? { ...seen, tally: withTest(seen.tally, own) } : seen;
  });
  const failed =
    settled && sample.kind === 'BAD' && sample.pace === 'terminal'
      ? checks.map((check, i) => (i === index ? withFail(check, sample) : check))
      : checks;
  return latched(begunHolding({ ...gate, checks: failed }, rules, time, judged), rules, sample.at, judged);
};

const withFail = (check: CheckProgress, { because, value }: Sample): CheckProgress => ({
  ...check,
  failed: check.failed ?? because ?? value,
});

const latched = (gate: GateProgress, rules: GateRules, at: number, judged: Judged): GateProgress => {
  const reading = { rules, gate, time: watchedTime(gate, at), judged };
  let changed = false;
  const checks = gate.checks.map((check, index) => {
    if (check.failed !== null) return check;
    const { verdict, because } = judgeCheck(check, index, reading);
    if (verdict !== 'FAIL') return check;
    changed = true;
    return { ...check, failed: because ?? 'failed' };
  });
  return changed ? { ...gate, checks } : gate;
};

/** With `for`: once all judged checks are GOOD, or, without `within`, once each has had a full look. */
const begunHolding = (gate: GateProgress, rules: GateRules, time: number, judged: Judged): GateProgress => {
  if (rules.forMs === null || gate.holdingSince !== null) return gate;
  const counting = gate.checks.filter((_, index) => judged(index));
  if (counting.length === 0 || isUnderway(gate, judged)) return gate;
  const ready = counting.every(({ lastLook }) =>
    rules.withinMs === null ? lastLook !== null : lastLook?.kind === 'GOOD',
  );
  if (!ready) return gate;
  return {
    ...gate,
    holdingSince: time,
    checks: gate.checks.map((check, index) => asFirstLook(check, rules, rules.checks[index])),
  };
};

/** Some check has no full answer yet: it was never answered, or what it asks for goes on. */
const isUnderway = (gate: GateProgress, judged: Judged): boolean =>
  gate.checks.some(({ lastLook }, index) => judged(index) && (lastLook === null || lastLook.underway));

/** The last answer is good and live: nothing passes on what was true some time ago. */
const isGoodNow = ({ last }: CheckProgress, own: CheckRules | undefined, { gate, time }: Reading): boolean =>
  last?.kind === 'GOOD' && time - watchedTime(gate, last.at) <= (own?.liveMs ?? leastLiveMs);

const isEnded = (gate: GateProgress, { forMs }: GateRules, time: number): boolean =>
  forMs !== null && gate.holdingSince !== null && time >= gate.holdingSince + forMs;

const judgeCheck = (check: CheckProgress, index: number, reading: Reading): CheckVerdict => {
  if (check.failed !== null) return { verdict: 'FAIL', because: check.failed };
  const { rules, gate, time } = reading;
  const own = rules.checks[index];
  const settles = settledAt(gate, rules);
  if (time < settles) return { verdict: 'PENDING', because: `settles until ${clock(settles - gate.startedAt)}` };
  return gate.holdingSince === null ? waiting(check, own, reading) : holding(check, own, gate.holdingSince, reading);
};

/** ERROR or NO-DATA, when its source has been silent for long enough. */
const blind = ({ last, errors, missing, missingSince }: CheckProgress, time: number): CheckVerdict | null => {
  if (last?.kind === 'ERROR' && errors >= inARow) return { verdict: 'ERROR', because: last.because };
  if (last?.kind !== 'NO-DATA') return null;
  const long = missing >= inARow || time - (missingSince ?? time) >= noDataMs;
  return long || last.missing === 'stale' ? { verdict: 'NO-DATA', because: last.because } : null;
};

/**
 * Without `within` the gate is decided at its first full answer, of all its checks: a health check is not held against
 * a rollout that still goes on. What cannot get better by waiting has failed before it comes here.
 */
const waiting = (check: CheckProgress, own: CheckRules | undefined, reading: Reading): CheckVerdict => {
  const { rules, gate, time, judged } = reading;
  const { last, lastLook } = check;
  const waited = time - settledAt(gate, rules);
  const over = rules.withinMs !== null ? waited >= rules.withinMs : !isUnderway(gate, judged);
  if (over && lastLook?.kind === 'BAD' && (rules.withinMs !== null || rules.forMs === null))
    return { verdict: 'FAIL', because: lastLook.because };
  const silent = blind(check, time);
  if (silent !== null) return silent;
  if (isHopeless(check)) return { verdict: 'INCONCLUSIVE', because: last?.because ?? null };
  if (own !== undefined && own.test !== null && rules.forMs === null)
    return { verdict: 'INCONCLUSIVE', because: 'a test is made over a whole soak: give it "for"' };
  if (lastLook === null)
    return rules.withinMs !== null && over
      ? { verdict: 'INCONCLUSIVE', because: `no answer in ${clock(rules.withinMs)}` }
      : { verdict: 'PENDING', because: last?.because ?? 'not asked yet' };
  const lacking = rules.forMs === null ? lackingInLook(check.tally, lastLook.figures, own) : null;
  if (lastLook.kind === 'GOOD' && isGoodNow(check, own, reading) && lacking === null)
    return rules.forMs === null ? { verdict: 'PASS', because: null } : { verdict: 'RUNNING', because: null };
  if (lastLook.kind === 'GREY' && over && rules.forMs === null)
    return { verdict: 'INCONCLUSIVE', because: lastLook.because };
  const isOver = waited >= (rules.withinMs ?? rules.holdTimeoutMs);
  return { verdict: isOver ? 'INCONCLUSIVE' : 'PENDING', because: last?.because ?? lastLook.because ?? lacking };
};

const holding = (check: CheckProgress, own: CheckRules | undefined, since: number, reading: Reading): CheckVerdict => {
  const { rules, time } = reading;
  const { bad, of } = rules.breach;
  const badOnes = check.recent.filter((kind) => kind === 'BAD').length;
  if (badOnes >= bad) {
    const at = timeOfDay((check.lastLook?.at ?? time) + reading.gate.awayMs);
    const looks = bad === of ? `${bad} ${bad === 1 ? 'look' : 'looks in a row'}` : `${badOnes} of ${of} looks`;
    return { verdict: 'FAIL', because: `${check.lastLook?.because ?? 'BAD'}: ${looks}, since ${at}` };
  }
  const end = since + (rules.forMs ?? 0);
  const tally = check.atEnd ?? { looks: check.looks, bad: check.bad };
  if (time >= end && tally.bad * 3 > tally.looks)
    return { verdict: 'FAIL', because: `${tally.bad} of ${tally.looks} looks were BAD` };
  const silent = blind(check, time);
  if (silent !== null) return silent;
  const tested = check.tally?.tested ?? null;
  if (tested?.kind === 'worse') return { verdict: 'FAIL', because: tested.because };
  if (isHopeless(check)) return { verdict: 'INCONCLUSIVE', because: check.last?.because ?? null };
  if (time < end) return { verdict: 'RUNNING', because: check.last?.because ?? null };
  const lacking = whatLacks(check, own, since, reading);
  if (lacking === null) return { verdict: 'PASS', because: null };
  return time >= end + rules.holdTimeoutMs
    ? { verdict: 'INCONCLUSIVE', because: lacking }
    : { verdict: 'RUNNING', because: lacking };
};

/** What a soak whose time is over still needs for PASS; null = nothing. */
const whatLacks = (
  check: CheckProgress,
  own: CheckRules | undefined,
  since: number,
  reading: Reading,
): string | null => {
  const { rules, time } = reading;
  const { looks, good, bad, lastLook, last } = check;
  const due = Math.floor((time - since) / (own?.lookMs ?? rules.everyMs)) + 1;
  if (good === 0) return lastLook?.because ?? 'not one good look';
  if (looks < rules.minLooks) return `${looks} of ${rules.minLooks} looks`;
  if (looks < due * coverageNeeded) return `${looks} of ${due} looks: too little was seen`;
  if (lastLook?.kind !== 'GOOD') return lastLook?.because ?? 'the last look is not good';
  if (!isGoodNow(check, own, reading)) return last?.because ?? 'no answer since';
  if (bad * 3 > looks) return `${bad} of ${looks} looks were BAD`;
  return lackingRequests(check.tally, own) ?? undecidedTest(check, own);
};

/** Why a check that is decided by a test has not been. */
const undecidedTest = ({ tally }: CheckProgress, own: CheckRules | undefined): string | null => {
  if (own === undefined || own.test === null) return null;
  const tested = tally?.tested ?? null;
  if (tested === null) return 'its test is made with the next look';
  return tested.kind === 'undecided' ? tested.because : null;
};

/** There is nothing to compare with, and waiting brings nothing. */
const isHopeless = ({ last }: CheckProgress): boolean => last?.kind === 'GREY' && last.pace === 'terminal';

import { spoken } from '../text/duration.ts';
import type { CheckRules } from './gate-rules.ts';
import type { Figures } from './metric.ts';
import { countWords, requestsNeeded } from './minimums.ts';
import { runTest, type TestResult } from './test-rules.ts';

/** What a metric's samples add up to since its gate began; of bounded size. */
export interface Tally {
  /** By the `traffic` query; null = it has not answered. */
  readonly requests: number | null;
  /** Requests a second at the last answer, and when that was (watched time). */
  readonly perSecond: number;
  readonly countedAt: number | null;
  /** The first limit of each look since holding began: what the control was, with the margin. */
  readonly limits: { readonly sum: number; readonly count: number };
  /** What its test will be made with; null when it has none. */
  readonly evidence: {
    readonly canary: { readonly bad: number; readonly all: number };
    readonly control: { readonly bad: number; readonly all: number };
    readonly values: readonly number[];
    readonly controls: readonly number[];
    /** Every n-th look is kept, and how many were passed over since the last one that was. */
    readonly stride: number;
    readonly passed: number;
  } | null;
  /** Set once, at the end; an undecided one is made again with the next look. */
  readonly tested: TestResult | null;
}

const empty: Tally = {
  requests: null,
  perSecond: 0,
  countedAt: null,
  limits: { sum: 0, count: 0 },
  evidence: null,
  tested: null,
};

const mostValues = 256;
/** A source that was silent for longer has told nothing about the time between. */
const longestMs = 60_000;

/** Requests that came in since the answer before. */
export const withTraffic = (
  tally: Tally | null,
  figures: Figures | undefined,
  time: number,
  startedAt: number,
): Tally | null => {
  if (figures === undefined || figures.traffic === null) return tally;
  const before = tally ?? empty;
  const sinceMs = Math.min(longestMs, Math.max(0, time - (before.countedAt ?? startedAt)));
  const more = (figures.traffic * sinceMs) / 1000;
  return { ...before, requests: (before.requests ?? 0) + more, perSecond: figures.traffic, countedAt: time };
};

const nobody = { bad: 0, all: 0 };

/** A look that counts. Once its test has been made, nothing is added to what it was made with. */
export const withLook = (
  tally: Tally | null,
  figures: Figures | undefined,
  own: CheckRules | undefined,
): Tally | null => {
  if (figures === undefined || own === undefined || (own.minimum === null && own.test === null)) return tally;
  const before = tally ?? empty;
  const [limit] = figures.limits;
  const { sum, count } = before.limits;
  const limits = limit === undefined ? before.limits : { sum: sum + limit, count: count + 1 };
  const isOver = before.tested !== null && before.tested.kind !== 'undecided';
  const evidence =
    own.test === null || isOver ? before.evidence : withEvidence(before.evidence, figures, own.test.than);
  return { ...before, limits, evidence };
};

const withEvidence = (
  known: Tally['evidence'],
  { counts, value, stable }: Figures,
  than: 'stable' | 'baseline',
): Tally['evidence'] => {
  const before = known ?? { canary: nobody, control: nobody, values: [], controls: [], stride: 1, passed: 0 };
  const added =
    counts === null
      ? before
      : {
          ...before,
          canary: { bad: before.canary.bad + counts.bad, all: before.canary.all + counts.all },
          control: { bad: before.control.bad + counts.stableBad, all: before.control.all + counts.stableAll },
        };
  if (value === null || (than === 'stable' && stable === null)) return added;
  if (added.values.length > 0 && added.passed + 1 < added.stride) return { ...added, passed: added.passed + 1 };
  const values = [...added.values, value];
  const controls = than === 'stable' && stable !== null ? [...added.controls, stable] : [];
  if (values.length < mostValues) return { ...added, values, controls, passed: 0 };
  const everyOther = (_: number, index: number): boolean => index % 2 === 0;
  return {
    ...added,
    values: values.filter(everyOther),
    controls: controls.filter(everyOther),
    stride: added.stride * 2,
    passed: added.stride,
  };
};

/** Makes the test of a check whose time is over, unless it has been decided. */
export const withTest = (tally: Tally | null, own: CheckRules | undefined): Tally | null => {
  if (own === undefined || own.test === null) return tally;
  if (tally?.evidence == null || (tally.tested !== null && tally.tested.kind !== 'undecided')) return tally;
  return { ...tally, tested: runTest(own.test, tally.evidence) };
};

/** The requests that a check must have seen at its end; null = no minimum applies. */
export const neededRequests = (tally: Tally | null, own: CheckRules | undefined): number | null => {
  if (own === undefined || own.minimum === null || tally === null || tally.limits.count === 0) return null;
  return requestsNeeded(own.minimum, tally.limits.sum / tally.limits.count);
};

/** `812 of 1,000 requests, about 3 min more`; null when there were enough, or no minimum applies. */
export const lackingRequests = (tally: Tally | null, own: CheckRules | undefined): string | null => {
  const needed = neededRequests(tally, own);
  return needed === null ? null : lackingWords(tally?.requests ?? 0, needed, tally?.perSecond ?? 0);
};

/** The same for a gate that one look decides: what its window shows counts, or what came in since the gate began. */
export const lackingInLook = (
  tally: Tally | null,
  figures: Figures | undefined,
  own: CheckRules | undefined,
): string | null => {
  const [limit] = figures?.limits ?? [];
  if (own === undefined || own.minimum === null || figures === undefined || limit === undefined) return null;
  const perSecond = figures.traffic ?? 0;
  const inWindow = perSecond * (own.minimum.rangeMs / 1000);
  return lackingWords(Math.max(inWindow, tally?.requests ?? 0), requestsNeeded(own.minimum, limit), perSecond);
};

const lackingWords = (seen: number, needed: number, perSecond: number): string | null => {
  if (seen >= needed) return null;
  const words = `${countWords(Math.floor(seen))} of ${countWords(needed)} requests`;
  return perSecond > 0
    ? `${words}, about ${waitWords((needed - seen) / perSecond)} more`
    : `${words}, and none come in`;
};

/** Tens of seconds, then minutes. */
const waitWords = (seconds: number): string =>
  spoken((seconds < 60 ? Math.ceil(seconds / 10) * 10 : Math.ceil(seconds / 60) * 60) * 1000);

import { spoken } from '../text/duration.ts';
import { amountWords } from './amount-words.ts';
import type { CriterionSample } from './criterion.ts';
import { beyondWords, boundLimits, isWithinLimits, type ReferenceValues, referenceOf } from './limits.ts';
import type { Baseline, DataAge, Figures, MetricCheck, MetricQuestion, MetricReading, RatePair } from './metric.ts';
import { tooFewInWindow } from './minimums.ts';
import { queryFacts } from './query-facts.ts';
import { bad, failedToAsk, good, grey, noData, type Sample } from './sample.ts';

/** What a check is compared with beside its control. */
export interface References {
  /** The captured window of its query, or, with `shift`, the same window as long ago. Null = there is none. */
  readonly baseline: Baseline | null;
}

const leastAgeMs = 90_000;

/** Data older than this is stale. */
export const ageLimitMs = ({ scrapeMs }: Pick<MetricQuestion, 'scrapeMs'>): number =>
  Math.max(2 * (scrapeMs ?? 0), leastAgeMs);

/**
 * Why a critical gate in production may not be judged on this metric: nothing tells the age of its data. Decided where
 * the gate's checks are made from the runbook and the target; the sample itself takes an unknown age as it is.
 */
export const missingFreshness = (
  { query, freshness }: Pick<MetricQuestion, 'query' | 'freshness'>,
  gate: { readonly critical: boolean; readonly production: boolean },
): string | null => {
  if (!gate.critical || !gate.production || freshness !== null) return null;
  return queryFacts(query).selectors.length > 0
    ? null
    : 'nothing tells the age of its data: a critical gate in production needs freshness';
};

/** One reading of a gate's metric, judged: true is health. The first row of "Samples" that matches wins. */
export const metricSample = (check: MetricCheck, reading: MetricReading, references: References): Sample =>
  judged(check, reading, references, 'health');

/**
 * The same for a criterion, whose expression states the breach: true is BAD. Without the baseline that it is measured by
 * it is "not yet". What it watches may not exist yet either, which the caller knows.
 */
export const metricCriterion = (
  check: MetricCheck,
  reading: MetricReading,
  references: References,
): CriterionSample => {
  const sample = judged(check, reading, references, 'breach');
  const isDown = check.expression.op === '<' || check.expression.op === '<=';
  const answered = reading.value.kind === 'value' ? reading.value.value : 0;
  const value = Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, answered));
  const notYet = referenceOf(check.expression.bound) === 'baseline' && references.baseline === null;
  return { sample, amount: isDown ? -value : value, notYet };
};

const judged = (
  check: MetricCheck,
  reading: MetricReading,
  references: References,
  states: 'health' | 'breach',
): Sample => {
  const { at } = reading;
  const figures = figuresOf(check, reading, references);
  const unanswered = faultOf(check, reading) ?? absenceOf(check, reading);
  if (unanswered !== null) return { ...unanswered, figures };
  const { value } = reading;
  if (value.kind !== 'value') return { ...noData(at, 'empty', 'no answer'), figures };
  const words = amountWords(value.value, check.meaning.unit);
  return { ...comparedSample(check, reading, references, figures, { value: value.value, words, states }), figures };
};

interface Compared {
  readonly value: number;
  readonly words: string;
  readonly states: 'health' | 'breach';
}

/** Rows 3 to 6, of an answer that is there and fresh. */
const comparedSample = (
  check: MetricCheck,
  reading: MetricReading,
  { baseline }: References,
  figures: Figures,
  { value, words, states }: Compared,
): Sample => {
  const { at } = reading;
  const { expression, meaning } = check;
  const problem = referenceProblem(check, baseline, figures);
  if (problem !== null) return { ...grey(at, words, problem), pace: 'terminal' };
  const { limits } = figures;
  const isTest = expression.bound.kind === 'not-worse';
  const isTrue = isTest ? states === 'health' : isWithinLimits(expression, limits, raised(value, check));
  if (!Number.isFinite(value)) {
    const fails = !isTest && isTrue === (states === 'breach');
    return fails
      ? bad(at, words, beyondWords(value, limits, meaning.unit))
      : noData(at, 'nan', `the answer is ${words}`);
  }
  if (isTrue === null) return grey(at, words, 'there is no limit to hold it against');
  // Whoever declares how its requests are counted wants to have them counted.
  if (check.traffic !== null && check.quantile !== null && figures.traffic === null)
    return grey(at, words, 'its requests cannot be counted: traffic gives no number');
  const few = tooFewInWindow(check, figures.traffic);
  if (few !== null) return grey(at, words, few);
  const isBad = isTrue === (states === 'breach');
  const zero = value !== 0 || isBad ? zeroReference(check, figures) : null;
  if (zero !== null) return grey(at, words, zero);
  if (isBad) return bad(at, words, beyondWords(value, limits, meaning.unit));
  const [partial] = reading.warnings;
  return partial === undefined ? good(at, words) : grey(at, words, `a partial answer: ${partial}`);
};

const isMeasuredBy = ({ expression }: MetricCheck, reference: 'stable' | 'baseline'): boolean =>
  referenceOf(expression.bound) === reference;

const needsCounts = ({ expression: { bound } }: MetricCheck): boolean =>
  bound.kind === 'not-worse' && bound.test.kind === 'fisher';

/** Row 1: something that the check needs could not be asked. */
const faultOf = (check: MetricCheck, reading: MetricReading): Sample | null => {
  const { at, value, stable, age, stableAge, traffic, counts } = reading;
  const controlled = isMeasuredBy(check, 'stable');
  const pairs = counts === null || !needsCounts(check) ? [] : [counts.canary, ...(controlled ? [counts.stable] : [])];
  const asked: readonly ({ readonly kind: string } | null)[] = [
    value,
    ...(controlled ? [stable, stableAge] : []),
    age,
    traffic,
    ...pairs.flatMap(({ bad: some, all }) => [some, all]),
  ];
  for (const answer of asked)
    if (answer !== null && answer.kind === 'fault' && 'because' in answer)
      return failedToAsk(at, String(answer.because));
  return null;
};

const words = { empty: 'the query has no result', nan: 'the answer is NaN' };

/** A value without an age: a new series has none until its first aligned sample, some 15 s, and may well be alive. */
export const noAgeWords = 'no age yet: its data is new, or older than 10 min';

/** Row 2: no value, or none that is new enough. */
const absenceOf = (check: MetricCheck, reading: MetricReading): Sample | null => {
  const { at, value, stable } = reading;
  const controlled = isMeasuredBy(check, 'stable');
  const limit = ageLimitMs(check);
  const old = oldest(reading, controlled);
  if (old.kind === 'known' && old.ms > limit)
    return noData(at, 'stale', `data ${spoken(old.ms)} old, at most ${spoken(limit)}`);
  if (value.kind === 'missing') return noData(at, value.missing, words[value.missing]);
  if (controlled) {
    if (stable === null) return noData(at, 'empty', 'stable was not asked');
    if (stable.kind === 'missing') return noData(at, stable.missing, `stable: ${words[stable.missing]}`);
    if (stable.kind === 'value' && !Number.isFinite(stable.value))
      return noData(at, 'nan', `stable: the answer is ${amountWords(stable.value, check.meaning.unit)}`);
  }
  if (old.kind === 'none') return noData(at, 'stale', noAgeWords);
  return missingCounts(check, reading, controlled);
};

const missingCounts = (check: MetricCheck, { at, counts }: MetricReading, controlled: boolean): Sample | null => {
  if (!needsCounts(check) || counts === null) return null;
  const pairs = [counts.canary, ...(controlled ? [counts.stable] : [])];
  const absent = pairs.flatMap(({ bad: some, all }) => [some, all]).find(({ kind }) => kind === 'missing');
  return absent?.kind === 'missing' ? noData(at, absent.missing, `counting: ${words[absent.missing]}`) : null;
};

/** The age that counts: nothing heard at all is worse than any age, and an unknown one does not hide a known one. */
const oldest = ({ age, stableAge }: MetricReading, controlled: boolean): DataAge => {
  const ages = controlled && stableAge !== null ? [age, stableAge] : [age];
  const known = ages.flatMap((one) => (one.kind === 'known' ? [one.ms] : []));
  const silent = ages.find(({ kind }) => kind === 'none');
  if (silent !== undefined) return silent;
  return known.length === 0 ? age : { kind: 'known', ms: Math.max(...known) };
};

const raised = (value: number, { floor, expression }: MetricCheck): number =>
  floor === null || referenceOf(expression.bound) === null ? value : Math.max(value, floor);

/** A finite value; the journal knows no -0. */
const finite = (answer: { readonly kind: string; readonly value?: number } | null): number | null =>
  answer?.kind === 'value' && answer.value !== undefined && Number.isFinite(answer.value) ? answer.value + 0 : null;

const figuresOf = (check: MetricCheck, reading: MetricReading, { baseline }: References): Figures => {
  const own: ReferenceValues = { stable: finite(reading.stable), baseline: baseline?.median ?? null };
  const lifted = (value: number | null): number | null =>
    value === null || check.floor === null ? value : Math.max(value, check.floor);
  const age = oldest(reading, isMeasuredBy(check, 'stable'));
  return {
    value: finite(reading.value),
    ...own,
    limits: boundLimits(check.expression, { stable: lifted(own.stable), baseline: lifted(own.baseline) }),
    ageMs: age.kind === 'known' ? age.ms : null,
    traffic: trafficOf(reading),
    counts: countsOf(check, reading),
  };
};

/** No series for the traffic is no traffic. */
const trafficOf = ({ traffic }: MetricReading): number | null =>
  traffic?.kind === 'missing' && traffic.missing === 'empty' ? 0 : finite(traffic);

const countsOf = ({ rangeMs, meaning }: MetricCheck, { counts }: MetricReading): Figures['counts'] => {
  if (counts === null || rangeMs === 0) return null;
  const [canary, stable] = [countsOfPair(counts.canary), countsOfPair(counts.stable)];
  if (canary === null) return null;
  const inWindow = (perSecond: number): number => Math.max(0, perSecond) * (rangeMs / 1000);
  const badOf = (pair: { readonly some: number; readonly all: number }): number =>
    inWindow(meaning.worse === 'lower' ? pair.all - pair.some : Math.min(pair.some, pair.all));
  return {
    bad: badOf(canary),
    all: inWindow(canary.all),
    stableBad: stable === null ? 0 : badOf(stable),
    stableAll: stable === null ? 0 : inWindow(stable.all),
  };
};

const countsOfPair = ({ bad: some, all }: RatePair): { readonly some: number; readonly all: number } | null => {
  const [part, whole] = [finite(some), finite(all)];
  return part === null || whole === null ? null : { some: part, all: whole };
};

/** Why there is nothing to compare with, however long one waits; null when there is. */
const referenceProblem = (check: MetricCheck, baseline: Baseline | null, figures: Figures): string | null => {
  if (needsCounts(check) && figures.counts === null)
    return "Fisher's test needs counts: an outermost division with a range selector";
  if (!isMeasuredBy(check, 'baseline')) return null;
  if (baseline === null) return 'there is no baseline to compare with';
  if (baseline.problem !== null) return `baseline: ${baseline.problem}`;
  if (needsCounts(check) && baseline.counts === null) return 'baseline: its requests were not counted';
  return baseline.median === null ? 'baseline: it has no values' : null;
};

/** A share of nothing is nothing: anything above zero would be beyond it. */
const zeroReference = (check: MetricCheck, { stable, baseline }: Figures): string | null => {
  const { bound } = check.expression;
  if (bound.kind !== 'relative' && bound.kind !== 'within') return null;
  const reference = bound.of === 'stable' ? stable : baseline;
  if (reference !== 0 || (check.floor ?? 0) > 0) return null;
  return `${bound.of} is 0, so any value is beyond ${bound.kind === 'within' ? 'it' : 'a share of it'}: set a floor`;
};

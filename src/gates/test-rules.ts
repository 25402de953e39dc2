import type { Unit } from './amount.ts';
import { amountWords, differenceWords } from './amount-words.ts';
import type { Reference } from './expression.ts';
import type { Baseline, MetricCheck } from './metric.ts';
import { countWords, errorMinimum, usualMinimum } from './minimums.ts';
import { type Counts, fisherGreater, mannWhitney } from './statistics.ts';

/** What a statistical test is made with. Source: 30-gates, "Statistics". */
export interface TestRules {
  readonly kind: 'fisher' | 'mann-whitney';
  readonly than: Reference;
  readonly unit: Unit;
  readonly worse: 'higher' | 'lower' | 'either';
  /** Smallest shift that counts, in the unit of the query; 0 for Fisher's test. */
  readonly effect: number;
  /** Of the window from before the change: values oldest first, requests. Null = there is none. */
  readonly baseline: { readonly values: readonly number[]; readonly counts: Counts | null } | null;
}

/** What was seen from the first look to the end. */
export interface Evidence {
  readonly canary: Counts;
  readonly control: Counts;
  readonly values: readonly number[];
  readonly controls: readonly number[];
}

export interface TestResult {
  /** `undecided`: too little was seen. */
  readonly kind: 'worse' | 'not-worse' | 'undecided';
  readonly because: string;
}

const alpha = 0.01;
const leastRatio = 1.5;
const leastBad = 3;
const leastA12 = 0.64;
const leastLooks = 20;
/** Values of a baseline that are kept: more tell a test nothing. */
const mostValues = 256;

/** Null for a check that is decided by its looks. */
export const testRules = (
  check: MetricCheck,
  baselineFor: (check: MetricCheck) => Baseline | null,
): TestRules | null => {
  const { bound } = check.expression;
  if (bound.kind !== 'not-worse') return null;
  const baseline = bound.than === 'baseline' ? baselineFor(check) : null;
  return {
    kind: bound.test.kind,
    than: bound.than,
    unit: check.meaning.unit,
    worse: check.meaning.worse,
    effect: bound.test.kind === 'fisher' ? 0 : bound.test.effect,
    baseline: baseline === null ? null : { values: thinned(baseline), counts: baseline.counts },
  };
};

const thinned = ({ values }: Baseline): readonly number[] => {
  const known = values.filter((value) => value !== null);
  const step = Math.ceil(known.length / mostValues);
  return step <= 1 ? known : known.filter((_, index) => index % step === 0);
};

/** One look at everything that was seen. */
export const runTest = (rules: TestRules, evidence: Evidence): TestResult =>
  rules.kind === 'fisher' ? fisher(rules, evidence) : shifted(rules, evidence);

const whole = ({ bad, all }: Counts): Counts => {
  const total = Math.round(all);
  return { bad: Math.min(total, Math.max(0, Math.round(bad))), all: total };
};

const rateWords = ({ bad, all }: Counts): string => `${amountWords(bad / all, 'ratio')} of ${countWords(all)}`;

const fisher = ({ than, baseline }: TestRules, evidence: Evidence): TestResult => {
  const canary = whole(evidence.canary);
  const control = whole(than === 'stable' ? evidence.control : (baseline?.counts ?? { bad: 0, all: 0 }));
  if (control.all === 0) return undecided(`no requests of ${than} were counted`);
  const rate = control.bad / control.all;
  const needed = errorMinimum(Math.min(1, rate * leastRatio)) ?? usualMinimum;
  if (canary.all < needed) return undecided(`${countWords(canary.all)} of ${countWords(needed)} requests`);
  const p = fisherGreater(canary, control);
  const isWorse = p <= alpha && canary.bad >= leastBad && canary.bad / canary.all >= leastRatio * rate;
  const words = `${rateWords(canary)} against ${rateWords(control)}, p ${pWords(p)}`;
  return { kind: isWorse ? 'worse' : 'not-worse', because: words };
};

const shifted = ({ than, baseline, worse, effect, unit }: TestRules, evidence: Evidence): TestResult => {
  const { values } = evidence;
  const control = than === 'stable' ? evidence.controls : (baseline?.values ?? []);
  if (values.length < leastLooks) return undecided(`${values.length} of ${leastLooks} looks for the test`);
  if (control.length < leastLooks) return undecided(`${than}: ${control.length} of ${leastLooks} values for the test`);
  if (leastPossible(values.length, control.length) > alpha) return undecided('too few looks for any result');
  const { a12, shift, pGreater, pLess } = mannWhitney(values, control);
  const higher = { p: pGreater, a12 };
  const lower = { p: pLess, a12: 1 - a12 };
  const side = worse === 'higher' || (worse === 'either' && shift > 0) ? higher : lower;
  // Looking on both sides finds twice as many.
  const p = worse === 'either' ? Math.min(1, 2 * side.p) : side.p;
  const isBeyond = side === higher ? shift >= effect : -shift >= effect;
  const isWorse = p <= alpha && side.a12 >= leastA12 && isBeyond;
  const words = `${shift >= 0 ? '+' : ''}${differenceWords(shift, unit)} against ${than}, p ${pWords(p)}`;
  return { kind: isWorse ? 'worse' : 'not-worse', because: words };
};

const undecided = (because: string): TestResult => ({ kind: 'undecided', because });

/** 1/C(N, m): the smallest probability that the test can give. */
const leastPossible = (m: number, n: number): number => {
  let ways = 1;
  for (let i = 1; i <= Math.min(m, n) && ways < 1e9; i++) ways = (ways * (m + n - i + 1)) / i;
  return 1 / ways;
};

const pWords = (p: number): string => (p < 0.0001 ? 'below 0.0001' : String(Number(p.toPrecision(2))));

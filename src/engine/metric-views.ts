import { boundLimits, type ReferenceValues, referenceOf } from '../gates/limits.ts';
import type { DataAge, MetricQuestion, MetricReading, ScalarAnswer } from '../gates/metric.ts';
import { ageLimitMs, noAgeWords } from '../gates/metric-sample.ts';
import { spoken } from '../text/duration.ts';
import type { MetricInUse, MetricRule } from './metrics-in-use.ts';
import type { MetricView } from './view.ts';

/** What is known of one metric at this moment. */
export interface MetricKnown {
  readonly reading: MetricReading | null;
  /** The last reading that had a number: it stays on screen, and no gate looks at it. */
  readonly valued: MetricReading | null;
  /** Since when it is asked, UTC ms. */
  readonly since: number;
  readonly baseline: number | null;
  readonly history: MetricView['history'];
  readonly historyProblem: string | null;
}

type State = Pick<MetricView, 'state' | 'because'>;

/** Without an answer for this long nothing is live. Source: bad-inputs, network table. */
const silentMs = 45_000;
const skewFrom = 30;

/** A metric as the panels show it. Source: bad-inputs, network table. */
export const metricView = (
  { metric, question, rules }: MetricInUse,
  known: MetricKnown,
  now: number,
  skew: number | null,
): MetricView => {
  const { name, title, meaning, query, hash, problem } = metric;
  const { valued, baseline, history, historyProblem } = known;
  const value = numberIn(valued?.value ?? null);
  const stable = numberIn(valued?.stable ?? null);
  return {
    name,
    title,
    unit: meaning.unit,
    worse: meaning.worse,
    query,
    hash,
    ...(problem === null ? stateOf(question, rules, known, now) : { state: 'no-data', because: problem }),
    value,
    stable,
    baseline,
    traffic: numberIn(valued?.traffic ?? null),
    at: valued?.at ?? null,
    ageMs: valued?.age.kind === 'known' ? valued.age.ms : null,
    skewSeconds: skew !== null && Math.abs(skew) >= skewFrom ? skew : null,
    history,
    ...(historyProblem === null ? {} : { historyProblem }),
    limits: rules.map((rule) => ({
      rule: rule.rule,
      values: limitsOf(rule, { stable, baseline }),
      for: rule.for,
    })),
  };
};

/** As the check is judged: a floor lifts what it is compared with, and hours of another day are no baseline of the run. */
const limitsOf = ({ check }: MetricRule, { stable, baseline }: ReferenceValues): readonly number[] => {
  const lifted = (value: number | null): number | null =>
    value === null || check.floor === null ? value : Math.max(value, check.floor);
  const own = check.shiftMs === null ? lifted(baseline) : null;
  return boundLimits(check.expression, { stable: lifted(stable), baseline: own });
};

const stateOf = (
  question: MetricQuestion,
  rules: readonly MetricRule[],
  { reading, since }: MetricKnown,
  now: number,
): State => {
  const silent = now - (reading?.at ?? since);
  if (reading === null)
    return silent > silentMs
      ? { state: 'stale', because: `no answer for ${spoken(silent)}` }
      : { state: 'loading', because: null };
  const fault = faultState(reading.value) ?? (reading.age.kind === 'fault' ? faultState(reading.age) : null);
  if (fault !== null) return fault;
  if (silent > silentMs) return { state: 'stale', because: `no answer for ${spoken(silent)}` };
  const isControlled = rules.some(({ check }) => referenceOf(check.expression.bound) === 'stable');
  const control = isControlled ? reading.stable : null;
  const aged = { question, sinceMs: silent };
  const oldControl =
    control !== null && reading.stableAge !== null ? staleness(control, reading.stableAge, aged) : null;
  const old = staleness(reading.value, reading.age, aged) ?? (oldControl === null ? null : `stable: ${oldControl}`);
  if (old !== null) return { state: 'stale', because: old };
  return absence(reading.value, '') ?? (control === null ? null : controlState(control)) ?? partial(reading);
};

const faultState = (answer: ScalarAnswer): State | null => {
  if (answer.kind !== 'fault') return null;
  return { state: answer.late === true ? 'stale' : 'error', because: answer.because };
};

/** Only where something is compared with it: a track that is scaled to 0 has no numbers, and needs none. */
const controlState = (stable: ScalarAnswer): State | null => {
  const fault = faultState(stable);
  return fault === null ? absence(stable, 'stable: ') : { ...fault, because: `stable: ${fault.because}` };
};

interface Aged {
  readonly question: MetricQuestion;
  readonly sinceMs: number;
}

const staleness = (answer: ScalarAnswer, age: DataAge, { question, sinceMs }: Aged): string | null => {
  if (age.kind === 'none') return answer.kind === 'value' ? noAgeWords : 'data older than 10 min';
  if (age.kind !== 'known') return null;
  return age.ms > ageLimitMs(question) ? `data ${spoken(age.ms + Math.max(0, sinceMs))} old` : null;
};

const absence = (answer: ScalarAnswer, whose: string): State | null => {
  if (answer.kind !== 'missing') return null;
  return { state: 'no-data', because: `${whose}${answer.missing === 'nan' ? 'the answer is NaN' : 'no series'}` };
};

const partial = ({ warnings }: MetricReading): State => {
  const [first] = warnings;
  return first === undefined ? { state: 'live', because: null } : { state: 'partial', because: first };
};

const numberIn = (answer: ScalarAnswer | null): number | null => (answer?.kind === 'value' ? answer.value : null);

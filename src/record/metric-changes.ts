import { boundLimits, isWithinLimits } from '../gates/limits.ts';
import type { MetricCheck } from '../gates/metric.ts';
import { criteriaOf } from '../session/criterion-state.ts';
import type { RecordedOf } from '../session/events.ts';
import { checksOf } from '../session/gate-checks.ts';
import { gateIn } from '../session/gate-state.ts';
import { metricLimit } from '../session/metric-check.ts';
import { type MetricOf, metricsOf } from '../session/metric-of.ts';
import type { SessionState } from '../session/state.ts';
import type { Collector } from './moments.ts';
import type { DeploymentRecord } from './record.ts';
import { iso } from './times.ts';

type MetricChange = DeploymentRecord['metrics'][number];

interface Value {
  readonly at: number;
  readonly value: number;
}

/** What was seen of one track: the last value of each side of the first change, and whether data came since. */
interface Seen {
  readonly before: Value | null;
  readonly after: Value | null;
  readonly silent: boolean;
}

/** By what a gate judged a metric last, and when. */
interface Judged {
  readonly check: MetricCheck;
  readonly limits: readonly number[];
  readonly at: number;
}

const unseen: Seen = { before: null, after: null, silent: false };

/** Every metric of the run before its first change and at its end. */
export const metricChanges = (): Collector<readonly MetricChange[]> => {
  const seen = new Map<string, Seen>();
  const judged = new Map<string, Judged>();
  const take = (key: string, at: number, value: number | null, isAfter: boolean): void => {
    const known = seen.get(key) ?? unseen;
    const own = isAfter ? known.after : known.before;
    if (own !== null && at < own.at) return;
    if (value === null || !Number.isFinite(value)) {
      seen.set(key, { ...known, silent: true });
      return;
    }
    const found = { at, value };
    seen.set(key, isAfter ? { ...known, after: found, silent: false } : { ...known, before: found, silent: false });
  };
  return {
    see: ({ event, after }) => {
      const isAfter = after.firstChangeAt !== null;
      if (event.type === 'metric.sampled')
        for (const { hash, value, stable } of event.data.metrics) {
          take(hash, event.at, value, isAfter);
          take(`stable ${hash}`, event.at, stable, isAfter);
        }
      if (event.type === 'gate.sampled')
        for (const { check, sample } of metricSamples(after, event)) {
          const { figures } = sample;
          take(check.hash, sample.at, figures?.value ?? null, isAfter);
          take(`stable ${check.hash}`, sample.at, figures?.stable ?? null, isAfter);
          judged.set(check.hash, { check, limits: figures?.limits ?? [], at: sample.at });
        }
    },
    result: (state) => metricsOfRun(state).flatMap((metric) => rowsOf(state, metric, seen, judged.get(metric.hash))),
  };
};

const metricSamples = (state: SessionState, event: RecordedOf<'gate.sampled'>) => {
  const frame = state.frames[event.frame];
  const gate = frame === undefined ? null : gateIn(frame, event.data.step, event.data.action);
  const checks = frame === undefined || gate === null ? [] : checksOf(frame, gate);
  return event.data.samples.flatMap(({ check: index, sample }) => {
    const check = checks[index]?.check;
    return check?.kind === 'metric' ? [{ check, sample }] : [];
  });
};

/** Once each, however many frames ask the same. */
const metricsOfRun = (state: SessionState): readonly MetricOf[] => [
  ...new Map(
    state.frames.flatMap(metricsOf).flatMap((metric) => (metric.problem === null ? [[metric.hash, metric]] : [])),
  ).values(),
];

/** A control has a row of its own; a track that never answered only where nothing else tells of the metric. */
const rowsOf = (
  state: SessionState,
  metric: MetricOf,
  seen: ReadonlyMap<string, Seen>,
  judged: Judged | undefined,
): readonly MetricChange[] => {
  const found = seen.get(metric.hash) ?? unseen;
  const own = rowOf(state, metric, metric.stable === null ? 'whole' : 'canary', found);
  const is = lastOf(state, found);
  const limit = is === null ? null : (gateLimit(judged, is) ?? criterionLimit(state, metric, is.value));
  const row = { ...own, limit };
  if (metric.stable === null) return [row];
  const control = rowOf(state, metric, 'stable', seen.get(`stable ${metric.hash}`) ?? unseen);
  const told = [row, control].filter(({ before, after }) => before !== null || after !== null);
  return told.length === 0 ? [row] : told;
};

/** The value at the run's end. */
const lastOf = ({ firstChangeAt }: SessionState, { before, after }: Seen): Value | null =>
  firstChangeAt === null ? before : after;

const rowOf = (
  state: SessionState,
  { name, title, meaning, hash }: MetricOf,
  track: MetricChange['track'],
  found: Seen,
): MetricChange => {
  const { before, silent } = found;
  const start = track === 'stable' ? null : baselineStart(state, hash);
  const isUnchanged = state.firstChangeAt === null;
  // Without a change the last value is how it is, and nothing to compare it with but the baseline.
  const sample =
    isUnchanged || before === null ? null : { value: before.value, at: iso(before.at), from: 'sample' as const };
  const was = start ?? sample;
  const is = lastOf(state, found);
  return {
    metric: name,
    title,
    unit: meaning.unit,
    worse: meaning.worse,
    track,
    hash,
    before: was,
    after: is === null ? null : { value: is.value, at: iso(is.at), silent },
    change: was === null || is === null || was.value === 0 ? null : (is.value - was.value) / Math.abs(was.value),
    limit: null,
  };
};

const baselineStart = (state: SessionState, hash: string): MetricChange['before'] => {
  const known = state.baselines[hash];
  if (known === undefined || known.median === null || known.problem !== null) return null;
  return { value: known.median, at: iso(known.to), from: 'baseline' };
};

/** The limit of a gate is one of its stage: what was measured after its last look is not held against it. */
const gateLimit = (judged: Judged | undefined, { at, value }: Value): MetricChange['limit'] => {
  if (judged === undefined || judged.at < at) return null;
  const { check, limits } = judged;
  const within = isWithinLimits(check.expression, limits, value);
  return within === null ? null : { limits: [...limits], rule: metricLimit(check.expression, check.meaning), within };
};

/** A criterion states the breach. The control of another moment is none: only numbers and the baseline can be told. */
const criterionLimit = (state: SessionState, metric: MetricOf, value: number): MetricChange['limit'] => {
  const found = criteriaOf(state).find(({ check }) => check?.kind === 'metric' && check.hash === metric.hash)?.check;
  if (found?.kind !== 'metric') return null;
  const baseline = baselineStart(state, metric.hash)?.value ?? null;
  const limits = boundLimits(found.expression, { stable: null, baseline });
  const isBreach = isWithinLimits(found.expression, limits, value);
  return isBreach === null
    ? null
    : { limits: [...limits], rule: `breach: ${metricLimit(found.expression, found.meaning)}`, within: !isBreach };
};

import type { Figures, MetricCheck } from '../gates/metric.ts';
import { neededRequests } from '../gates/tally.ts';
import type { RecordedOf } from '../session/events.ts';
import { type CheckOf, checksOf } from '../session/gate-checks.ts';
import { rulesOf } from '../session/gate-rules-of.ts';
import { gateIn, judgedChecks } from '../session/gate-state.ts';
import { metricLimit } from '../session/metric-check.ts';
import type { SessionState } from '../session/state.ts';
import type { DeploymentRecord } from './record.ts';
import { iso } from './times.ts';

type CheckRecord = DeploymentRecord['gates'][number]['checks'][number];
type MetricRecord = NonNullable<CheckRecord['metric']>;

/** The checks of a try that begins. */
export const begunChecks = (titles: readonly string[], known: readonly CheckOf[]): readonly CheckRecord[] =>
  titles.map((title, index) => {
    const check = known[index]?.check;
    return {
      title,
      limit: known[index]?.limit ?? '',
      value: '',
      verdict: 'PENDING',
      at: null,
      looks: 0,
      bad: 0,
      because: null,
      metric: check?.kind === 'metric' ? { ...askedRecord(check), numbers: null, requests: null } : null,
    };
  });

/** What is asked of a metric, and what it must be. */
export const askedRecord = (check: MetricCheck): Omit<MetricRecord, 'numbers' | 'requests'> => {
  const { name, meaning, query, hash, stable, traffic, expression } = check;
  return { name, unit: meaning.unit, query, hash, control: stable, traffic, rule: metricLimit(expression, meaning) };
};

const numbersOf = (at: number, figures: Figures): NonNullable<MetricRecord['numbers']> => ({
  at: iso(at),
  value: figures.value,
  control: figures.stable,
  baseline: figures.baseline,
  limits: [...figures.limits],
  age: figures.ageMs === null ? null : Math.max(0, Math.round(figures.ageMs)),
  traffic: figures.traffic,
});

/** The checks with what metrics answered; a source that fails leaves the numbers of its last answer, with their time. */
export const withAnswers = (
  checks: readonly CheckRecord[],
  { data }: RecordedOf<'gate.sampled'>,
): readonly CheckRecord[] =>
  checks.map((check, index) => {
    const last = data.samples.findLast(
      ({ check: own, sample }) => own === index && sample.figures !== undefined && sample.figures.value !== null,
    );
    const figures = last?.sample.figures;
    if (check.metric === null || last === undefined || figures === undefined) return check;
    return { ...check, metric: { ...check.metric, numbers: numbersOf(last.sample.at, figures) } };
  });

/** The checks as a verdict found them. */
export const judgedRecords = (
  checks: readonly CheckRecord[],
  session: SessionState,
  event: RecordedOf<'gate.verdict'>,
): readonly CheckRecord[] => {
  const progress = progressOf(session, event);
  return event.data.checks.map(({ title, limit, value, verdict, looks, because }, index) => {
    const known = checks[index];
    const at = known?.verdict === verdict && known.at !== null ? known.at : iso(event.at);
    const { bad, requests } = progress?.[index] ?? { bad: 0, requests: null };
    const metric = known?.metric == null ? null : { ...known.metric, requests };
    return { title, limit, value, verdict, at, looks, bad, because, metric };
  });
};

/** What the fold of a gate's samples tells of each check. */
const progressOf = (session: SessionState, { frame: number, data }: RecordedOf<'gate.verdict'>) => {
  const frame = session.frames[number];
  const gate = frame === undefined ? null : gateIn(frame, data.step, data.action);
  const state = frame?.steps[data.step]?.actions[data.action]?.gate ?? null;
  if (frame === undefined || gate === null || state === null) return null;
  const rules = rulesOf(session, gate, checksOf(frame, gate));
  return state.progress.checks.map(({ bad, tally }, index) => {
    const seen = tally?.requests ?? null;
    return { bad, requests: seen === null ? null : { seen, needed: neededRequests(tally, rules.checks[index]) } };
  });
};

/** Titles of the checks that passed a gate for those whose source is known to be away; empty when all were judged. */
export const passedInstead = (
  session: SessionState,
  { frame: number, data }: RecordedOf<'gate.verdict'>,
): readonly string[] => {
  const frame = session.frames[number];
  const gate = frame === undefined ? null : gateIn(frame, data.step, data.action);
  if (frame === undefined || gate === null) return [];
  const checks = checksOf(frame, gate);
  const judged = judgedChecks(session, checks);
  if (checks.every(({ index }) => judged(index))) return [];
  return checks
    .filter(({ index, name }) => judged(index) && gate.else.includes(name))
    .map(({ index, title }) => data.checks[index]?.title ?? title);
};

import { baselineWindow } from '../gates/baseline.ts';
import { lookMs } from '../gates/gate-rules.ts';
import { limitWords, ruleWords } from '../gates/limits.ts';
import type { MetricCheck, MetricReading } from '../gates/metric.ts';
import { metricNow } from '../gates/metric-now.ts';
import { metricCriterion, metricSample } from '../gates/metric-sample.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import { baselineMetrics } from '../session/baseline-due.ts';
import { criteriaOf } from '../session/criterion-state.ts';
import type { PreflightCheck } from '../session/events.ts';
import { type CheckOf, checksOf } from '../session/gate-checks.ts';
import { type MetricOf, metricsOf } from '../session/metric-of.ts';
import type { FrameState, SessionState } from '../session/state.ts';
import { places } from '../session/walk.ts';
import { clock } from '../text/duration.ts';

type Finding = Pick<PreflightCheck, 'level' | 'message' | 'nextStep'>;

interface Judged {
  readonly own: CheckOf;
  readonly check: MetricCheck;
  readonly for: 'gate' | 'criterion';
}

const mostAtOnce = 4;
const limitMs = 10_000;
const noReferences = { baseline: null };

/**
 * What each metric of the first frame is now, and what it will be held against in absolute numbers, once the server is
 * known to answer. `session` is the run as it will begin.
 */
export const preflightMetrics = async (
  session: SessionState,
  source: Pick<MetricsSource, 'read'>,
): Promise<readonly PreflightCheck[]> => {
  const [frame] = session.frames;
  if (frame === undefined || frame.restricted) return [];
  const [gates, criteria] = [checksIn(frame), criteriaOf(session)];
  const all = [...gates, ...criteria];
  const judged = [...judgedBy(gates, 'gate'), ...judgedBy(criteria, 'criterion')];
  const metrics = metricsOf(frame);
  const readings = await readAll(source, metrics, judged);
  const lines = metrics.map((metric): PreflightCheck => {
    const mine = judged.filter(({ check }) => check.hash === metric.hash && check.name === metric.name);
    const reading = readings.get(metric) ?? null;
    const finding = refused(all, metric) ?? findingOf(frame, metric, reading, mine);
    return { id: `metric-${metric.name}`, title: metric.title, ...finding };
  });
  return [...lines, ...lengthened(frame)];
};

/** A check of it that no answer could be held against, and why. */
const refused = (all: readonly CheckOf[], { name, problem }: MetricOf): Finding | null => {
  const own = all.find((check) => check.name === name && check.check === null && check.problem !== problem);
  if (own === undefined) return null;
  const message = `${own.limit} cannot be judged: ${own.problem}`;
  return { level: 'warn', message, nextStep: 'Correct it in the runbook; until then it is BLIND' };
};

const checksIn = (frame: FrameState): readonly CheckOf[] =>
  places(frame.runbook).flatMap(({ step }) =>
    step.actions.flatMap((action) => (action.kind === 'gate' ? checksOf(frame, action.gate) : [])),
  );

const judgedBy = (checks: readonly CheckOf[], whose: Judged['for']): readonly Judged[] =>
  checks.flatMap((own) => (own.check?.kind === 'metric' ? [{ own, check: own.check, for: whose }] : []));

/** Side by side, a few at a time; what has not answered by then is told as it is. */
const readAll = async (
  source: Pick<MetricsSource, 'read'>,
  metrics: readonly MetricOf[],
  judged: readonly Judged[],
): Promise<ReadonlyMap<MetricOf, MetricReading>> => {
  const signal = AbortSignal.timeout(limitMs);
  const readings = new Map<MetricOf, MetricReading>();
  const open = metrics.filter(({ problem }) => problem === null);
  const work = async (): Promise<void> => {
    for (let metric = open.shift(); metric !== undefined && !signal.aborted; metric = open.shift()) {
      const { hash } = metric;
      const counts = judged.some(({ check }) => check.hash === hash && check.counts);
      readings.set(metric, await source.read({ ...metric, counts }, signal));
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, work));
  return readings;
};

const findingOf = (
  frame: FrameState,
  metric: MetricOf,
  reading: MetricReading | null,
  judged: readonly Judged[],
): Finding => {
  if (metric.problem !== null)
    return metric.lacks.length > 0
      ? { level: 'ok', message: `not asked yet: ${metric.problem}`, nextStep: null }
      : {
          level: 'warn',
          message: `cannot be asked: ${metric.problem}`,
          nextStep: 'Correct the values or the runbook; until then what it judges is BLIND',
        };
  if (reading === null) return silent('it was not answered in time');
  const whole = judged[0]?.check ?? plainCheck(metric);
  const now = metricNow(whole, reading, noReferences);
  const limits = limitsOf(judged, reading);
  const message = [now.value === '' ? (now.because ?? 'no value') : `${now.value} now`, ...limits].join('; ');
  if (now.kind === 'ERROR') return silent(message);
  if (now.kind === 'NO-DATA') return absent(reading, message);
  return breached(frame, judged, reading, message) ?? { level: 'ok', message, nextStep: null };
};

const silent = (message: string): Finding => ({
  level: 'warn',
  message,
  nextStep: 'It is BLIND until it answers: try the query there, gonogo plan shows it with its values',
});

/** A track that is not there yet has no numbers; its control shows that the query is right. */
const absent = ({ value, stable }: MetricReading, message: string): Finding =>
  value.kind === 'missing' && stable?.kind === 'value'
    ? { level: 'ok', message: `not there yet, its stable control is; ${message}`, nextStep: null }
    : {
        level: 'warn',
        message,
        nextStep: 'It is BLIND until there is data: look whether its labels are right, gonogo plan shows the query',
      };

/** A value that is past its rollback limit before anything was changed. */
const breached = (
  { runbook }: FrameState,
  judged: readonly Judged[],
  reading: MetricReading,
  message: string,
): Finding | null => {
  const past = judged.find(
    (one) => one.for === 'criterion' && metricCriterion(one.check, reading, noReferences).sample.kind === 'BAD',
  );
  if (past === undefined) return null;
  return runbook.kind === 'hotfix'
    ? {
        level: 'warn',
        message: `${message}: past it already, which becomes the reference`,
        nextStep: 'Only worse is a breach now; ten minutes after the change "still so" asks',
      }
    : {
        level: 'warn',
        message: `${message}: past it already`,
        nextStep: 'Do not start: find out why first, or use the hotfix runbook',
      };
};

/** `gate: limit 1.31 % (stable + 1 pp)`, `roll back: > 5 %`, each once. */
const limitsOf = (judged: readonly Judged[], reading: MetricReading): readonly string[] => {
  const words = judged.map(({ own, check, for: whose }) => {
    const { unit } = check.meaning;
    const absolute = limitWords(metricSample(check, reading, noReferences).figures?.limits ?? [], unit);
    const rule = ruleWords(check.expression, unit) || own.limit;
    const measured = absolute === '' ? rule : rule.endsWith(absolute) ? rule : `${absolute} (${rule})`;
    return `${whose === 'gate' ? 'limit' : 'roll back at'} ${measured}`;
  });
  return [...new Set(words)];
};

/** A metric that is only shown. */
const plainCheck = (metric: MetricOf): MetricCheck => ({
  kind: 'metric',
  ...metric,
  counts: false,
  expression: { op: null, stated: false, bound: { kind: 'absolute', value: 0 }, text: '' },
  floor: null,
  shiftMs: null,
});

const lengthened = (frame: FrameState): readonly PreflightCheck[] => {
  const words = places(frame.runbook).flatMap(({ step }) =>
    step.actions.flatMap((action) => {
      if (action.kind !== 'baseline') return [];
      const { windowMs } = action.baseline;
      return baselineMetrics(frame, action.baseline).flatMap(({ title, rangeMs }) => {
        const window = baselineWindow(windowMs, lookMs(null, rangeMs));
        return window.isLengthened ? [`${title}: ${clock(windowMs)} becomes ${clock(window.windowMs)}`] : [];
      });
    }),
  );
  if (words.length === 0) return [];
  const message = `a baseline needs 20 values, so its window is longer. ${[...new Set(words)].join(', ')}`;
  return [{ id: 'baseline-window', title: 'Baseline', level: 'warn', message, nextStep: null }];
};

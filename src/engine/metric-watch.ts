import type { MetricCheck, MetricQuestion, MetricReading } from '../gates/metric.ts';
import type { References } from '../gates/metric-sample.ts';
import type { Clock } from '../ports/clock.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import { baselineFor } from '../session/baseline-state.ts';
import type { SessionState } from '../session/state.ts';
import { createMetricAsker, questionKey } from './metric-asker.ts';
import { createMetricHistory } from './metric-history.ts';
import { createReferences, type GateHours } from './metric-references.ts';
import { metricView } from './metric-views.ts';
import { type MetricInUse, metricsInUse } from './metrics-in-use.ts';
import type { MetricView } from './view.ts';

/** Asks the metrics of a run for everybody who wants them: panels, gates, criteria, the record. */
export interface MetricWatch {
  /** Asks what is due and shows what is known; once a second. */
  tick(): void;
  /** The last answer; null before the first, and after a gap until it was asked again. */
  latest(question: MetricQuestion): MetricReading | null;
  /** What a check is compared with; null while that is being asked for. `hours`: of its gate. */
  references(check: MetricCheck, hours: GateHours | null): References | null;
  /** When it had a number last, UTC ms; null = never, as far as this process and the history it began with know. */
  valueAt(question: MetricQuestion): number | null;
  /** Nobody watched: nothing that was answered before is of now, and the charts are filled. */
  afterGap(): void;
  stop(): void;
}

export interface MetricWatchParts {
  readonly source: MetricsSource;
  readonly clock: Clock;
  readonly session: () => SessionState;
  readonly show: (metrics: readonly MetricView[]) => void;
}

interface Seen {
  readonly since: number;
  readonly valued: MetricReading | null;
}

export const watchMetrics = ({ source, clock, session, show }: MetricWatchParts): MetricWatch => {
  const seen = new Map<string, Seen>();
  const history = createMetricHistory(source, clock);
  const references = createReferences(source, clock, session);
  const asker = createMetricAsker(source, clock, (question, reading) => {
    history.add(question, reading);
    const key = questionKey(question);
    const known = seen.get(key);
    if (known !== undefined && reading.value.kind === 'value') seen.set(key, { ...known, valued: reading });
    showAll();
  });
  let inUse: readonly MetricInUse[] = [];
  let of: SessionState | null = null;
  let shown: readonly MetricView[] = [];
  let stopped = false;

  /** The same session has the same metrics; it changes with events only. */
  const follow = (): void => {
    const now = session();
    if (now === of) return;
    of = now;
    inUse = metricsInUse(now);
    const keys = new Set(inUse.map(({ question }) => questionKey(question)));
    for (const key of seen.keys()) if (!keys.has(key)) seen.delete(key);
    for (const key of keys) if (!seen.has(key)) seen.set(key, { since: clock.now(), valued: null });
  };

  const viewOf = (own: MetricInUse): MetricView => {
    const { question, metric } = own;
    const { since, valued } = seen.get(questionKey(question)) ?? { since: clock.now(), valued: null };
    const baseline = baselineFor(session(), metric.hash, clock.now());
    const known = {
      reading: asker.latest(question),
      valued,
      since,
      // What cannot be compared with gives no limit that could be kept.
      baseline: baseline?.problem === null ? baseline.median : null,
      history: history.points(question),
      historyProblem: history.problem(question),
    };
    return metricView(own, known, clock.now(), source.skewSeconds());
  };

  const showAll = (): void => {
    if (stopped) return;
    const next = inUse.map((own, index) => unlessSame(shown[index], viewOf(own)));
    if (next.length === shown.length && next.every((view, index) => view === shown[index])) return;
    shown = next;
    show(next);
  };

  return {
    tick: () => {
      if (stopped) return;
      follow();
      // What it was last stays to be seen.
      if (inUse.length === 0 && shown.length > 0 && isOver(session())) return asker.want([]);
      const askable = inUse.filter(({ metric }) => metric.problem === null);
      // Whatever is judged is asked before what is only shown.
      const judged = askable.flatMap(({ rules }) => rules.map(({ check, since }) => ({ question: check, since })));
      asker.want([...judged, ...askable.map(({ question }) => ({ question, since: 0 }))]);
      history.keep(askable.map(({ question }) => question));
      showAll();
    },
    latest: asker.latest,
    references: references.of,
    valueAt: (question) =>
      seen.get(questionKey(question))?.valued?.at ??
      history.points(question).findLast(({ value }) => value !== null)?.at ??
      null,
    afterGap: () => {
      asker.doubt();
      history.fill();
    },
    stop: () => {
      stopped = true;
      asker.stop();
      history.stop();
      references.stop();
    },
  };
};

const isOver = ({ left, finished }: SessionState): boolean => left || finished !== null;

/** The same object when nothing in it has changed: nothing is drawn again for it. */
const unlessSame = (before: MetricView | undefined, now: MetricView): MetricView => {
  if (before === undefined) return now;
  const fields = Object.keys(now) as (keyof MetricView)[];
  const same = (field: keyof MetricView): boolean =>
    field === 'limits' ? isSameRules(before.limits, now.limits) : Object.is(before[field], now[field]);
  return fields.length === Object.keys(before).length && fields.every(same) ? before : now;
};

const isSameRules = (before: MetricView['limits'], now: MetricView['limits']): boolean =>
  before.length === now.length &&
  before.every(
    ({ rule, values }, index) =>
      rule === now[index]?.rule &&
      values.length === now[index]?.values.length &&
      values.every((value, each) => Object.is(value, now[index]?.values[each])),
  );

import type { Baseline } from '../gates/metric.ts';
import type { Recorded, RecordedOf } from '../session/events.ts';
import { metricsOf } from '../session/metric-of.ts';
import type { SessionState } from '../session/state.ts';
import type { Collector } from './moments.ts';
import type { DeploymentRecord } from './record.ts';
import { iso } from './times.ts';

type BaselineRecord = DeploymentRecord['baselines'][number];

/** Values of each that a record holds at most. */
const most = 500;

/** Every baseline that was captured, in the order of the journal. */
export const baselineRecords = (): Collector<readonly BaselineRecord[]> => {
  const taken: { readonly event: RecordedOf<'baseline.captured'>; readonly baseline: Baseline }[] = [];
  const accepted: RecordedOf<'baseline.accepted'>[] = [];
  return {
    see: ({ event }: { readonly event: Recorded }) => {
      if (event.type === 'baseline.captured')
        taken.push(...event.data.metrics.map((baseline) => ({ event, baseline })));
      if (event.type === 'baseline.accepted') accepted.push(event);
    },
    result: (state) => taken.map(({ event, baseline }) => recordOf(state, event, baseline, accepted)),
  };
};

const recordOf = (
  state: SessionState,
  event: RecordedOf<'baseline.captured'>,
  baseline: Baseline,
  accepted: readonly RecordedOf<'baseline.accepted'>[],
): BaselineRecord => {
  const { metric, title, query, hash, from, to, stepMs, median, mad, p95, count, coverage, problem, values } = baseline;
  const { step, action } = event.data;
  const frame = state.frames[event.frame];
  const declared = frame === undefined ? undefined : metricsOf(frame).find(({ name }) => name === metric);
  const leftOut = Math.max(0, values.length - most);
  const gone = accepted.find(
    ({ seq, frame: number, data }) =>
      seq > event.seq && number === event.frame && data.step === step && data.action === action,
  );
  return {
    at: iso(event.at),
    by: event.actor,
    frame: event.frame,
    step,
    metric,
    title,
    unit: declared?.meaning.unit ?? null,
    query,
    hash,
    from: iso(from),
    to: iso(to),
    stepMs: Math.max(0, Math.round(stepMs)),
    median,
    mad,
    p95,
    count,
    coverage,
    problem,
    accepted: problem === null ? null : (gone?.data.reason ?? null),
    kept: state.baselines[hash] === baseline,
    leftOut,
    values: values.slice(leftOut).map((value, index) => [iso(from + (leftOut + index) * stepMs), value]),
  };
};

import type { Baseline } from '../gates/metric.ts';
import { timeOfDay } from '../text/duration.ts';
import { type DueBaseline, dueBaselines } from './baseline-due.ts';
import { lateBaselines, replaces } from './baseline-state.ts';
import { completed } from './decide.ts';
import type { RunEvent } from './events.ts';
import type { Decision, Effect } from './intents.ts';
import type { MetricOf } from './metric-of.ts';
import { project } from './project.ts';
import { accept } from './refusal.ts';
import type { SessionState } from './state.ts';

/** What the metrics server said for a due baseline; a metric it gave nothing for has a `problem`, or is left out. */
export interface BaselineAnswer extends Pick<DueBaseline, 'frame' | 'step' | 'action' | 'try'> {
  /** The window that was asked for, UTC ms. */
  readonly from: number;
  readonly to: number;
  readonly metrics: readonly Baseline[];
}

/** The events of an answer; none when it is not waited for any more. */
export const decideBaseline = (state: SessionState, answer: BaselineAnswer, now: number): Decision => {
  const due = dueBaselines(state).find(
    ({ frame, step, action, try: number }) =>
      frame === answer.frame && step === answer.step && action === answer.action && number === answer.try,
  );
  if (due === undefined) return accept([]);
  const metrics = due.metrics.map(
    (metric) => answer.metrics.find(({ hash }) => hash === metric.hash) ?? unreadBaseline(metric, answer, null),
  );
  const { step, action, frame } = due;
  const own = state.frames[frame]?.steps[step]?.status ?? 'open';
  const begun: readonly RunEvent[] = own === 'open' ? [{ type: 'step.started', frame, data: { step } }] : [];
  const events: readonly RunEvent[] = [...begun, { type: 'baseline.captured', frame, data: { step, action, metrics } }];
  const incomplete = project(state, events, now).frames[frame]?.steps[step]?.status === 'attention';
  const calls: readonly Effect[] = incomplete ? [{ type: 'ring', why: 'needs-you' }] : [];
  return completed(state, events, [...calls, ...keptWords(state, metrics), ...lateWords(state, metrics)], now);
};

const told = (text: string): readonly Effect[] => [{ type: 'tell', level: 'info', text, nextStep: null }];

/** A runbook may mean it so, where its first change moves no traffic; nobody should take it for the time before. */
const lateWords = (state: SessionState, metrics: readonly Baseline[]): readonly Effect[] => {
  const { firstChangeAt } = state;
  const late = lateBaselines(state, metrics);
  if (firstChangeAt === null || late.length === 0) return [];
  const titles = late.map(({ title }) => title).join(', ');
  return told(`the baseline reaches past the first change of this run, at ${timeOfDay(firstChangeAt)}: ${titles}`);
};

const keptWords = (state: SessionState, metrics: readonly Baseline[]): readonly Effect[] => {
  const kept = metrics.filter((baseline) => !replaces(state, baseline));
  if (kept.length === 0) return [];
  const why = state.firstChangeAt === null ? 'which is complete' : 'from before the first change';
  const titles = kept.map(({ title }) => title).join(', ');
  return told(`the baseline stays the one ${why}: ${titles}`);
};

/** A metric whose past could not be read; `because` null = the server gave no answer to it. */
export const unreadBaseline = (
  { name, title, query, hash, problem }: Pick<MetricOf, 'name' | 'title' | 'query' | 'hash' | 'problem'>,
  { from, to }: Pick<BaselineAnswer, 'from' | 'to'>,
  because: string | null,
): Baseline => ({
  metric: name,
  title,
  query,
  hash,
  from,
  to,
  stepMs: 0,
  values: [],
  median: null,
  mad: null,
  p95: null,
  count: 0,
  coverage: 0,
  counts: null,
  problem: problem ?? because ?? 'it was not answered',
});

import type { EventData, RunEvent } from '../session/events.ts';
import type { Intent } from '../session/intents.ts';
import { metricEvidence } from './metric-record.ts';
import type { EngineView } from './view.ts';

const judging: ReadonlySet<Intent['type']> = new Set([
  'decide',
  'approve',
  'accept',
  'override-gate',
  'by-eye',
  'acknowledge-breach',
  'rollback',
  'finish',
  'end',
]);
const mostLines = 20;
const mostTroubled = 10;

/** What the cluster showed of a workload: its rollout, how many pods are ready, what troubles the others. */
const workloadEvidence = ({ cluster, now }: EngineView): EventData['evidence.captured']['panels'] =>
  (cluster?.workloads ?? []).map(({ reference, source, rollout, newPods, oldPods, troubled }) => ({
    title: reference,
    text: [
      source.state === 'live' ? (rollout?.text ?? 'not known') : `${source.state}: ${source.because ?? ''}`,
      `pods ready: ${newPods.OK} new, ${oldPods.OK} old`,
      ...troubled.slice(0, mostTroubled).map(({ name, class: own, reason }) => `${own} ${name}: ${reason ?? ''}`),
    ].join('\n'),
    ageMs: source.freshAt === null ? -1 : Math.max(0, now - source.freshAt),
  }));

/**
 * What metrics, panels and the cluster showed when somebody decided, frozen for the record; none when there are none.
 * `sampled` gives the values of the metrics as they are recorded beside it.
 */
export const evidenceFor = (
  intent: Intent,
  view: EngineView,
  sampled: (view: EngineView) => readonly RunEvent[],
): readonly RunEvent[] => {
  const { panels, now, session } = view;
  if (!judging.has(intent.type)) return [];
  const shown = panels.map(({ title, lines, at, because }) => ({
    title,
    text:
      because === null ? lines.slice(0, mostLines).join('\n') : `${because}\n${lines.slice(0, mostLines).join('\n')}`,
    ageMs: at === null ? -1 : now - at,
  }));
  const step = 'step' in intent ? intent.step : null;
  const all = [...metricEvidence(view), ...shown, ...workloadEvidence(view)];
  if (all.length === 0) return [];
  const captured: RunEvent = {
    type: 'evidence.captured',
    frame: Math.max(0, session.frame),
    data: { step, panels: all },
  };
  return [...sampled(view), captured];
};

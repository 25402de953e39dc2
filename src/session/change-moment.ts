import type { ClusterMoment } from '../gates/cluster-samples.ts';
import type { SessionState } from './state.ts';
import { placeOf, stepsWithin } from './walk.ts';

/** When the last changing command of the run ended: what the cluster showed before that proves nothing. */
export const changedAt = (state: SessionState): ClusterMoment['changedAt'] => {
  let last: number | null = null;
  for (const { spec, part, status, outcome, startedAt, confirmedAt } of Object.values(state.attempts)) {
    if (spec.risk === 'read' || part === 'send' || status === 'not-started') continue;
    const runs = (status === 'confirmed' || status === 'running') && !spec.background;
    if (runs) return 'running';
    last = Math.max(last ?? 0, outcome?.endedAt ?? startedAt ?? confirmedAt);
  }
  return last;
};

/** From when on log lines count, UTC ms. */
export const logsSince = (
  state: SessionState,
  at: { readonly frame: number; readonly step: string },
  since: 'phase' | 'step' | 'run' | number,
  now: number,
): number => {
  const started = state.startedAt ?? now;
  if (typeof since === 'number') return now - since;
  const frame = state.frames[at.frame];
  const place = frame === undefined ? undefined : placeOf(frame.runbook, at.step);
  if (since === 'run' || frame === undefined || place === undefined) return started;
  const steps = since === 'step' ? [place.step] : stepsWithin(place.phase);
  const times = steps.flatMap(({ id }) => frame.steps[id]?.startedAt ?? []);
  return times.length === 0 ? frame.openedAt : Math.min(...times);
};

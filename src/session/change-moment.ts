import type { ClusterMoment } from '../gates/cluster-samples.ts';
import type { AttemptState, SessionState } from './state.ts';
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

const isChange = ({ spec, part, status }: AttemptState): boolean =>
  spec.risk !== 'read' && part !== 'send' && status !== 'not-started';

const began = ({ startedAt, confirmedAt }: AttemptState): number => startedAt ?? confirmedAt;

/**
 * When the last change of the run began, UTC ms: its first command, where the last visit of a phase ran several. What
 * pods wrote when they started belongs to the change, and they start before the phase that checks them.
 */
const lastChangeBegan = (state: SessionState): number | null => {
  const phaseOf = ({ frame, step }: AttemptState) => {
    const runbook = state.frames[frame]?.runbook;
    return runbook === undefined ? undefined : placeOf(runbook, step)?.phase;
  };
  const changes = Object.values(state.attempts)
    .filter(isChange)
    .sort((left, right) => began(right) - began(left) || right.attempt - left.attempt);
  const [last] = changes;
  if (last === undefined) return null;
  const seen = new Set<string>();
  let first = began(last);
  for (const change of changes) {
    const action = `${change.step} ${change.action}`;
    if (change.frame !== last.frame || phaseOf(change) !== phaseOf(last) || seen.has(action)) break;
    seen.add(action);
    first = began(change);
  }
  return first;
};

/** From when on log lines count, UTC ms. Those of a phase count from the last change on, where that is earlier. */
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
  const from = times.length === 0 ? frame.openedAt : Math.min(...times);
  return since === 'step' ? from : Math.min(from, lastChangeBegan(state) ?? from);
};

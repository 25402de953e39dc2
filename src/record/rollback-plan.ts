import { rollbackPreview } from '../session/run-end.ts';
import { frameValues } from '../session/spec.ts';
import type { SessionState } from '../session/state.ts';
import { isDue, isSettled, places, stepStateOf } from '../session/walk.ts';
import { filledText } from './moments.ts';
import type { DeploymentRecord } from './record.ts';

/** What `R` would do now; null when nothing can be offered, or when the rollback was begun. */
export const rollbackPlan = (state: SessionState): DeploymentRecord['rollback']['plan'] => {
  if (state.rollback !== null || state.frames.length === 0) return null;
  const preview = rollbackPreview(state, state.lastAt);
  if (preview === null) return null;
  const { way, frame } = preview;
  const steps = places(frame.runbook).filter(
    (place) => !place.offPath && !isSettled(stepStateOf(frame, place.step).status),
  );
  const used = new Set(
    steps.flatMap(({ step }) => step.actions.flatMap((a) => (a.kind === 'command' ? a.command.uses : []))),
  );
  return {
    source: way.source,
    runbook: frame.reference,
    values: Object.fromEntries(Object.entries(frameValues(preview.state, frame)).filter(([name]) => used.has(name))),
    steps: steps.map(({ step }) => ({
      id: step.id,
      title: filledText(preview.state, frame.number, step.title),
      commands: step.actions.flatMap((action) =>
        action.kind === 'command' && isDue(frame, action) ? [action.command.script] : [],
      ),
    })),
  };
};

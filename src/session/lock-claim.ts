import type { Action } from '../runbook/model.ts';
import { isInRollback } from './frames.ts';
import { resumable } from './lock-words.ts';
import { currentStep } from './select.ts';
import type { FrameState, SessionState } from './state.ts';
import { isSettled, type Place, places, stepStateOf } from './walk.ts';

/** What others are told while this run has the lock. */
export interface RunClaim {
  readonly why: string;
  readonly ticket: string | null;
  readonly runbook: string;
  /** `2.3 Set the image`; null at the end. */
  readonly step: string | null;
}

export const lockClaim = (state: SessionState): RunClaim => {
  const main = state.frames[0];
  const { service, version } = main?.inputs ?? {};
  const what = [service, version].filter((part) => part !== undefined).join(' ');
  const title = main?.reference.title ?? '';
  return {
    why: what === '' ? title : `${title}: ${what}`,
    ticket: state.run?.ticket ?? null,
    runbook: main?.reference.path ?? '',
    step: lockStep(state),
  };
};

export const lockStep = (state: SessionState): string | null => {
  const at = currentStep(state);
  return at === null ? null : `${at.step.id} ${at.step.title}`;
};

/** `parked by alice at step 2.3, resumable`. */
export const parkedNote = (state: SessionState): string => {
  const at = currentStep(state);
  return `parked by ${state.operator}${at === null ? '' : ` at step ${at.step.id}`}, ${resumable}`;
};

/** Why the lock stays after a rollback. */
export const stickyNote = (state: SessionState, reason: string | null): string => {
  const title = state.frames[0]?.reference.title ?? '';
  return `after a rollback of "${title}" by ${state.operator}${reason === null ? '' : `: ${reason}`}`;
};

/** Why others may deploy although the run goes on. */
export const releasedEarly = 'only due phases without changes remain';

/** Whether all that is left to do comes later by its due time and changes nothing: then others may deploy. */
export const onlyDueWithoutChanges = (state: SessionState): boolean => {
  if (state.rollback !== null || isInRollback(state)) return false;
  const open = state.frames
    .filter(({ closed }) => closed === null)
    .flatMap((frame) => openPlaces(frame).map((place) => ({ frame, place })));
  return open.length > 0 && open.every(({ place }) => isDueLater(place) && !place.step.actions.some(changes));
};

const openPlaces = (frame: FrameState): readonly Place[] =>
  places(frame.runbook).filter((place) => !place.offPath && !isSettled(stepStateOf(frame, place.step).status));

const isDueLater = ({ path }: Place): boolean => path.some(({ atMs }) => atMs !== null && atMs > 0);

/** A handoff may lead to changes; a decision may lead back to them, and then the lock is asked for again. */
const changes = (action: Action): boolean => {
  if (action.kind === 'command') return action.command.risk !== 'read';
  if (action.kind === 'message') return action.message.send !== null && action.message.send.risk !== 'read';
  return action.kind === 'handoff';
};

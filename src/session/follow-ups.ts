import type { RunEvent } from './events.ts';
import { howPassed } from './how-passed.ts';
import type { Effect } from './intents.ts';
import { currentFrame, foregroundAttempt } from './select.ts';
import type { AttemptState, FrameState, SessionState } from './state.ts';
import { hasOpenChildren, isSettled, nextAction, type Place, placeOf, position, stepStateOf } from './walk.ts';

interface FollowUp {
  readonly events: readonly RunEvent[];
  readonly effects: readonly Effect[];
}

/** One round of what follows from the state by itself; empty when nothing does. */
export const followUps = (state: SessionState, soFar: readonly RunEvent[], effects: readonly Effect[]): FollowUp => {
  const frame = currentFrame(state);
  if (frame === null || state.finished !== null) return { events: [], effects: [] };
  const passed = touchedPlaces(state, soFar)
    .filter(({ at, place }) => passesByItself(at, place))
    .map(
      ({ at, place }): RunEvent => ({
        type: 'step.passed',
        frame: at.number,
        data: { step: place.step.id, ...howPassed(at, place) },
      }),
    );
  if (passed.length > 0) return { events: passed, effects: [] };
  const ending = endedBackground(state, frame).filter(
    (attempt) => !effects.some((e) => e.type === 'end-background' && e.attempt === attempt.attempt),
  );
  if (ending.length > 0) {
    return {
      events: ending.map(
        (attempt): RunEvent => ({
          type: 'command.stop-requested',
          frame: attempt.frame,
          data: { attempt: attempt.attempt, signal: 'TERM' },
        }),
      ),
      effects: ending.map((attempt) => ({ type: 'end-background', attempt: attempt.attempt })),
    };
  }
  const over =
    frame.purpose === 'handoff' &&
    frame.closed === null &&
    position(frame).kind === 'end' &&
    foregroundAttempt(state) === null;
  return {
    events: over ? [{ type: 'frame.closed', frame: frame.number, data: { outcome: 'finished' } }] : [],
    effects: [],
  };
};

interface Touched {
  readonly at: FrameState;
  readonly place: Place;
}

/** Steps the events speak of, and the step a closed handoff returns to. */
const touchedPlaces = (state: SessionState, events: readonly RunEvent[]): readonly Touched[] => {
  const out = new Map<string, Touched>();
  const add = (number: number, step: string | null | undefined): void => {
    const at = state.frames[number];
    const place = at === undefined || step === null || step === undefined ? undefined : placeOf(at.runbook, step);
    if (at !== undefined && place !== undefined) out.set(`${number}/${place.step.id}`, { at, place });
  };
  for (const event of events) {
    const { data } = event;
    if ('step' in data) add(event.frame, data.step as string | null);
    else if ('attempt' in data) add(state.attempts[data.attempt]?.frame ?? -1, state.attempts[data.attempt]?.step);
    else if (event.type === 'frame.closed')
      add(state.frames[event.frame]?.parent?.frame ?? -1, state.frames[event.frame]?.parent?.step);
  }
  return [...out.values()];
};

/** After its last action, when that one has a stated expectation or a verdict, and nothing below it is open. */
const passesByItself = (frame: FrameState, place: Place): boolean => {
  const state = stepStateOf(frame, place.step);
  if (isSettled(state.status) || state.status === 'failed' || place.step.actions.length === 0) return false;
  if (nextAction(frame, place.step) !== null || hasOpenChildren(frame, place.step)) return false;
  const last = state.actions.findLast((action) => action.status === 'done');
  return last?.judged === true && place.step.steps.length === 0;
};

/** Background commands whose phase the operator has left behind. */
const endedBackground = (state: SessionState, frame: FrameState): readonly AttemptState[] => {
  const at = position(frame);
  return Object.values(state.attempts).filter((attempt) => {
    if (!attempt.spec.background || attempt.status !== 'running' || attempt.stopRequested) return false;
    const own = state.frames[attempt.frame];
    const place = own === undefined ? undefined : placeOf(own.runbook, attempt.step);
    if (own === undefined || place === undefined) return false;
    if (own.closed !== null) return true;
    if (own.number !== frame.number) return frame.purpose === 'rollback';
    if (at.kind === 'end') return true;
    return at.kind === 'step' && !at.place.path.includes(place.phase);
  });
};

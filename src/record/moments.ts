import type { Recorded } from '../session/events.ts';
import { messageText } from '../session/message-text.ts';
import { reduce } from '../session/reduce.ts';
import { initialState, type RunbookLibrary, type SessionState } from '../session/state.ts';
import { placeOf } from '../session/walk.ts';
import { seenByWatch } from '../session/watch-state.ts';

/** One event with the state on both sides of it. */
export interface Moment {
  readonly event: Recorded;
  readonly before: SessionState;
  readonly after: SessionState;
}

/** Gathers one part of the record while the journal is folded. */
export interface Collector<T> {
  see(moment: Moment): void;
  result(final: SessionState): T;
}

/**
 * Folds the journal once and shows every event to each collector, in order. What a watch saw of a criterion comes after
 * the event that took it over, as the event it would have been, dated when it was seen.
 */
export const foldWith = (
  library: RunbookLibrary,
  events: readonly Recorded[],
  collectors: readonly Collector<unknown>[],
): SessionState => {
  let before = initialState(library);
  for (const event of events) {
    const after = reduce(before, event);
    const seen = event.type === 'watch.reported' ? seenByWatch(before, event) : null;
    for (const collector of collectors) {
      collector.see({ event, before, after });
      if (seen !== null) collector.see({ event: seen, before, after });
    }
    before = after;
  }
  return before;
};

export const stepKey = (frame: number, step: string): string => `${frame}/${step}`;

/** Title with its `${name}`s replaced; the id when the step is not known. */
export const stepTitle = (state: SessionState, frame: number, step: string): string => {
  const own = state.frames[frame];
  const place = own === undefined ? undefined : placeOf(own.runbook, step);
  return own === undefined || place === undefined ? step : filledText(state, frame, place.step.title);
};

export const filledText = (state: SessionState, frame: number, text: string): string => {
  const own = state.frames[frame];
  return own === undefined ? text : messageText(state, own, text, state.lastAt);
};

/** Titles of a phase and those around it, joined with ` › `. */
export const phaseTitle = (state: SessionState, frame: number, step: string): string => {
  const own = state.frames[frame];
  const place = own === undefined ? undefined : placeOf(own.runbook, step);
  return place === undefined ? '' : filledText(state, frame, place.path.map((phase) => phase.title).join(' › '));
};

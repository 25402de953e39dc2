import type { FrameState } from './state.ts';
import { type Place, places, position, stepStateOf } from './walk.ts';

const isManual = (frame: FrameState, place: Place): boolean =>
  place.step.actions.length === 0 &&
  place.step.steps.length === 0 &&
  stepStateOf(frame, place.step).status !== 'failed';

/** The manual items around the current one: neighbours in the same phase without a command between them. */
export const cardAt = (frame: FrameState, place: Place): readonly Place[] => {
  if (!isManual(frame, place)) return [];
  const all = places(frame.runbook).filter((p) => p.offPath === place.offPath);
  const index = all.indexOf(place);
  let from = index;
  let to = index;
  const joins = (other: Place | undefined): boolean =>
    other !== undefined && other.phase === place.phase && isManual(frame, other);
  while (joins(all[from - 1])) from -= 1;
  while (joins(all[to + 1])) to += 1;
  return all.slice(from, to + 1);
};

/** A manual item of the card that the run stands at. */
export const isInCard = (frame: FrameState, place: Place): boolean => {
  const at = position(frame);
  return at.kind === 'step' && cardAt(frame, at.place).includes(place) && cardAt(frame, at.place).length > 1;
};

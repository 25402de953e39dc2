import type { EventData } from './events.ts';
import type { FrameState } from './state.ts';
import { type Place, stepStateOf } from './walk.ts';

/** A step whose gate was gone past, or whose baseline is not a full one, did not pass by itself. */
export const howPassed = (
  frame: FrameState,
  place: Place,
): { readonly how: Exclude<EventData['step.passed']['how'], 'enter' | 'tick'>; readonly reason: string | null } => {
  const results = stepStateOf(frame, place.step).actions.flatMap(({ result }) => (result === null ? [] : [result]));
  const gates = results.flatMap((result) => (result.kind === 'gate' ? [result] : []));
  const gone = gates.find(({ how }) => how === 'override') ?? gates.find(({ how }) => how === 'by-eye');
  if (gone !== undefined && gone.how !== 'passed') return { how: gone.how, reason: gone.reason };
  const accepted = results.find((result) => result.kind === 'baseline' && result.how === 'accepted');
  return accepted?.kind === 'baseline' ? { how: 'accepted', reason: accepted.reason } : { how: 'itself', reason: null };
};

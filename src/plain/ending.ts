import type { EngineView, SessionEnd } from '../engine/view.ts';
import { dateTime } from '../text/duration.ts';
import { safe } from '../text/safe-text.ts';
import type { WalkParts } from './walk-parts.ts';

/** Stops where nobody can go on without a person. */
export const needsPerson = (parts: WalkParts): Promise<SessionEnd> => leave(parts, 'needs-person');

/** Leaves the run so that it can be resumed. */
export const leave = async (parts: WalkParts, why: 'quit' | 'needs-person'): Promise<SessionEnd> => {
  await parts.engine.dispatch({ type: 'leave', why });
  return finishLines(parts, parts.engine.view());
};

/** The last lines of a walk: the outcome or how to go on, and where the record is. */
export const finishLines = ({ engine, lines, options }: WalkParts, view: EngineView): SessionEnd => {
  const { finished } = view.session;
  const record = engine.lastRecord();
  if (finished !== null)
    lines.print(
      safe`${finished.outcome}${finished.reason === null ? '' : `: ${finished.reason}`}, ${dateTime(finished.at)} UTC`,
    );
  else if (view.ended?.why === 'takeover') lines.print(safe`Taken over by another terminal.`);
  else lines.print(safe`Stopped here; it can go on: gonogo resume ${options.runId}`);
  for (const path of record?.paths ?? []) lines.print(safe`record: ${path}`);
  return view.ended ?? { why: finished === null ? 'left' : 'finished' };
};

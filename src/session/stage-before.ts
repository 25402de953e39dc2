import type { Action, Phase } from '../runbook/model.ts';
import { clock } from '../text/duration.ts';
import type { FrameState } from './state.ts';
import { type Place, places, stepsWithin } from './walk.ts';

/** Where one stage back leads, and what is done there again. */
export interface StageBefore {
  readonly title: string;
  /** Id of its first step. */
  readonly step: string;
  /** `1 command, then its soak of 10:00 again`. */
  readonly detail: string;
}

const isChange = (action: Action): boolean => action.kind === 'command' && action.command.risk !== 'read';
const changes = ({ step }: Place): boolean => step.actions.some(isChange);
const runs = ({ step }: Place): boolean => step.actions.some(({ kind }) => kind === 'command');

/**
 * The last phase before this one that changes something; where there is none, the nearest step before in the same phase
 * that has something to run. Null at the beginning.
 */
export const stageBefore = (frame: FrameState, place: Place): StageBefore | null => {
  const path = places(frame.runbook).filter((each) => !each.offPath);
  const before = path.slice(0, Math.max(0, path.indexOf(place)));
  const stage = before.findLast((each) => each.phase !== place.phase && changes(each))?.phase;
  const first = stage === undefined ? undefined : stepsWithin(stage)[0];
  if (stage !== undefined && first !== undefined)
    return { title: stage.title, step: first.id, detail: stageDetail(stage) };
  const own = before.findLast((each) => each.phase === place.phase && runs(each));
  return own === undefined ? null : { title: own.step.title, step: own.step.id, detail: 'its steps again' };
};

const stageDetail = (stage: Phase): string => {
  const actions = stepsWithin(stage).flatMap((step) => step.actions);
  const commands = actions.filter(isChange).length;
  const soaks = actions.flatMap((action) => (action.kind === 'gate' ? [action.gate.forMs ?? 0] : []));
  const longest = Math.max(0, ...soaks);
  const words = `${commands} ${commands === 1 ? 'command' : 'commands'}`;
  if (longest > 0) return `${words}, then its soak of ${clock(longest)} again`;
  return soaks.length > 0 ? `${words}, then its checks again` : `${words} again`;
};

import type { ForeignChange } from '../gates/workload.ts';
import { changesByOthers } from './foreign.ts';
import { shownText } from './message-text.ts';
import type { SessionState } from './state.ts';
import { stepTitle } from './ui-facts.ts';
import { places, stepsWithin } from './walk.ts';

/** Something that a metric may have moved by. Texts are not yet safe for a terminal. */
export interface Happening {
  /** UTC ms. */
  readonly at: number;
  readonly kind: 'stage' | 'change' | 'foreign';
  /** `50 % of traffic`, `Scale the canary to 5`, `deployment/checkout: replicas 6 -> 9`. */
  readonly what: string;
  /** Null for a stage. */
  readonly by: string | null;
}

/** When phases with steps of the path began, in every runbook of the run, oldest first. */
export const stageStarts = ({ frames }: SessionState): readonly Happening[] =>
  frames
    .flatMap((frame) => {
      const phases = new Set(places(frame.runbook).map(({ phase }) => phase));
      return [...phases].flatMap((phase): readonly Happening[] => {
        const begun = stepsWithin(phase).flatMap(
          ({ id }) => frame.steps[id]?.startedAt ?? frame.steps[id]?.endedAt ?? [],
        );
        const what = shownText(frame, phase.title);
        return begun.length === 0 ? [] : [{ at: Math.min(...begun), kind: 'stage', what, by: null }];
      });
    })
    .toSorted((a, b) => a.at - b.at);

/** What this run changed, and what others did, oldest first. `seen`: what the watch of this process has seen. */
export const changesMade = (state: SessionState, seen: readonly ForeignChange[]): readonly Happening[] => {
  const own = Object.values(state.attempts).flatMap(
    ({ spec, part, startedAt, frame, step, by }): readonly Happening[] => {
      const runbook = state.frames[frame];
      if (spec.risk === 'read' || part === 'send' || startedAt === null || runbook === undefined) return [];
      return [{ at: startedAt, kind: 'change', what: stepTitle(runbook, step), by }];
    },
  );
  const foreign = changesByOthers(state, seen).map(
    ({ at, workload, by, what }): Happening => ({ at, kind: 'foreign', what: `${workload}: ${what}`, by }),
  );
  return [...own, ...foreign].toSorted((a, b) => a.at - b.at);
};

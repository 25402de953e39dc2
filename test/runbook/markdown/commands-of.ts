import type { Command, LineRange, Phase, Step } from '../../../src/runbook/model.ts';

/** Every command of the phases, those of nested steps and of `undo` fences included. */
export const commandsOf = (phases: readonly Phase[], withUndo = false): Command[] => {
  const ofStep = (step: Step): Command[] => [
    ...step.actions.flatMap((action) => (action.kind === 'command' ? [action.command] : [])),
    ...(withUndo ? step.undo : []),
    ...step.steps.flatMap(ofStep),
  ];
  return phases.flatMap((phase) => [...phase.steps.flatMap(ofStep), ...commandsOf(phase.phases, withUndo)]);
};

/** `[[3, 5]]` -> `[3, 4, 5]`. */
export const expandRanges = (ranges: readonly LineRange[]): number[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));

import type { Action, Command, Input, Phase, Runbook, Step } from './model.ts';

/** Every phase, a parent before its children. */
export const allPhases = (phases: readonly Phase[]): readonly Phase[] =>
  phases.flatMap((phase) => [phase, ...allPhases(phase.phases)]);

/** Every step below a list of steps, a parent before its children. */
export const allSteps = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => [step, ...allSteps(step.steps)]);

/** Every step of a runbook in the order of the document. */
export const stepsOf = (runbook: Runbook): readonly Step[] =>
  allPhases(runbook.phases).flatMap((phase) => allSteps(phase.steps));

/** The command an action runs: its own, or the one that sends a message. */
export const commandOf = (action: Action): Command | null => {
  if (action.kind === 'command') return action.command;
  return action.kind === 'message' ? action.message.send : null;
};

/** Commands of a step in order: its actions, then what reverses them. */
export const commandsOf = (step: Step): readonly Command[] => [
  ...step.actions.flatMap((action) => commandOf(action) ?? []),
  ...step.undo,
];

/** Inputs that are asked by the step itself. */
export const asksOf = (step: Step): readonly Input[] =>
  step.actions.flatMap((action) => (action.kind === 'ask' ? action.inputs : []));

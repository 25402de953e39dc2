import type { Command, Phase, Runbook, Step } from '../runbook/model.ts';
import { rollbackPhases } from '../session/frames.ts';
import { type Place, places } from '../session/walk.ts';
import { safe } from '../text/safe-text.ts';
import { print } from './output.ts';

/** What Enter leads through, phase by phase. */
export const printPath = (runbook: Runbook): void =>
  printPlaces(
    places(runbook).filter(({ offPath }) => !offPath),
    ({ title }) => title,
  );

/**
 * What Enter never reaches: the phases that `R` runs when no rollback runbook is named, those that are only there if
 * needed, and the undo commands, the last first.
 */
export const printOffPath = (runbook: Runbook): void => {
  const named = runbook.rollback !== null && runbook.rollback.runbook !== null;
  const rollingBack = new Set(named ? [] : rollbackPhases(runbook));
  const offPath = places(runbook).filter((place) => place.offPath);
  const isRollback = ({ path }: Place): boolean => path.some((phase) => rollingBack.has(phase));
  printPlaces(offPath.filter(isRollback), ({ title }) => `Rollback: ${title}`);
  printPlaces(
    offPath.filter((place) => !isRollback(place)),
    ({ title }) => `Only if needed: ${title}`,
  );
  const undone = places(runbook).filter(({ step }) => step.undo.length > 0);
  if (undone.length === 0) return;
  print(safe`\n${named || rollingBack.size > 0 ? 'Only if needed' : 'Rollback'}: undo what ran, the last first`);
  for (const { step } of undone.toReversed()) {
    print(safe`${step.id.padEnd(6)} Undo: ${step.title}`);
    for (const command of step.undo) printCommand(command);
  }
};

const printPlaces = (list: readonly Place[], heading: (phase: Phase) => string): void => {
  let last: Phase | null = null;
  for (const { phase, step } of list) {
    if (phase !== last) print(safe`\n${heading(phase)}`);
    last = phase;
    printStep(step);
  }
};

const printStep = (step: Step): void => {
  const kind = step.kind === 'manual' || step.kind === 'command' ? '' : `  [${step.kind}]`;
  print(safe`${step.id.padEnd(6)} ${step.title}${kind}`);
  for (const action of step.actions) {
    if (action.kind === 'command') printCommand(action.command);
    if (action.kind === 'message' && action.message.send !== null) printCommand(action.message.send);
  }
};

const printCommand = ({ options, risk, blocked, script }: Command): void => {
  print(safe`         ${options.manual ? 'by hand' : risk}${blocked === null ? '' : `, blocked ${blocked}`}`);
  for (const [i, line] of script.trimEnd().split('\n').entries()) print(safe`         ${i === 0 ? '$ ' : '  '}${line}`);
};

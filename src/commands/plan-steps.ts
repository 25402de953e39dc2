import type { Command, Condition } from '../runbook/model.ts';
import { falseCondition } from '../session/condition.ts';
import { rollbackPhases } from '../session/frames.ts';
import { shownText } from '../session/message-text.ts';
import type { FrameState } from '../session/state.ts';
import { type Place, places } from '../session/walk.ts';
import { safe } from '../text/safe-text.ts';
import { print } from './output.ts';
import { printBaseline, printGate } from './plan-gate.ts';

/** What Enter leads through, phase by phase. */
export const printPath = (frame: FrameState): void =>
  printPlaces(
    frame,
    places(frame.runbook).filter(({ offPath }) => !offPath),
    (title) => title,
  );

/**
 * What Enter never reaches: the phases that `R` runs when no rollback runbook is named, those that are only there if
 * needed, and the undo commands, the last first.
 */
export const printOffPath = (frame: FrameState): void => {
  const { runbook } = frame;
  const named = runbook.rollback !== null && runbook.rollback.runbook !== null;
  const rollingBack = new Set(named ? [] : rollbackPhases(runbook));
  const offPath = places(runbook).filter((place) => place.offPath);
  const isRollback = ({ path }: Place): boolean => path.some((phase) => rollingBack.has(phase));
  printPlaces(frame, offPath.filter(isRollback), (title) => `Rollback: ${title}`);
  printPlaces(
    frame,
    offPath.filter((place) => !isRollback(place)),
    (title) => `Only if needed: ${title}`,
  );
  const undone = places(runbook).filter(({ step }) => step.undo.length > 0);
  if (undone.length === 0) return;
  print(safe`\n${named || rollingBack.size > 0 ? 'Only if needed' : 'Rollback'}: undo what ran, the last first`);
  for (const { step } of undone.toReversed()) {
    print(safe`${step.id.padEnd(6)} Undo: ${shownText(frame, step.title)}`);
    for (const command of step.undo) printCommand(command);
  }
};

const printPlaces = (frame: FrameState, list: readonly Place[], heading: (title: string) => string): void => {
  let last: Place['phase'] | null = null;
  for (const place of list) {
    const { path, phase } = place;
    if (phase !== last) print(safe`\n${heading(path.map(({ title }) => shownText(frame, title)).join(' › '))}`);
    last = phase;
    printStep(frame, place);
  }
};

/** Only conditions whose value is known before the run. */
const withKnown = (frame: FrameState, { step, path }: Place) => {
  const known = (when: Condition | null) => (when !== null && Object.hasOwn(frame.inputs, when.input) ? when : null);
  return { step: { when: known(step.when) }, path: path.map(({ when, number }) => ({ when: known(when), number })) };
};

const printStep = (frame: FrameState, place: Place): void => {
  const { step } = place;
  const kind = step.kind === 'manual' || step.kind === 'command' ? '' : `  [${step.kind}]`;
  const condition = falseCondition(frame, withKnown(frame, place));
  const left = condition === null ? '' : `  (not here: ${condition.rule})`;
  print(safe`${step.id.padEnd(6)} ${shownText(frame, step.title)}${kind}${left}`);
  for (const action of step.actions) {
    if (action.kind === 'command') printCommand(action.command);
    if (action.kind === 'gate') printGate(frame, action.gate);
    if (action.kind === 'baseline') printBaseline(action.baseline);
    if (action.kind === 'message' && action.message.send !== null) printCommand(action.message.send);
  }
};

const printCommand = ({ options, risk, blocked, script }: Command): void => {
  print(safe`         ${options.manual ? 'by hand' : risk}${blocked === null ? '' : `, blocked ${blocked}`}`);
  for (const [i, line] of script.trimEnd().split('\n').entries()) print(safe`         ${i === 0 ? '$ ' : '  '}${line}`);
};

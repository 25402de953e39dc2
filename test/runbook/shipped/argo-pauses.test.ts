import { expect, test } from 'vitest';
import { commandSample } from '../../../src/gates/answer-samples.ts';
import { parseCheck } from '../../../src/gates/check.ts';
import type { Step } from '../../../src/runbook/model.ts';
import { shipped } from './walk-through.ts';

const gateCheck = (name: string) => {
  const steps: readonly Step[] = shipped('canary-argo-rollouts').phases.flatMap((phase) => phase.steps);
  const gates = steps.flatMap(({ actions }) =>
    actions.flatMap((action) => (action.kind === 'gate' ? [action.gate] : [])),
  );
  const body =
    gates.find((gate) => gate.name === name)?.checks.find(({ source }) => source === 'command')?.body ?? null;
  const check = body === null ? null : parseCheck('command', body);
  if (check?.kind !== 'command') throw new Error(`there is no command in ${name}`);
  return check;
};

const judged = (name: string, output: string): string =>
  commandSample(gateCheck(name), { exit: 0, output, timedOut: false }, 30_000, 0).kind;

/** The generation before the new image; then generation, generation that the controller has seen, phase, reasons of the pause. */
test.each([
  ['a pause of the new revision', '6 7 7 Paused CanaryPauseStep', 'GOOD'],
  ['the end', '6 7 7 Healthy ', 'GOOD'],
  ['several reasons', '6 7 7 Paused CanaryPauseStep InconclusiveAnalysisRun', 'GOOD'],
  ['more digits', '9 10 10 Healthy ', 'GOOD'],
  ['a change that has not arrived', '7 7 7 Healthy ', 'BAD'],
  ['a pause of the revision before', '7 8 7 Paused CanaryPauseStep', 'BAD'],
  ['health of the revision before', '7 8 7 Healthy ', 'BAD'],
  ['a generation that begins with the other', '70 71 7 Healthy ', 'BAD'],
  ['a step among several reasons', '6 7 7 Paused InconclusiveAnalysisRun CanaryPauseStep', 'GOOD'],
  ['a pause for an analysis run that says nothing', '6 7 7 Paused InconclusiveAnalysisRun', 'BAD'],
  ['a pause that was just promoted', '6 7 7 Paused ', 'BAD'],
  ['an update under way', '6 7 7 Progressing ', 'BAD'],
  ['a failure', '6 7 7 Degraded ', 'BAD'],
  ['a controller that has said nothing yet', '6 7   ', 'BAD'],
  ['no generation from before', ' 7 7 Healthy ', 'BAD'],
])('the first pause: %s', (_, output, kind) => {
  expect(judged('first-pause', output)).toBe(kind);
});

/** The step before the promotion; then the step, generations, phase and reasons. */
test.each([
  ['the next one', '1 3 7 7 Paused CanaryPauseStep', 'GOOD'],
  ['the end', '3 4 7 7 Healthy ', 'GOOD'],
  ['a step whose number begins with the other', '1 10 7 7 Paused CanaryPauseStep', 'GOOD'],
  ['the same one, though it says Healthy', '1 1 7 7 Healthy ', 'BAD'],
  ['a pause for an analysis run that says nothing', '1 3 7 7 Paused InconclusiveAnalysisRun', 'BAD'],
  ['the same one again', '1 1 7 7 Paused CanaryPauseStep', 'BAD'],
  ['the one that was just promoted', '1 1 7 7 Paused ', 'BAD'],
  ['a step that the controller has not taken yet', '1 2 7 7 Paused ', 'BAD'],
  ['a generation that it has not seen', '1 3 8 7 Paused CanaryPauseStep', 'BAD'],
  ['an update under way', '1 3 7 7 Progressing ', 'BAD'],
  ['a failure', '1 3 7 7 Degraded ', 'BAD'],
  ['no step from before', ' 3 7 7 Healthy ', 'BAD'],
])('the next pause: %s', (_, output, kind) => {
  expect(judged('next-pause', output)).toBe(kind);
});

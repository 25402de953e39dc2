import { describe, expect, test } from 'vitest';
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

/** Generation, generation that the controller has seen, phase, reason of the pause: as kubectl prints them. */
describe.each(['first-pause', 'next-pause'])('the gate %s', (name) => {
  test.each([
    ['a pause of this revision', '7 7 Paused CanaryPauseStep', 'GOOD'],
    ['the end', '7 7 Healthy ', 'GOOD'],
    ['several reasons', '7 7 Paused CanaryPauseStep InconclusiveAnalysisRun', 'GOOD'],
    ['a pause of the revision before, right after a change', '8 7 Paused CanaryPauseStep', 'BAD'],
    ['health of the revision before, right after a change', '8 7 Healthy ', 'BAD'],
    ['a generation that begins with the other', '71 7 Healthy ', 'BAD'],
    ['a pause that was just promoted', '7 7 Paused ', 'BAD'],
    ['an update under way', '7 7 Progressing ', 'BAD'],
    ['a failure', '7 7 Degraded ', 'BAD'],
    ['a controller that has said nothing yet', '7   ', 'BAD'],
  ])('%s', (_, output, kind) => {
    const answer = { exit: 0, output, timedOut: false };
    expect(commandSample(gateCheck(name), answer, 30_000, 0).kind).toBe(kind);
  });
});

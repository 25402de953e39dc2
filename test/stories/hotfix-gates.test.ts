import { expect, test } from 'vitest';
import type { Action, Runbook, Step } from '../../src/runbook/model.ts';
import { places } from '../../src/session/walk.ts';
import { shipped } from '../runbook/shipped/walk-through.ts';
import { allow, fakeCluster, recordOf, runFolder, setTheScene } from '../support/story.ts';
import type { Terminal } from '../support/terminal.ts';
import type { Workspace } from '../support/workspace.ts';

const answersTo = (action: Action): readonly string[] => {
  switch (action.kind) {
    case 'decide':
      return [action.choices.some(({ label }) => label.startsWith('Fix forward')) ? 'choose: 3' : 'choose: 1'];
    case 'command':
      return action.command.risk === 'read' ? ['enter', 'enter'] : ['yes', 'enter'];
    case 'approve':
      return ['answer: bob: go, customers are waiting'];
    case 'ask':
      return action.inputs.map(({ example }) => `answer: ${example ?? 'x'}`);
    case 'gate':
      return [];
    default:
      return ['enter'];
  }
};

const answersOf = (step: Step): readonly string[] => {
  if (step.optional) return ['n/a:'];
  return step.actions.length === 0 ? ['enter'] : step.actions.flatMap(answersTo);
};

/** A responder who has everything done and finds everything true, up to the first gate of the hotfix and in the rollback. */
const diligent = (hotfix: Runbook, rollback: Runbook): Record<string, readonly string[]> => {
  const steps = places(hotfix).map(({ step }) => step);
  const before = steps.slice(
    0,
    steps.findIndex(({ kind }) => kind === 'gate'),
  );
  const after = places(rollback).map(({ step }) => step);
  return Object.fromEntries([...after, ...before].map((step) => [step.anchor, answersOf(step)]));
};

/** Deploys a fix in plain lines, with these answers at its first gate. */
const deploys = (workspace: Workspace, version: string, health: string, atGate: readonly string[]): Terminal => {
  const answers = {
    inputs: {
      service: 'checkout',
      version,
      issue: 'Card payments answer 503',
      'health-url': health,
      range: '10s',
      soak: '20s',
    },
    steps: { ...diligent(shipped('hotfix'), shipped('rollback')), 'rolled-out': atGate },
    default: 'stop',
  };
  const file = workspace.write('answers.yaml', JSON.stringify(answers));
  allow(workspace, 'history');
  return workspace.terminal(['hotfix', '--plain', '--answers', file, '--context', 'prod-eu', '--ticket', 'INC-4711'], {
    columns: 240,
    rows: 60,
  });
};

const images = async (health: string): Promise<readonly string[]> => {
  const pods = await fetch(`${new URL(health).origin}/api/v1/namespaces/production/pods`);
  const { items } = (await pods.json()) as { items: readonly { spec: { containers: readonly { image: string }[] } }[] };
  return items.map(({ spec }) => spec.containers[0]?.image ?? '');
};

test('a fix that cannot be pulled is FAIL within seconds, and rolled back to pods that stay ready', {
  timeout: 240_000,
}, async () => {
  const workspace = setTheScene();
  const health = await fakeCluster(workspace);
  const terminal = deploys(workspace, 'v2.3.1-missing', health, ['rollback']);
  await terminal.sees(/FAIL +gate 7\.3 Wait for the rollout: .*ErrImagePull/, 60_000);
  await terminal.sees('deployment.apps/checkout rolled back', 20_000);
  // Complete, and then a minute without a restart.
  await terminal.sees(/ok +gate 1\.2 Wait until every pod is the old version again/, 120_000);
  await terminal.sees(/ok +gate 7\.4 Errors and latency are as yesterday/, 60_000);
  await terminal.sees(/ok +gate 9\.1 Health and errors have stayed good for a quarter of an hour/, 60_000);
  expect(await terminal.exits()).toBe(5);
  expect(await images(health)).toEqual(Array(3).fill('registry.example.com/checkout:v2.3.0'));
  const record = recordOf(workspace);
  expect(record).toMatch(/rolled back/i);
  expect(record).toMatch(/\| 7\.3 rolled-out \| rollout deployment\/checkout \|.*\| \*\*FAIL\*\* .*ErrImagePull/);
  expect(record).toMatch(/\| 1\.2 rolled-back \| rollout deployment\/checkout \|.*\| ok \|/);
  expect(workspace.gonogo(['verify', runFolder(workspace)])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^proven +(\d+) of \1 verdicts follow from the samples$/m),
  });
});

test('without permission to watch the Deployment, a hotfix goes on by eye with nothing typed but what was seen', {
  timeout: 120_000,
}, async () => {
  const workspace = setTheScene();
  const health = await fakeCluster(workspace, { denied: { 'list deployments': 'not for alice' } });
  const terminal = deploys(workspace, 'v2.3.1', health, ['by-eye: kubectl rollout status says complete']);
  await terminal.sees(/BLIND +gate 7\.3 Wait for the rollout: .*no permission \(list deployments\)/, 60_000);
  await terminal.sees(/The new pods started cleanly[\s\S]*Enter runs it/, 20_000);
  await terminal.types('q');
  await terminal.presses('Enter');
  expect(await terminal.exits()).toBe(6);
  const record = recordOf(workspace);
  expect(record).toMatch(/\*\*by eye\*\* 7\.3 Wait for the rollout .*: kubectl rollout status says complete/);
  expect(record).toMatch(/\| 7\.3 rolled-out \|.*\| \*\*BLIND\*\* .*went on: by eye/);
  expect(record).toMatch(/\[x\] 7\.3 Wait for the rollout · \*\*passed \(by eye\)\*\*/);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rolloutOf } from '../../../src/cluster/facts/rollout.ts';
import type { RolloutContext } from '../../../src/cluster/facts/rollout-chain.ts';
import { type SeenWorkload, seenWorkload } from '../../../src/cluster/facts/seen-workload.ts';
import { type LastStand, steadyPercent } from '../../../src/cluster/facts/steady-percent.ts';
import type { RolloutFacts, RolloutPhase } from '../../../src/gates/workload.ts';
import { fixture } from './support.ts';

const quiet: RolloutContext = { endingOld: 0, newAvailable: null, createFailure: null, analyses: [] };

const workloadOf = (name: string): SeenWorkload => {
  const object = fixture(`workloads/${name}`);
  return seenWorkload(object.kind as SeenWorkload['kind'], object) as SeenWorkload;
};

const stands: readonly (readonly [string, Partial<RolloutContext>, RolloutPhase, string, string | RegExp | null])[] = [
  ['deployment-updating', {}, 'updating', 'UPDATING 4/6', null],
  ['deployment-draining', {}, 'draining', 'DRAINING 2 old', null],
  ['deployment-waiting', {}, 'waiting', 'WAITING 5/6 available', null],
  ['deployment-complete', { endingOld: 2 }, 'ending', 'ENDING 2', null],
  ['deployment-complete', {}, 'complete', 'COMPLETE', null],
  ['deployment-zero', {}, 'complete', 'COMPLETE', null],
  ['deployment-behind', {}, 'waiting-for-controller', 'WAITING FOR CONTROLLER', null],
  ['deployment-paused', {}, 'paused', 'PAUSED', 'spec.paused is true'],
  ['deployment-deadline', {}, 'failed', 'FAILED', 'ReplicaSet "checkout-2" has timed out progressing.'],
  ['deployment-quota', {}, 'failing', 'FAILING', /exceeded quota/],
  ['statefulset-updating', {}, 'updating', 'UPDATING 1/3', null],
  ['statefulset-waiting', {}, 'waiting', 'WAITING 2/3 available', null],
  ['statefulset-complete', {}, 'complete', 'COMPLETE', null],
  ['statefulset-behind', {}, 'waiting-for-controller', 'WAITING FOR CONTROLLER', null],
  ['statefulset-partition-updating', {}, 'updating', 'UPDATING 0/1', null],
  ['statefulset-partition-reached', {}, 'complete', 'COMPLETE 1/3, partition 2', null],
  ['statefulset-on-delete', {}, 'updating', 'UPDATING 1/3', /OnDelete/],
  ['statefulset-refused', { createFailure: 'exceeded quota' }, 'failing', 'FAILING', 'exceeded quota'],
  ['daemonset-updating', {}, 'updating', 'UPDATING 1/3', null],
  ['daemonset-waiting', {}, 'waiting', 'WAITING 2/3 available', null],
  ['daemonset-complete', {}, 'complete', 'COMPLETE', null],
  ['daemonset-complete', { endingOld: 1 }, 'ending', 'ENDING 1', null],
  ['daemonset-behind', {}, 'waiting-for-controller', 'WAITING FOR CONTROLLER', null],
  ['daemonset-on-delete', {}, 'updating', 'UPDATING 1/3', /OnDelete/],
  ['job-new', {}, 'waiting-for-controller', 'WAITING FOR CONTROLLER', null],
  ['job-new', { createFailure: 'no such service account' }, 'failing', 'FAILING', 'no such service account'],
  ['job-running', {}, 'updating', 'RUNNING 1/3 done', null],
  ['job-retrying', {}, 'updating', 'RUNNING 0/3 done', '1 failed try, 4 allowed'],
  ['job-suspended', {}, 'paused', 'PAUSED', 'spec.suspend is true'],
  ['job-ending', {}, 'ending', 'ENDING', null],
  ['job-complete', {}, 'complete', 'COMPLETE', null],
  ['job-failing', {}, 'failed', 'FAILED', /^DeadlineExceeded/],
  ['job-failed', {}, 'failed', 'FAILED', /^BackoffLimitExceeded/],
  ['argo-new', {}, 'waiting-for-controller', 'WAITING FOR CONTROLLER', null],
  ['argo-behind', {}, 'waiting-for-controller', 'WAITING FOR CONTROLLER', null],
  ['argo-progressing', {}, 'updating', 'UPDATING step 3/4, 60 %', 'more replicas need to be updated'],
  ['argo-weighted', {}, 'updating', 'UPDATING step 3/4, 35 %', null],
  ['argo-paused-step', {}, 'paused', 'PAUSED step 2/4, 20 %', 'pause step of the canary'],
  ['argo-paused-inconclusive', {}, 'paused', 'PAUSED step 2/4, 20 %', 'an analysis run was inconclusive'],
  ['argo-paused-by-hand', {}, 'paused', 'PAUSED step 2/4, 20 %', 'spec.paused is true'],
  ['argo-analysis-running', {}, 'updating', 'UPDATING step 3/4, 60 %', null],
  ['argo-aborted', {}, 'failed', 'ABORTED step 1/4, 20 %', /success-rate/],
  ['argo-degraded', {}, 'failed', 'DEGRADED step 1/4, 20 %', /ProgressDeadlineExceeded/],
  ['argo-invalid', {}, 'failed', 'FAILED step 1/4, 20 %', /Invalid value: 120/],
  ['argo-healthy', {}, 'complete', 'COMPLETE', null],
  ['argo-healthy', { endingOld: 3 }, 'ending', 'ENDING 3 step 4/4, 100 %', null],
  ['argo-blue-green-updating', {}, 'updating', 'UPDATING 2/5', 'more replicas need to be updated'],
  ['argo-blue-green-paused', {}, 'paused', 'PAUSED', 'waits for the promotion of the preview'],
  ['argo-blue-green-healthy', {}, 'complete', 'COMPLETE', null],
];

describe('how far a rollout is', () => {
  test.each(stands)('%s, %o: %s', (name, context, phase, text, because) => {
    const rollout = rolloutOf(workloadOf(name), { ...quiet, ...context });
    expect({ phase: rollout.phase, text: rollout.text }).toEqual({ phase, text });
    if (because === null || typeof because === 'string') expect(rollout.because).toBe(because);
    else expect(rollout.because).toMatch(because);
    expect(rollout.percent === 100).toBe(phase === 'complete');
  });

  test('every fixture is told above', () => {
    const files = readdirSync(join(import.meta.dirname, 'fixtures/workloads')).map((file) => file.replace('.yaml', ''));
    expect(files.filter((file) => !stands.some(([name]) => name === file))).toEqual([]);
  });

  test('a partition and the steps of a canary count', () => {
    expect(rolloutOf(workloadOf('statefulset-partition-reached'), quiet).step).toEqual({ index: 1, of: 3, weight: 33 });
    expect(rolloutOf(workloadOf('argo-weighted'), quiet).step).toEqual({ index: 3, of: 4, weight: 35 });
    expect(rolloutOf(workloadOf('argo-healthy'), quiet).step).toEqual({ index: 4, of: 4, weight: 100 });
  });

  test('the verdicts of analysis runs are those of the new revision, each once', () => {
    const run = { uid: 'a', resourceVersion: '1', ownerUid: 'workload', createdAt: 0 };
    const analyses = [
      { ...run, name: 'checkout-new-2', revision: 'new', phase: 'Failed', message: 'success-rate Failed, 1 failed' },
      { ...run, name: 'checkout-old-1', revision: 'old', phase: 'Successful', message: null },
    ];
    expect(rolloutOf(workloadOf('argo-analysis-running'), { ...quiet, analyses }).analysis).toEqual([
      { name: 'checkout-new-2', phase: 'Failed', message: 'success-rate Failed, 1 failed' },
    ]);
    expect(rolloutOf(workloadOf('argo-paused-inconclusive'), quiet).analysis).toEqual([
      { name: 'checkout-new-2-2', phase: 'Inconclusive', message: 'success-rate was inconclusive' },
    ]);
  });
});

describe('percent', () => {
  const complete = rolloutOf(workloadOf('deployment-complete'), quiet);
  const stand = (percent: number, change: Partial<RolloutFacts> = {}): RolloutFacts => ({
    ...complete,
    phase: 'updating',
    percent,
    ...change,
  });
  const follow = (steps: readonly (readonly [string, RolloutFacts])[]): readonly RolloutFacts[] => {
    let last: LastStand | null = null;
    return steps.map(([revision, rollout]) => {
      const steady = steadyPercent(last, revision, rollout);
      last = steady.last;
      return steady.rollout;
    });
  };

  test('stays where it was without a reason', () => {
    expect(
      follow([
        ['a', stand(40)],
        ['a', stand(30)],
        ['a', stand(50)],
      ]).map(({ percent }) => percent),
    ).toEqual([40, 40, 50]);
  });

  test('goes back with a reason, said until it goes on', () => {
    const shown = follow([
      ['a', complete],
      ['b', stand(0)],
      ['b', stand(0)],
      ['b', stand(20)],
      ['b', stand(15, { available: 5 })],
      ['b', stand(10, { available: 5, desired: 9 })],
    ]);
    expect(shown.map(({ percent, because }) => [percent, because])).toEqual([
      [100, null],
      [0, 'new revision b'],
      [0, 'new revision b'],
      [20, null],
      [15, 'available 6 -> 5'],
      [10, 'replicas 6 -> 9'],
    ]);
  });
});

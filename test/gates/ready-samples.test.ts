import { describe, expect, test } from 'vitest';
import { readySample } from '../../src/gates/ready-samples.ts';
import type { ClusterFacts, SelectionOwner } from '../../src/gates/workload.ts';
import { facts, live, now, pod, pods, rollout, workload } from './support/facts.ts';

const moment = { at: now, changedAt: now - 300_000 };
const withWorkload = (change: Parameters<typeof workload>[0]): ClusterFacts => facts({ workloads: [workload(change)] });

describe('pods', () => {
  const ready = (counts: Parameters<typeof pods>[0], troubled: Parameters<typeof pod>[0][] = []) =>
    readySample(
      facts({
        selections: { 'app=web': { source: live(), counts: pods(counts), troubled: troubled.map(pod), owners: [] } },
      }),
      'app=web',
      moment,
    );

  test('are ready when all that count are', () => {
    expect(ready({ OK: 3, TERMINATING: 2, DONE: 1, REPLACED: 1 })).toMatchObject({
      kind: 'GOOD',
      value: '3 of 3 ready',
    });
    expect(ready({ OK: 3, PROGRESSING: 1 })).toMatchObject({ kind: 'BAD', pace: 'underway', value: '3 of 4 ready' });
    expect(ready({})).toMatchObject({ kind: 'BAD', because: 'no pods match app=web' });
  });

  test('with old restarts that are ready are ready; those that are not, are not', () => {
    expect(ready({ OK: 2, WARN: 1 }, [{ class: 'WARN', ready: true }])).toMatchObject({
      kind: 'GOOD',
      value: '3 of 3 ready',
    });
    expect(ready({ OK: 2, WARN: 1 }, [{ class: 'WARN', reason: 'not ready for 5 min' }])).toMatchObject({
      kind: 'BAD',
      pace: null,
    });
  });

  test('that fail are BAD for good, on a node that does not answer unknown', () => {
    expect(ready({ OK: 2, FAILING: 1 }, [{ class: 'FAILING', reason: 'OOMKilled' }])).toMatchObject({
      pace: 'terminal',
      because: 'OOMKilled (checkout-7d9f-a)',
    });
    expect(ready({ OK: 2, UNKNOWN: 1 })).toMatchObject({ kind: 'GREY' });
  });

  test('of the target are counted against what is wanted', () => {
    expect(readySample(facts(), null, moment)).toMatchObject({ kind: 'GOOD', value: '6 of 6 ready' });
    expect(readySample(withWorkload({ newPods: pods({ OK: 4 }) }), null, moment)).toMatchObject({
      kind: 'BAD',
      value: '4 of 6 ready',
    });
  });

  test('of a selector that nobody watches yet are no data', () => {
    expect(readySample(facts(), 'app=new', moment).kind).toBe('NO-DATA');
  });
});

const updating = (change: Parameters<typeof rollout>[0] = {}) =>
  rollout({ phase: 'updating', text: 'UPDATING', ...change });
const waiting = rollout({ phase: 'waiting-for-controller', text: 'WAITING FOR CONTROLLER' });

describe('pods of the target, after a change', () => {
  const ready = (change: Parameters<typeof workload>[0]) => readySample(withWorkload(change), null, moment);

  test('are not ready with those of the revision before', () => {
    const old = { newPods: pods({}), oldPods: pods({ OK: 6 }) };
    expect(ready({ ...old, rollout: waiting })).toMatchObject({
      kind: 'BAD',
      pace: 'underway',
      because: 'the controller has not seen the change of deployment/checkout',
    });
    expect(ready({ ...old, rollout: updating() })).toMatchObject({ kind: 'BAD', value: '0 of 6 ready' });
    const some = { newPods: pods({ OK: 2 }), oldPods: pods({ OK: 4 }), rollout: updating() };
    expect(ready(some)).toMatchObject({ kind: 'BAD', pace: 'underway', value: '2 of 6 ready' });
    const all = { newPods: pods({ OK: 6 }), oldPods: pods({ OK: 2 }), rollout: rollout({ phase: 'draining' }) };
    expect(ready(all)).toMatchObject({ kind: 'GOOD', value: '6 of 6 ready' });
  });

  test('are not ready while the controller cannot make them', () => {
    const because = 'exceeded quota: compute';
    const failing = rollout({ phase: 'failing', text: 'FAILING', because });
    expect(ready({ rollout: failing })).toMatchObject({ kind: 'BAD', because: `deployment/checkout: ${because}` });
    const failed = rollout({ phase: 'failed', text: 'FAILED', because: 'deadline' });
    expect(ready({ rollout: failed })).toMatchObject({ kind: 'BAD', pace: 'terminal' });
  });

  test('count with old ones where those stay on purpose, but not without a new one', () => {
    const step = { index: 2, of: 4, weight: 20 };
    const paused = rollout({ phase: 'paused', text: 'PAUSED step 2/4, 20 %', step });
    expect(ready({ newPods: pods({ OK: 1 }), oldPods: pods({ OK: 5 }), rollout: paused })).toMatchObject({
      kind: 'GOOD',
      value: '6 of 6 ready',
    });
    expect(ready({ newPods: pods({}), oldPods: pods({ OK: 6 }), rollout: paused })).toMatchObject({ kind: 'BAD' });
  });

  test('of a Job are those of the try that counts', () => {
    const tried = {
      kind: 'Job',
      newPods: pods({ FAILING: 1, DONE: 1 }),
      troubled: [pod({ class: 'FAILING' })],
    } as const;
    expect(ready({ ...tried, rollout: rollout({ desired: 1 }) })).toMatchObject({ kind: 'GOOD', value: 'COMPLETE' });
    expect(ready({ ...tried, rollout: updating({ desired: 1 }) })).toMatchObject({ kind: 'BAD', pace: 'underway' });
  });
});

describe('pods of a selector, after a change', () => {
  const seen = (
    counts: Parameters<typeof pods>[0],
    owner: Partial<SelectionOwner>,
    change: Parameters<typeof workload>[0],
    changedAt: number | null = moment.changedAt,
  ) => {
    const owners = [{ reference: 'deployment/checkout', newPods: 0, oldPods: 0, isWhole: true, ...owner }];
    const selections = { 'app=checkout': { source: live(), counts: pods(counts), troubled: [], owners } };
    return readySample(facts({ workloads: [workload(change)], selections }), 'app=checkout', { at: now, changedAt });
  };

  test('that are all old prove nothing while their workload is not rolled out', () => {
    const old = { newPods: pods({}), oldPods: pods({ OK: 6 }) };
    expect(seen({ OK: 6 }, { oldPods: 6 }, { ...old, rollout: waiting })).toMatchObject({
      kind: 'BAD',
      pace: 'underway',
    });
    expect(seen({ OK: 6 }, { oldPods: 6 }, { ...old, rollout: updating() })).toMatchObject({ kind: 'BAD' });
    expect(seen({ OK: 3 }, { oldPods: 3, isWhole: false }, { ...old, rollout: updating() })).toMatchObject({
      because: 'its pods are of the revision before: deployment/checkout UPDATING',
    });
    expect(seen({ OK: 6 }, { newPods: 6 }, {}).kind).toBe('GOOD');
    expect(seen({ OK: 6 }, { oldPods: 6 }, { ...old, rollout: waiting }, null).kind).toBe('GOOD');
  });

  test('of a workload that has none yet are not ready with those of another', () => {
    const none = { newPods: pods({}), oldPods: pods({}), rollout: updating({ desired: 1 }) };
    expect(seen({ OK: 9 }, {}, none)).toMatchObject({
      kind: 'BAD',
      because: 'deployment/checkout: 0 of 1 new',
    });
  });

  test('are enough only when all that are wanted are new', () => {
    const half = { newPods: pods({ OK: 3 }), oldPods: pods({ OK: 3 }), rollout: updating() };
    expect(seen({ OK: 6 }, { newPods: 3, oldPods: 3 }, half)).toMatchObject({
      kind: 'BAD',
      value: '6 of 6 ready',
      because: 'deployment/checkout: 3 of 6 new, 3 of the revision before',
    });
    expect(seen({ OK: 3 }, { newPods: 3, isWhole: false }, half).kind).toBe('GOOD');
  });

  test('of a workload that cannot be read are not known', () => {
    const denied = live({ state: 'denied', because: 'no permission (list replicasets)' });
    expect(seen({ OK: 6 }, { newPods: 6 }, { source: denied })).toMatchObject({ kind: 'ERROR' });
  });
});

import { describe, expect, test } from 'vitest';
import { rolloutSample } from '../../src/gates/cluster-samples.ts';
import { restartsSample, stateCriterion } from '../../src/gates/criterion-samples.ts';
import { readySample } from '../../src/gates/ready-samples.ts';
import type { ClusterFacts } from '../../src/gates/workload.ts';
import { facts, live, now, pod, pods, rollout, workload } from './support/facts.ts';

const moment = { at: now, changedAt: now - 300_000 };
const of = (found: ClusterFacts | null, at = moment) => rolloutSample(found, 'deployment/checkout', at);
const withWorkload = (change: Parameters<typeof workload>[0]): ClusterFacts => facts({ workloads: [workload(change)] });

describe('a rollout', () => {
  test('is good once it is complete and 60 s stable', () => {
    expect(of(facts())).toMatchObject({ kind: 'GOOD', value: 'COMPLETE, stable' });
    expect(of(withWorkload({ stableSince: now - 59_000 }))).toMatchObject({ kind: 'BAD', pace: 'underway' });
    expect(of(withWorkload({ stableSince: null }))).toMatchObject({ kind: 'BAD', pace: 'underway' });
  });

  test('is not stable for the time in which nobody saw it', () => {
    const source = live({ state: 'reconnecting', freshAt: now - 30_000, tries: 1, because: 'connection refused' });
    expect(of(withWorkload({ source, stableSince: now - 80_000 }))).toMatchObject({ kind: 'BAD', pace: 'underway' });
    expect(of(withWorkload({ source, stableSince: now - 95_000 })).kind).toBe('GOOD');
    expect(of(withWorkload({ source, stableSince: now - 80_000 })).because).toMatch(
      /^not seen since .*: connection refused$/,
    );
  });

  test('of a connection that fails again and again is not known', () => {
    const refused = live({ state: 'reconnecting', freshAt: now - 8_000, tries: 2, because: 'connection refused' });
    const lost = { kind: 'NO-DATA', missing: 'empty', because: 'reconnecting: connection refused' };
    expect(of(withWorkload({ source: refused }))).toMatchObject(lost);
    expect(readySample(withWorkload({ source: refused }), null, moment)).toMatchObject(lost);
    const check = { kind: 'failing' } as const;
    expect(stateCriterion(check, facts({ source: refused }), moment, 0).sample).toMatchObject(lost);
    expect(readySample(withWorkload({ source: { ...refused, tries: 1 } }), null, moment).kind).toBe('GOOD');
    expect(of(withWorkload({ source: { ...refused, freshAt: now - 46_000 } }))).toMatchObject({ missing: 'stale' });
  });

  test('that was complete before the last change is no proof', () => {
    expect(of(facts(), { at: now, changedAt: now - 30_000 })).toMatchObject({ kind: 'BAD', pace: 'underway' });
    const waits = { kind: 'BAD', pace: 'underway', because: 'not read anew since the last change' };
    const changed = { at: now, changedAt: now - 100_000 };
    for (const provenAt of [null, now - 100_000, now - 98_001]) {
      const before = withWorkload({ source: live({ provenAt }), stableSince: now - 90_000 });
      expect(of(before, changed)).toMatchObject(waits);
      expect(readySample(before, null, changed)).toMatchObject(waits);
      const check = { kind: 'restarts', comparison: { op: '<=', value: 0 }, windowMs: null } as const;
      expect(restartsSample(check, before, changed, 0)).toMatchObject(waits);
    }
    const after = withWorkload({ source: live({ provenAt: now - 98_000 }), stableSince: now - 90_000 });
    expect(of(after, changed).kind).toBe('GOOD');
    expect(readySample(after, null, changed).kind).toBe('GOOD');
    expect(rolloutSample(facts(), 'deployment/checkout', { at: now, changedAt: 'running' })).toMatchObject(waits);
  });

  test('written short names the same workload', () => {
    expect(rolloutSample(facts(), 'deploy/checkout', moment).kind).toBe('GOOD');
    expect(rolloutSample(facts(), 'sts/checkout', moment)).toMatchObject({ kind: 'ERROR' });
  });

  test.each([
    ['waiting-for-controller', 'underway'],
    ['paused', 'underway'],
    ['updating', 'underway'],
    ['draining', 'underway'],
    ['waiting', 'underway'],
    ['ending', 'underway'],
    ['failing', null],
    ['failed', 'terminal'],
  ] as const)('%s is BAD, %s', (phase, pace) => {
    expect(of(withWorkload({ rollout: rollout({ phase, text: phase }) }))).toMatchObject({ kind: 'BAD', pace });
  });

  test.each(['DOOMED', 'FAILING'] as const)('with a new pod that is %s is BAD for good', (name) => {
    const reason = 'ErrImagePull: manifest unknown';
    const found = withWorkload({
      rollout: rollout({ phase: 'updating', text: 'UPDATING 1/6' }),
      troubled: [pod({ class: name, reason })],
    });
    expect(of(found)).toMatchObject({ kind: 'BAD', pace: 'terminal', because: `${reason} (checkout-7d9f-a)` });
  });

  test('is not failed by pods of the revision before', () => {
    const found = withWorkload({ troubled: [pod({ class: 'FAILING', isNew: false })] });
    expect(of(found).kind).toBe('GOOD');
  });

  test('of a Job fails when its condition Failed says so, not with a try that failed', () => {
    const failed = pod({ class: 'FAILING', reason: 'Error, exit 1' });
    const job = { kind: 'Job', troubled: [failed], newPods: pods({ FAILING: 1 }) } as const;
    const running = rollout({ phase: 'updating', text: 'RUNNING 0/1 done', because: '1 failed try, 3 allowed' });
    expect(of(withWorkload({ ...job, rollout: running }))).toMatchObject({
      kind: 'BAD',
      pace: 'underway',
      because: '1 failed try, 3 allowed',
    });
    expect(of(withWorkload(job))).toMatchObject({ kind: 'GOOD', value: 'COMPLETE, stable' });
    const over = rollout({ phase: 'failed', text: 'FAILED', because: 'BackoffLimitExceeded' });
    expect(of(withWorkload({ ...job, rollout: over }))).toMatchObject({
      pace: 'terminal',
      because: 'BackoffLimitExceeded',
    });
    const doomed = [pod({ class: 'DOOMED', reason: 'ErrImagePull: manifest unknown' })];
    expect(of(withWorkload({ ...job, rollout: running, troubled: doomed }))).toMatchObject({ pace: 'terminal' });
  });

  test('of a source that does not answer is never good', () => {
    expect(of(withWorkload({ source: live({ state: 'stale', freshAt: now - 50_000 }) }))).toMatchObject({
      kind: 'NO-DATA',
      missing: 'stale',
    });
    expect(of(withWorkload({ source: live({ freshAt: now - 45_001 }) }))).toMatchObject({
      kind: 'NO-DATA',
      missing: 'stale',
    });
    expect(of(withWorkload({ source: live({ state: 'loading', freshAt: null }) }))).toMatchObject({ kind: 'NO-DATA' });
    for (const state of ['denied', 'error'] as const)
      expect(of(withWorkload({ source: live({ state, because: 'why' }) }))).toMatchObject({
        kind: 'ERROR',
        because: 'why',
      });
    expect(of(null).kind).toBe('ERROR');
  });

  test.each([
    ['denied', 'no permission (list pods)', 'ask for the right', 'no permission (list pods); ask for the right'],
    ['login-expired', 'LOGIN EXPIRED', 'run aws sso login', 'LOGIN EXPIRED; run aws sso login'],
    ['login-expired', 'aws failed: exit 255', null, 'LOGIN EXPIRED (aws failed: exit 255)'],
  ] as const)(
    'without the right or the login it says which and what to do: %s, %s',
    (state, because, nextStep, words) => {
      const source = live({ state, because, nextStep, freshAt: now - 300_000 });
      expect(of(withWorkload({ source }))).toMatchObject({ kind: 'ERROR', because: words });
    },
  );

  test('of a workload that nobody watches says why it can never be judged', () => {
    const none = facts({ workloads: [], source: live({ state: 'loading', freshAt: null }) });
    expect(of(none)).toMatchObject({ kind: 'ERROR', because: expect.stringContaining('target.workloads') });
    expect(readySample(none, null, { at: now, changedAt: null })).toMatchObject({
      kind: 'ERROR',
      because: 'no workloads are watched: name them under target.workloads of the runbook that is started',
    });
  });

  test('of a workload that does not exist is BAD', () => {
    const found = withWorkload({
      source: live({ state: 'not-found', because: 'deployment/checkout not found in shop' }),
      rollout: null,
    });
    expect(of(found)).toMatchObject({ kind: 'BAD', because: 'deployment/checkout not found in shop' });
  });
});

describe('criteria over the workloads', () => {
  const at = { at: now, changedAt: null };

  test('a try of a Job that failed is no breach until the Job has failed', () => {
    const tried = { kind: 'Job', newPods: pods({ FAILING: 1 }), troubled: [pod({ class: 'FAILING' })] } as const;
    const again = withWorkload({ ...tried, rollout: rollout({ phase: 'updating', text: 'RUNNING 0/1 done' }) });
    expect(stateCriterion({ kind: 'failing' }, again, at, now).sample.kind).toBe('GOOD');
    const failed = withWorkload({ ...tried, rollout: rollout({ phase: 'failed', text: 'FAILED' }) });
    expect(stateCriterion({ kind: 'failing' }, failed, at, now).sample.kind).toBe('BAD');
  });

  test('failing pods are the breach, a doomed one at once', () => {
    const failing = withWorkload({
      newPods: pods({ OK: 4, FAILING: 2 }),
      troubled: [pod({ class: 'FAILING', reason: 'CrashLoopBackOff' })],
    });
    expect(stateCriterion({ kind: 'failing' }, failing, at, now)).toMatchObject({
      amount: 2,
      sample: { kind: 'BAD', value: '2 failing', pace: null },
    });
    const doomed = withWorkload({ newPods: pods({ DOOMED: 1 }) });
    expect(stateCriterion({ kind: 'failing' }, doomed, at, now).sample.pace).toBe('terminal');
    expect(stateCriterion({ kind: 'failing' }, facts(), at, now).sample.kind).toBe('GOOD');
  });

  test('restarts count inside their window, in a gate they state health', () => {
    const found = withWorkload({ restartTimes: [now - 400_000, now - 200_000, now - 1000] });
    const check = { kind: 'restarts', comparison: { op: '>', value: 1 }, windowMs: 300_000 } as const;
    expect(stateCriterion(check, found, at, now - 500_000)).toMatchObject({ amount: 2, sample: { kind: 'BAD' } });
    expect(restartsSample({ ...check, comparison: { op: '<=', value: 2 } }, found, at, now).kind).toBe('GOOD');
    expect(
      restartsSample({ ...check, comparison: { op: '<=', value: 2 }, windowMs: null }, found, at, now - 500_000).kind,
    ).toBe('BAD');
  });

  test('the deadline is the controller’s', () => {
    const late = withWorkload({ rollout: rollout({ phase: 'failed', because: 'ProgressDeadlineExceeded' }) });
    expect(stateCriterion({ kind: 'deadline' }, late, at, now).sample).toMatchObject({ kind: 'BAD', pace: 'terminal' });
    expect(stateCriterion({ kind: 'deadline' }, facts(), at, now).sample.kind).toBe('GOOD');
  });

  test('a workload that does not exist yet is not yet, a source that is silent is not', () => {
    const missing = withWorkload({ source: live({ state: 'not-found' }) });
    expect(stateCriterion({ kind: 'failing' }, missing, at, now).notYet).toBe(true);
    const stale = facts({ source: live({ state: 'stale' }) });
    expect(stateCriterion({ kind: 'failing' }, stale, at, now)).toMatchObject({
      notYet: false,
      sample: { kind: 'NO-DATA' },
    });
  });
});

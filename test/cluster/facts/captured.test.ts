import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PodClass, RolloutPhase } from '../../../src/gates/workload.ts';
import { factsOf } from './captured.ts';

type Counts = Partial<Record<PodClass, number>>;

// What real controllers, scheduler and a played kubelet wrote; seconds are those since the last of it.
const stands: readonly (readonly [string, number, RolloutPhase, Counts, Counts, RegExp | null])[] = [
  ['complete', 1, 'complete', { OK: 2 }, {}, null],
  ['config-error', 1, 'updating', { DOOMED: 1 }, { OK: 2 }, /^CreateContainerConfigError in app: configmap/],
  ['container-creating', 1, 'updating', { PROGRESSING: 1 }, { OK: 2 }, null],
  ['container-creating', 65, 'updating', { STUCK: 1 }, { OK: 2 }, /^FailedMount/],
  ['crash-after-ready', 1, 'waiting', { FAILING: 2 }, {}, /^CrashLoopBackOff in app: 1 restart, last exit 1/],
  ['crash-loop', 1, 'updating', { FAILING: 1 }, { OK: 2 }, /^CrashLoopBackOff in app: 2 restarts, last exit 1/],
  ['deadline-exceeded', 1, 'failed', { DOOMED: 1 }, { OK: 2 }, /not found$/],
  ['evicted', 1, 'complete', { OK: 2, REPLACED: 1 }, {}, /^Evicted: The node was low on resource: memory/],
  ['image-denied', 1, 'updating', { DOOMED: 1 }, { OK: 2 }, /access denied/],
  ['image-never-pull', 1, 'updating', { DOOMED: 1 }, { OK: 2 }, /^ErrImageNeverPull in app/],
  ['image-not-found', 1, 'updating', { DOOMED: 1 }, { OK: 2 }, /checkout:1\.43\.0-missing: not found$/],
  ['image-pull-first-error', 1, 'updating', { DOOMED: 1 }, { OK: 2 }, /not found$/],
  ['init-crash', 1, 'waiting', { FAILING: 1 }, {}, /^CrashLoopBackOff in migrate/],
  ['invalid-image-name', 1, 'updating', { DOOMED: 1 }, { OK: 2 }, /^InvalidImageName in app/],
  ['job-complete', 1, 'complete', { DONE: 1 }, {}, null],
  ['job-failed', 1, 'failed', { FAILING: 2 }, {}, /^Error in app: exit 1/],
  ['not-ready', 1, 'updating', { PROGRESSING: 1 }, { OK: 2 }, null],
  ['not-ready', 65, 'updating', { WARN: 1 }, { OK: 2 }, /^not ready within 30 s: Readiness probe failed/],
  ['oom-killed', 1, 'updating', { FAILING: 1 }, { OK: 2 }, /last exit 137, OOMKilled$/],
  ['old-pods-ending', 1, 'ending', { OK: 2 }, { TERMINATING: 2 }, null],
  ['paused', 1, 'paused', {}, {}, null],
  ['quota-refused', 1, 'failing', { OK: 1 }, {}, null],
  ['registry-unreachable', 1, 'updating', { PROGRESSING: 1 }, { OK: 2 }, null],
  ['registry-unreachable', 65, 'updating', { STUCK: 1 }, { OK: 2 }, /i\/o timeout$/],
  ['rollout-degraded', 1, 'failed', { FAILING: 1 }, { OK: 4 }, /^CrashLoopBackOff in app/],
  ['rollout-healthy', 1, 'complete', { OK: 5 }, {}, null],
  ['rollout-paused', 1, 'paused', { OK: 1 }, { OK: 4 }, null],
  ['slow-start', 1, 'updating', { PROGRESSING: 1 }, { OK: 2 }, null],
  ['start-error', 1, 'updating', { FAILING: 1 }, { OK: 2 }, /last exit 128, StartError$/],
  ['statefulset-complete', 1, 'complete', { OK: 2 }, {}, null],
  ['statefulset-stuck', 1, 'updating', { FAILING: 1 }, { OK: 1 }, /^CrashLoopBackOff in app/],
  ['unschedulable', 1, 'waiting', { PROGRESSING: 1 }, {}, null],
  ['waiting-for-controller', 1, 'waiting-for-controller', {}, { OK: 2 }, null],
  ['unschedulable', 65, 'waiting', { STUCK: 1 }, {}, /^Unschedulable: 0\/2 nodes are available/],
];

const present = (counts: Readonly<Record<PodClass, number>>): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

describe('what real controllers write', () => {
  test.each(stands)('%s after %i s: %s', (name, seconds, phase, newPods, oldPods, reason) => {
    const facts = factsOf(name, seconds);
    expect(facts.rollout?.phase).toBe(phase);
    expect(present(facts.newPods)).toEqual(newPods);
    expect(present(facts.oldPods)).toEqual(oldPods);
    if (reason === null) expect(facts.troubled).toEqual([]);
    else expect(facts.troubled[0]?.reason).toMatch(reason);
  });

  test('every captured workload is told above or has its revisions elsewhere', () => {
    const files = readdirSync(join(import.meta.dirname, 'fixtures/captured')).map((file) => file.replace('.json', ''));
    // ControllerRevisions, which a DaemonSet's new pods are known by, were not captured with these.
    const untold = ['daemonset-complete', 'daemonset-stuck'];
    expect(files.filter((file) => !stands.some(([name]) => name === file) && !untold.includes(file))).toEqual([]);
  });

  test('says why the quota refuses, and of which canary step it waits', () => {
    expect(factsOf('quota-refused', 1).rollout?.because).toMatch(/exceeded quota: one-pod/);
    expect(factsOf('rollout-paused', 1).rollout).toMatchObject({
      text: 'PAUSED step 2/4, 20 %',
      because: 'pause step of the canary',
      step: { index: 2, of: 4, weight: 20 },
    });
  });

  test('knows the new revision by its template, and its number', () => {
    expect(
      factsOf('crash-loop', 1).revisions.map(({ number, isNew, total, ready }) => ({ number, isNew, total, ready })),
    ).toEqual([
      { number: 2, isNew: true, total: 1, ready: 0 },
      { number: 1, isNew: false, total: 2, ready: 2 },
    ]);
  });

  test('pods of a revision that is not known make nothing stable', () => {
    expect(factsOf('daemonset-complete', 1)).toMatchObject({ rollout: { phase: 'complete' }, stableSince: null });
    expect(factsOf('complete', 1).stableSince).not.toBeNull();
  });
});

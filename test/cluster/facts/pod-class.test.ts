import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgePod } from '../../../src/cluster/facts/pod-class.ts';
import { seenPod } from '../../../src/cluster/facts/seen-pod.ts';
import { noPods, type PodClass } from '../../../src/gates/workload.ts';
import { type Circumstances, contextOf, eventOf, fixture, judge } from './support.ts';

const notFound = eventOf({
  reason: 'Failed',
  message:
    'Failed to pull image "registry.example/shop/not-found:v9": rpc error: code = NotFound desc = manifest unknown',
});
const mount = eventOf({
  reason: 'FailedMount',
  message: 'MountVolume.SetUp failed for volume "settings" : configmap "checkout" not found',
  firstTimestamp: '2026-11-20T14:00:02Z',
  lastTimestamp: '2026-11-20T14:01:10Z',
});
const unhealthy = eventOf({
  reason: 'Unhealthy',
  message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
});

const states: readonly (readonly [string, Circumstances, PodClass, string | RegExp | null])[] = [
  ['ok', { after: 60 }, 'OK', null],
  ['ok-with-sidecar', { after: 60 }, 'OK', null],
  ['ok', { after: 25, minReady: 30 }, 'PROGRESSING', /ready, counts as available after 30 s/],
  ['ok', { after: 51, minReady: 30 }, 'OK', null],
  ['ok', { stale: true }, 'UNKNOWN', /stale/],
  ['node-lost', {}, 'UNKNOWN', /^NodeLost: Node node-1/],
  ['ready-unknown', {}, 'UNKNOWN', /node does not answer/],
  ['terminating', { after: 620 }, 'TERMINATING', 'terminating'],
  ['terminating', { after: 690 }, 'TERMINATING', 'terminating'],
  ['terminating', { after: 691 }, 'STUCK', 'still terminating a minute after its grace period'],
  ['succeeded', {}, 'DONE', null],
  ['evicted', { replaced: true }, 'REPLACED', /^Evicted: The node was low on resource: memory/],
  ['evicted', { replaced: false }, 'FAILING', /^Evicted/],
  ['out-of-cpu', { replaced: true }, 'REPLACED', /^OutOfcpu/],
  ['image-not-found', {}, 'DOOMED', 'ImagePullBackOff in checkout: registry.example/shop/checkout:v9: not found'],
  ['image-unauthorized', {}, 'DOOMED', /401 Unauthorized$/],
  ['image-backoff-without-cause', { warnings: [notFound] }, 'DOOMED', 'ImagePullBackOff in checkout: manifest unknown'],
  ['image-backoff-without-cause', { after: 59 }, 'PROGRESSING', /^ImagePullBackOff in checkout/],
  ['image-backoff-without-cause', { after: 61 }, 'STUCK', /^ImagePullBackOff in checkout/],
  ['image-registry-down', { after: 59 }, 'PROGRESSING', /i\/o timeout$/],
  ['image-registry-down', { after: 61 }, 'STUCK', /^ErrImagePull in checkout: .*i\/o timeout$/],
  ['invalid-image-name', {}, 'DOOMED', /^InvalidImageName in checkout: .*invalid reference format$/],
  ['image-never-pull', {}, 'DOOMED', /^ErrImageNeverPull in checkout/],
  ['config-error', {}, 'DOOMED', 'CreateContainerConfigError in checkout: configmap "checkout-settings" not found'],
  ['config-cache', { after: 60 }, 'PROGRESSING', /failed to sync configmap cache/],
  ['config-cache', { after: 182 }, 'STUCK', /without change for over 3 min/],
  ['crash-loop', { after: 60 }, 'FAILING', 'CrashLoopBackOff in checkout: 3 restarts, last exit 1'],
  ['init-crash-loop', {}, 'FAILING', 'CrashLoopBackOff in migrate: 2 restarts, last exit 1'],
  ['sidecar-crash-loop', {}, 'FAILING', 'CrashLoopBackOff in proxy: 2 restarts, last exit 1'],
  ['init-error', {}, 'FAILING', 'Error in migrate: exit 3'],
  ['start-error', {}, 'FAILING', /^RunContainerError in checkout: OCI runtime create failed.*no such file/],
  ['create-container-error', {}, 'FAILING', 'CreateContainerError in checkout: context deadline exceeded'],
  ['post-start-hook', {}, 'FAILING', /^PostStartHookError in checkout/],
  ['oom-killed-now', { after: 30 }, 'FAILING', 'OOMKilled in checkout'],
  ['oom-killed-before', { after: 620, runBegan: 300 }, 'FAILING', 'OOMKilled in checkout: 1 restart'],
  ['oom-killed-before', { after: 621, runBegan: 300 }, 'WARN', '1 restart, last exit 137, OOMKilled'],
  ['restarted', { after: 60 }, 'FAILING', 'restarted in checkout: 1 restart, last exit 1'],
  ['restarted', { after: 60, runBegan: 30 }, 'WARN', '1 restart, last exit 1'],
  ['restarted-exit-zero', { after: 60 }, 'WARN', '1 restart, last exit 0'],
  ['exited', { after: 30 }, 'FAILING', 'Error in checkout: exit 2'],
  ['failed', {}, 'FAILING', 'Error in checkout: exit 1'],
  ['failed-deadline', {}, 'FAILING', /^DeadlineExceeded: Pod was active/],
  ['unschedulable', { after: 31 }, 'PROGRESSING', /^Unschedulable/],
  ['unschedulable', { after: 32 }, 'STUCK', 'Unschedulable: 0/3 nodes are available: 3 Insufficient cpu.'],
  ['scheduling-gated', { after: 3_600 }, 'PROGRESSING', /^SchedulingGated/],
  ['container-creating', { after: 100 }, 'PROGRESSING', 'ContainerCreating in checkout'],
  ['container-creating', { after: 181 }, 'PROGRESSING', 'ContainerCreating in checkout'],
  ['container-creating', { after: 182 }, 'STUCK', 'ContainerCreating in checkout without change for over 3 min'],
  ['container-creating', { after: 61, warnings: [mount] }, 'PROGRESSING', 'ContainerCreating in checkout'],
  ['container-creating', { after: 63, warnings: [mount] }, 'STUCK', /^FailedMount: MountVolume.SetUp failed/],
  ['scheduled-only', { after: 100 }, 'PROGRESSING', 'ContainerCreating in checkout'],
  ['scheduled-only', { after: 200 }, 'STUCK', /^ContainerCreating in checkout without change/],
  ['init-running', { after: 100 }, 'PROGRESSING', 'Init in migrate'],
  ['init-running', { after: 186 }, 'STUCK', 'Init in migrate without change for over 3 min'],
  ['not-ready', { after: 35 }, 'PROGRESSING', 'not ready yet'],
  ['not-ready', { after: 36 }, 'WARN', /^not ready within 30 s: containers with unready status/],
  ['not-ready', { after: 36, warnings: [unhealthy] }, 'WARN', /statuscode: 503$/],
  ['slow-start', { after: 335 }, 'PROGRESSING', 'not ready yet'],
  ['slow-start', { after: 336 }, 'WARN', /^not ready within 5 min 30 s/],
  ['readiness-gate-closed', { after: 30 }, 'PROGRESSING', /target-health\.example\/checkout/],
  ['readiness-gate-closed', { after: 60 }, 'WARN', /readiness gate target-health/],
];

describe('the class of a pod', () => {
  test.each(states)('%s, %o: %s', (name, circumstances, podClass, reason) => {
    const judgement = judge(name, circumstances);
    expect({ class: judgement.class, name }).toEqual({ class: podClass, name });
    if (reason === null || typeof reason === 'string') expect(judgement.reason).toBe(reason);
    else expect(judgement.reason).toMatch(reason);
  });

  test('every fixture is judged above, and every class is reached', () => {
    const files = readdirSync(join(import.meta.dirname, 'fixtures/pods')).map((file) => file.replace('.yaml', ''));
    expect(files.filter((file) => !states.some(([name]) => name === file))).toEqual([]);
    expect(new Set(states.map(([, , podClass]) => podClass))).toEqual(new Set(Object.keys(noPods)));
  });

  test('names the container whose logs tell more', () => {
    expect(judge('init-crash-loop').container).toBe('migrate');
    expect(judge('image-not-found').container).toBe('checkout');
  });

  test('is given to any object, however odd', () => {
    const pod = fixture('pods/crash-loop');
    fc.assert(
      fc.property(fc.object({ maxDepth: 4 }), fc.integer({ min: 0, max: 9_999 }), (odd, after) => {
        const seen = seenPod({ ...pod, spec: odd, status: { ...(pod.status as object), ...odd } });
        expect(seen === null ? 'OK' : judgePod(seen, contextOf({ after })).class in noPods).toBeTruthy();
      }),
      { numRuns: 200 },
    );
  });
});

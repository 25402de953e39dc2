import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { WorkloadFacts } from '../../src/gates/workload.ts';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { factsOf, type Watching, watchWorkloads } from './support/facts.ts';
import { deployment, podTemplate } from './support/manifests.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 2 });
});
afterAll(() => cluster?.stop());

const image = (tag: string): string => `registry.example/shop/checkout:${tag}`;

const watching = (...workloads: readonly string[]): Watching => {
  const watched = watchWorkloads(cluster, workloads);
  onTestFinished(() => watched.close());
  return watched;
};

const isComplete = ({ rollout, newPods }: WorkloadFacts): boolean =>
  rollout?.phase === 'complete' && newPods.OK === rollout.desired;

/** A Deployment that is rolled out, and a watch of it. */
const rolledOut = async (name: string, spec: object = {}, annotations = {}): Promise<Watching> => {
  const template = podTemplate({ name, image: image('1.42.0'), annotations });
  await cluster.apply(deployment({ name, image: image('1.42.0'), replicas: 2, spec: { template, ...spec } }));
  const watched = watching(`deployment/${name}`);
  await watched.workload(`deployment/${name}`, isComplete);
  return watched;
};

const setImage = async (workload: string, tag: string): Promise<void> => {
  const { exit, stderr } = await cluster.kubectl(['set', 'image', workload, `app=${image(tag)}`]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
};

describe('a Deployment', () => {
  test('rolls out, and a change by another hand is seen within 2 s', async () => {
    const { workload, until } = await rolledOut('checkout');
    const from = performance.now();
    await setImage('deployment/checkout', '1.43.0');
    const { foreignChanges } = await until('the change', (facts) => facts.foreignChanges.length > 0);
    expect(performance.now() - from).toBeLessThan(2_500);
    expect(foreignChanges).toMatchObject([
      { workload: 'deployment/checkout', by: 'kubectl-set', what: 'image app 1.42.0 -> 1.43.0' },
    ]);
    const facts = await workload('deployment/checkout', (seen) => isComplete(seen) && seen.revisions[0]?.number === 2);
    expect(facts.revisions.map(({ number, isNew, images }) => ({ number, isNew, images }))).toEqual([
      { number: 2, isNew: true, images: [image('1.43.0')] },
      { number: 1, isNew: false, images: [image('1.42.0')] },
    ]);
    expect(facts.stableSince).not.toBeNull();
  });

  test('a change of our own is not foreign', async () => {
    const { watch, workload, until } = await rolledOut('own');
    const from = Date.now();
    const own = { attempt: 1, from, drives: [], writes: null };
    watch.noteOwnChange({ ...own, to: null });
    await setImage('deployment/own', '1.43.0');
    watch.noteOwnChange({ ...own, to: Date.now() });
    await workload('deployment/own', (seen) => isComplete(seen) && seen.revisions[0]?.number === 2);
    expect((await until('facts', () => true)).foreignChanges).toEqual([]);
  });

  test('a bad image is doomed within 5 s of the pod, and going back is complete again', async () => {
    const { workload, watch } = await rolledOut('missing');
    await setImage('deployment/missing', '1.43.0-missing');
    const bad = await workload('deployment/missing', ({ newPods }) => newPods.DOOMED > 0);
    const [row] = bad.troubled;
    expect(row).toMatchObject({ class: 'DOOMED', isNew: true, container: 'app' });
    expect(row?.reason).toMatch(/^(ErrImagePull|ImagePullBackOff) in app: .*1\.43\.0-missing: not found$/);
    expect(Date.now() - (row?.createdAt ?? 0)).toBeLessThan(6_000);
    expect(bad.oldPods.OK).toBe(2);
    expect((await watch.describe(`pod/${row?.name}`)).join('\n')).toMatch(/Waiting|waiting: .*not found/);
    await cluster.kubectl(['rollout', 'undo', 'deployment/missing']);
    const back = await workload('deployment/missing', (seen) => isComplete(seen) && seen.revisions[0]?.number === 3);
    expect(back.troubled).toEqual([]);
  });

  test('a crash loop fails, its restarts are counted, its logs can be read', async () => {
    const { workload, watch } = await rolledOut('crashing');
    await setImage('deployment/crashing', '1.43.0-crash');
    const bad = await workload('deployment/crashing', ({ restartTimes }) => restartTimes.length >= 2, 60);
    const [row] = bad.troubled;
    expect(row).toMatchObject({ class: 'FAILING', hasPrevious: true, container: 'app' });
    expect(bad.stableSince).toBeNull();
    const lines: string[] = [];
    await new Promise<void>((resolve) => {
      const request = {
        namespace: 'default',
        pod: row?.name ?? '',
        container: 'app',
        previous: true,
        tailLines: 20,
        follow: false,
      };
      watch.logs(request, { line: (text) => lines.push(text), end: () => resolve() });
    });
    expect(lines.length).toBeGreaterThan(0);
  });

  test('out of memory fails', async () => {
    const { workload } = await rolledOut('hungry');
    await setImage('deployment/hungry', '1.43.0-oom');
    const bad = await workload('deployment/hungry', ({ newPods }) => newPods.FAILING > 0);
    expect(bad.troubled[0]?.reason).toMatch(/OOMKilled/);
  });

  test('past its deadline it has failed', async () => {
    const { workload } = await rolledOut('late', { progressDeadlineSeconds: 5 });
    await setImage('deployment/late', '1.43.0-missing');
    const { rollout } = await workload('deployment/late', (seen) => seen.rollout?.phase === 'failed');
    expect(rollout?.because).toMatch(/has timed out progressing/);
  });

  test('waits for a controller that stands still, then shows paused and old pods that end', async () => {
    const { workload } = await rolledOut('behind', {}, { 'gonogo.test/terminate-after': '5s' });
    const phases: string[] = [];
    const seen = (phase: string) => (facts: WorkloadFacts) => {
      if (facts.rollout !== null && phases.at(-1) !== facts.rollout.phase) phases.push(facts.rollout.phase);
      return facts.rollout?.phase === phase;
    };
    cluster.pauseController('kube-controller-manager');
    await setImage('deployment/behind', '1.43.0');
    await workload('deployment/behind', seen('waiting-for-controller'));
    cluster.resumeController('kube-controller-manager');
    await workload('deployment/behind', seen('ending'));
    await workload('deployment/behind', seen('complete'));
    await cluster.kubectl(['rollout', 'pause', 'deployment/behind']);
    await workload('deployment/behind', seen('paused'));
    expect(phases).toContain('ending');
  });
});

describe('other kinds', () => {
  const other = (kind: string, apiVersion: string, name: string, spec: object, tag = '1.42.0'): string =>
    JSON.stringify({
      apiVersion,
      kind,
      metadata: { name },
      spec: { selector: { matchLabels: { app: name } }, template: podTemplate({ name, image: image(tag) }), ...spec },
    });

  test('a StatefulSet stops at its partition; its new pods are known', async () => {
    const strategy = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } };
    await cluster.apply(other('StatefulSet', 'apps/v1', 'db', { replicas: 2, serviceName: 'db', ...strategy }));
    const { workload } = watching('sts/db');
    await workload('statefulset/db', isComplete);
    await setImage('statefulset/db', '1.43.0');
    const part = await workload(
      'statefulset/db',
      ({ rollout, newPods }) => rollout?.phase === 'complete' && newPods.OK === 1,
    );
    expect(part.rollout).toMatchObject({ text: 'COMPLETE 1/2, partition 1', step: { index: 1, of: 2, weight: 50 } });
    expect(part.oldPods.OK).toBe(1);
    expect(part.revisions.map(({ number, isNew }) => [number, isNew])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  test('a StatefulSet that waits for its pods to be deleted says so', async () => {
    const strategy = { updateStrategy: { type: 'OnDelete' } };
    await cluster.apply(other('StatefulSet', 'apps/v1', 'by-hand', { replicas: 1, serviceName: 'db', ...strategy }));
    const { workload } = watching('statefulset/by-hand');
    await workload('statefulset/by-hand', isComplete);
    await setImage('statefulset/by-hand', '1.43.0');
    const waiting = await workload('statefulset/by-hand', ({ rollout }) => rollout?.phase === 'updating');
    expect(waiting.rollout?.because).toMatch(/OnDelete/);
    await cluster.kubectl(['delete', 'pod', 'by-hand-0']);
    await workload('statefulset/by-hand', isComplete);
  });

  test('a DaemonSet rolls out and fails on its new pods', async () => {
    await cluster.apply(other('DaemonSet', 'apps/v1', 'agent', {}));
    const { workload } = watching('daemonset/agent');
    await workload('daemonset/agent', isComplete);
    await setImage('daemonset/agent', '1.43.0-missing');
    const bad = await workload('daemonset/agent', ({ newPods }) => newPods.DOOMED === 1);
    expect(bad.rollout).toMatchObject({ phase: 'updating', text: 'UPDATING 1/2' });
    expect(bad.oldPods.OK).toBe(1);
  });

  test('a Job is done, another fails', async () => {
    const job = (name: string, tag: string): string =>
      JSON.stringify({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name },
        spec: { backoffLimit: 1, template: podTemplate({ name, image: image(tag), pod: { restartPolicy: 'Never' } }) },
      });
    await cluster.apply(job('migrate', '1.42.0'));
    await cluster.apply(job('broken', '1.42.0-crash'));
    const { workload } = watching('job/migrate', 'job/broken');
    const failed = await workload('job/broken', ({ rollout }) => rollout?.phase === 'failed', 60);
    expect(failed.rollout?.because).toMatch(/^BackoffLimitExceeded/);
    await workload('job/migrate', ({ rollout, newPods }) => rollout?.phase === 'complete' && newPods.DONE === 1);
  });
});

describe('beside the workloads', () => {
  test('an autoscaler is an owner and a row; pods of any selector can be asked for', async () => {
    const { watch, until } = await rolledOut('scaled');
    await cluster.apply(
      JSON.stringify({
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'scaled' },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'scaled' },
          minReplicas: 2,
          maxReplicas: 5,
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
          ],
        },
      }),
    );
    watch.select('app=scaled');
    const facts = await until(
      'the autoscaler and the selection',
      ({ scalers, selections }) => scalers.length > 0 && selections['app=scaled']?.counts.OK === 2,
    );
    expect(facts.scalers).toEqual([{ reference: 'hpa/scaled', text: '0 of 2-5, cpu ?/80 %' }]);
    expect(factsOf(facts, 'deployment/scaled').owners).toEqual(['HPA scaled 2-5']);
  });

  test('events are of the workload and what it owns, equal ones collapsed', async () => {
    const { until } = await rolledOut('eventful');
    await setImage('deployment/eventful', '1.43.0-missing');
    const { events } = await until('a warning', (facts) => facts.events.some(({ type }) => type === 'Warning'));
    expect(events.every(({ object }) => object.includes('/eventful'))).toBe(true);
    expect(events.some(({ reason, type }) => type === 'Normal' && reason === 'ScalingReplicaSet')).toBe(true);
  });

  test('a workload that does not exist is not found until it does', async () => {
    const { workload, watch } = watching('deployment/later');
    const none = await workload('deployment/later', ({ source }) => source.state === 'not-found');
    expect(none.source.because).toBe('deployment/later not found in default');
    expect(await watch.store()).toEqual({
      workloads: [],
      missing: ['deployment/later is not there yet in default'],
    });
    await cluster.apply(deployment({ name: 'later', image: image('1.42.0') }));
    await workload('deployment/later', isComplete);
  });

  test('another user is told which right is missing', async () => {
    await rolledOut('secret');
    const kubeconfig = await cluster.kubeconfigFor('mallory');
    const watched = watchWorkloads(cluster, ['deployment/secret'], { kubeconfig });
    onTestFinished(() => watched.close());
    const { source } = await watched.workload('deployment/secret', (facts) => facts.source.state === 'denied');
    expect(source.because).toBe('no permission (list deployments)');
  });

  test('the spec that is stored can be applied again', async () => {
    const { watch } = await rolledOut('stored');
    const [stored] = (await watch.store()).workloads;
    expect(stored).toMatchObject({
      workload: 'deployment/stored',
      revision: '1',
      images: [image('1.42.0')],
      replicas: 2,
    });
    expect(stored?.manifest).not.toMatch(/managedFields|"status"/);
    const { exit } = await cluster.kubectl(['apply', '--dry-run=server', '-f', '-'], { input: stored?.manifest ?? '' });
    expect(exit).toBe(0);
    expect((await watch.describe('deployment/stored')).join('\n')).toMatch(/Replicas: +2 desired, 2 updated/);
  });
});

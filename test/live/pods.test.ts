import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { deployment, podTemplate } from './support/manifests.ts';
import { type Pod, podsOf } from './support/pods.ts';
import { waitFor } from './support/wait.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster?.stop());

/** Waits until the only pod of a workload is as asked. */
const podThat = (app: string, isSo: (pod: Pod) => boolean): Promise<Pod> =>
  waitFor(`the pod of ${app}`, async () => {
    const [pod] = await podsOf(cluster, app);
    if (pod && !isSo(pod)) throw new Error(JSON.stringify(pod.status));
    return pod;
  });

const eventsOf = async (pod: Pod): Promise<string[]> => {
  const { items } = await cluster.json<{ items: { type: string; reason: string; message: string }[] }>([
    'get',
    'events',
    `--field-selector=involvedObject.name=${pod.metadata.name},type=Warning`,
  ]);
  return items.map(({ reason, message }) => `${reason}: ${message}`);
};

const waits = (reason: string) => (pod: Pod) => pod.status.containerStatuses?.[0]?.state.waiting?.reason === reason;
const readyReason = (pod: Pod) => pod.status.conditions?.find(({ type }) => type === 'Ready');

interface WaitingCase {
  readonly app: string;
  readonly image: string;
  readonly reason: string;
  readonly message: RegExp | undefined;
  readonly event: string;
}

const waitingCases: readonly WaitingCase[] = [
  {
    app: 'missing',
    image: 'registry.example/checkout:missing',
    reason: 'ImagePullBackOff',
    message: /^Back-off pulling image "registry.example\/checkout:missing": ErrImagePull: .*: not found$/,
    event: 'Failed: Error: ImagePullBackOff',
  },
  {
    app: 'denied',
    image: 'registry.example/checkout:1.0-denied',
    reason: 'ImagePullBackOff',
    message: /pull access denied.*authorization failed$/,
    event: 'Failed: Error: ErrImagePull',
  },
  {
    app: 'unreachable',
    image: 'registry.example/checkout:unreachable',
    reason: 'ImagePullBackOff',
    message: /dial tcp 192.0.2.10:443: i\/o timeout$/,
    event: 'Failed: Error: ErrImagePull',
  },
  {
    app: 'invalid-name',
    image: 'registry.example/Checkout:1',
    reason: 'InvalidImageName',
    message: /couldn't parse image name "registry.example\/Checkout:1": invalid reference format/,
    event: 'Failed: Error: InvalidImageName',
  },
  {
    app: 'never-pull',
    image: 'checkout:never-pull',
    reason: 'ErrImageNeverPull',
    message: /is not present with pull policy of Never$/,
    event: 'Failed: Error: ErrImageNeverPull',
  },
  {
    app: 'bad-config',
    image: 'checkout:bad-config',
    reason: 'CreateContainerConfigError',
    message: /^configmap "checkout-config" not found$/,
    event: 'Failed: Error: configmap "checkout-config" not found',
  },
  {
    app: 'creating',
    image: 'checkout:creating',
    reason: 'ContainerCreating',
    message: undefined,
    event: 'FailedMount: MountVolume.SetUp failed for volume "settings" : configmap "checkout-settings" not found',
  },
];

describe('a pod that does not start', () => {
  test.for(waitingCases)('$app: $reason', async ({ app, image, reason, message, event }) => {
    await cluster.apply(deployment({ name: app, image }));
    const pod = await podThat(app, waits(reason));
    expect(pod.status.phase).toBe('Pending');
    expect(pod.status.containerStatuses?.[0]).toMatchObject({ ready: false, restartCount: 0 });
    const said = pod.status.containerStatuses?.[0]?.state.waiting?.message;
    if (message) expect(said).toMatch(message);
    else expect(said).toBeUndefined();
    expect(readyReason(pod)).toMatchObject({ status: 'False', reason: 'ContainersNotReady' });
    await waitFor('its event', async () => (await eventsOf(pod)).includes(event));
  });

  test('unschedulable, as the real scheduler says it', async () => {
    await cluster.apply(deployment({ name: 'nowhere', image: 'checkout:1', pod: { nodeSelector: { disk: 'none' } } }));
    const pod = await podThat('nowhere', (one) => one.status.conditions?.[0]?.type === 'PodScheduled');
    expect(pod.status.conditions?.[0]).toMatchObject({ status: 'False', reason: 'Unschedulable' });
    expect(pod.status.conditions?.[0]?.message).toMatch(
      /^0\/1 nodes are available: 1 node\(s\) didn't match Pod's node affinity/,
    );
  });
});

describe('a pod that does not stay up', () => {
  const ends = [
    { app: 'crash', image: 'checkout:2-crash', exitCode: 1, reason: 'Error' },
    { app: 'oom', image: 'checkout:2-oom', exitCode: 137, reason: 'OOMKilled' },
    { app: 'start-error', image: 'checkout:2-start-error', exitCode: 128, reason: 'StartError' },
  ];
  test.for(ends)('$app: CrashLoopBackOff after $reason ($exitCode), with more and more restarts', async (one) => {
    await cluster.apply(deployment({ name: one.app, image: one.image }));
    const looping = (restarts: number) => (pod: Pod) =>
      waits('CrashLoopBackOff')(pod) && (pod.status.containerStatuses?.[0]?.restartCount ?? 0) >= restarts;
    const first = await podThat(one.app, looping(1));
    expect(first.status.phase).toBe('Running');
    expect(first.status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: one.exitCode,
      reason: one.reason,
    });
    expect(first.status.containerStatuses?.[0]?.state.waiting?.message).toMatch(
      /^back-off 10s restarting failed container=app pod=/,
    );
    const later = await podThat(one.app, looping(2));
    expect(later.status.containerStatuses?.[0]?.state.waiting?.message).toMatch(/^back-off 20s /);
    expect(later.status.podIP).toBe(first.status.podIP);
    await waitFor('its event', async () =>
      (await eventsOf(later)).includes('BackOff: Back-off restarting failed container'),
    );
  });

  test('a crash after it was ready', async () => {
    await cluster.apply(deployment({ name: 'later', image: 'checkout:crash-after-2s' }));
    await podThat('later', (pod) => readyReason(pod)?.status === 'True');
    await podThat('later', waits('CrashLoopBackOff'));
  });

  test('an init container that crashes', async () => {
    const initContainers = [{ name: 'migrate', image: 'migrate:crash' }];
    await cluster.apply(deployment({ name: 'init', image: 'checkout:1', pod: { initContainers } }));
    const pod = await podThat(
      'init',
      (one) => one.status.initContainerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff',
    );
    expect(pod.status.phase).toBe('Pending');
    expect(pod.status.containerStatuses?.[0]?.state.waiting?.reason).toBe('PodInitializing');
  });
});

describe('a pod that runs', () => {
  test('is ready late', async () => {
    await cluster.apply(deployment({ name: 'slow', image: 'checkout:slow-3s' }));
    const pod = await podThat('slow', (one) => one.status.phase === 'Running');
    expect(readyReason(pod)?.status).toBe('False');
    await podThat('slow', (one) => readyReason(one)?.status === 'True');
  });

  test('is never ready', async () => {
    await cluster.apply(deployment({ name: 'unready', image: 'checkout:unready' }));
    const pod = await podThat('unready', (one) => one.status.containerStatuses?.[0]?.state.running !== undefined);
    expect(readyReason(pod)).toMatchObject({ status: 'False', reason: 'ContainersNotReady' });
    await waitFor('its event', async () =>
      (await eventsOf(pod)).includes('Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503'),
    );
  });

  test('is evicted, and replaced', async () => {
    await cluster.apply(deployment({ name: 'evicted', image: 'checkout:1' }));
    const pod = await podThat('evicted', (one) => readyReason(one)?.status === 'True');
    await cluster.kubectl(['label', 'pod', pod.metadata.name, 'gonogo.test/evict=true']);
    const both = await waitFor('the replacement', async () => {
      const pods = await podsOf(cluster, 'evicted');
      return pods.length === 2 && pods.some((one) => readyReason(one)?.status === 'True') ? pods : undefined;
    });
    expect(both.find((one) => one.metadata.name === pod.metadata.name)?.status).toMatchObject({
      phase: 'Failed',
      reason: 'Evicted',
    });
  });

  test('is Terminating as long as it is told to be', async () => {
    const annotations = { 'gonogo.test/terminate-after': '4s' };
    const template = podTemplate({ name: 'lingers', image: 'checkout:1', annotations }) as { metadata: object };
    const metadata = { ...template.metadata, name: 'lingers' };
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...template, metadata }));
    await podThat('lingers', (one) => readyReason(one)?.status === 'True');
    await cluster.kubectl(['delete', 'pod', 'lingers', '--wait=false']);
    expect((await podsOf(cluster, 'lingers'))[0]?.metadata.deletionTimestamp).toBeDefined();
    await waitFor('its end', async () => (await podsOf(cluster, 'lingers')).length === 0);
  });
});

describe('other workloads', () => {
  const workload = (kind: string, apiVersion: string, spec: object): string =>
    JSON.stringify({ apiVersion, kind, metadata: { name: kind.toLowerCase() }, spec });
  const template = (name: string, image: string, pod: object = {}) => podTemplate({ name, image, pod });

  test('a StatefulSet and a DaemonSet roll out', async () => {
    const selector = (app: string) => ({ selector: { matchLabels: { app } } });
    const sts = { replicas: 2, serviceName: 'db', ...selector('db'), template: template('db', 'db:1') };
    await cluster.apply(workload('StatefulSet', 'apps/v1', sts));
    await cluster.apply(
      workload('DaemonSet', 'apps/v1', { ...selector('agent'), template: template('agent', 'agent:1') }),
    );
    for (const name of ['statefulset/statefulset', 'daemonset/daemonset'])
      expect(await cluster.kubectl(['rollout', 'status', name, '--timeout=60s'])).toMatchObject({ exit: 0 });
  });

  test('a Job completes, and one that fails is Failed', async () => {
    const job = (app: string, image: string) => ({
      backoffLimit: 0,
      template: template(app, image, { restartPolicy: 'Never' }),
    });
    await cluster.apply(workload('Job', 'batch/v1', job('done', 'migrate:1')));
    const wait = (condition: string) =>
      cluster.kubectl(['wait', 'job/job', `--for=condition=${condition}`, '--timeout=60s']);
    expect(await wait('Complete')).toMatchObject({ exit: 0 });
    await cluster.kubectl(['delete', 'job', 'job']);
    await cluster.apply(workload('Job', 'batch/v1', job('failed', 'migrate:crash')));
    expect(await wait('Failed')).toMatchObject({ exit: 0 });
  });
});

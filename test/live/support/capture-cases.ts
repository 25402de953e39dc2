import type { LiveCluster } from './cluster-model.ts';
import { canary, deployment, podTemplate } from './manifests.ts';
import { type Pod, podsOf } from './pods.ts';
import { waitFor } from './wait.ts';

/** A workload, how it comes into the state, and when it is in it. */
export interface Captured {
  readonly name: string;
  readonly manifest: string;
  /** Kind and name of the workload. */
  readonly workload: string;
  /** Further steps, after the workload is there. */
  readonly then?: (cluster: LiveCluster) => Promise<unknown>;
  readonly until: (pods: readonly Pod[]) => boolean;
  /** What the workload itself must say, when the pods do not tell. */
  readonly says?: (workload: Workload) => boolean;
}

export interface Workload {
  readonly metadata: { readonly generation?: number };
  readonly status?: {
    readonly phase?: string;
    readonly observedGeneration?: number | string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  };
}

const hasCondition =
  (type: string, reason?: string) =>
  (one: Workload): boolean =>
    !!one.status?.conditions?.some((two) => two.type === type && (reason === undefined || two.reason === reason));

const isReady = (pod: Pod): boolean =>
  !!pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
const allReady = (count: number) => (pods: readonly Pod[]) =>
  pods.filter(isReady).length === count && pods.length === count;
const waits =
  (reason: string, restarts = 0) =>
  (pods: readonly Pod[]) =>
    pods.some((pod) =>
      [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])].some(
        ({ state, restartCount }) => state.waiting?.reason === reason && restartCount >= restarts,
      ),
    );

const image = (tag: string): string => `registry.example/shop/checkout:${tag}`;

const ofImage = (name: string, tag: string, until: Captured['until'], spec: object = {}): Captured => ({
  name,
  manifest: deployment({ name, image: tag.includes('/') ? tag : image(tag), replicas: 2, spec }),
  workload: `deployment/${name}`,
  until,
});

/** From a healthy first revision to a bad second one. */
const bad = (name: string, tag: string, until: Captured['until'], spec: object = {}): Captured => ({
  ...ofImage(name, '1.42.0', until, spec),
  then: async (cluster) => {
    await cluster.kubectl(['rollout', 'status', `deployment/${name}`, '--timeout=60s']);
    await cluster.kubectl(['set', 'image', `deployment/${name}`, `app=${tag.includes('/') ? tag : image(tag)}`]);
  },
});

const workload = (kind: string, apiVersion: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion, kind, metadata: { name }, spec });
const selected = (app: string, tag: string, pod: object = {}) => ({
  selector: { matchLabels: { app } },
  template: podTemplate({ name: app, image: image(tag), pod }),
});
const job = (name: string, tag: string) => ({
  backoffLimit: 1,
  template: podTemplate({ name, image: image(tag), pod: { restartPolicy: 'Never' } }),
});

export const deployments: readonly Captured[] = [
  ofImage('complete', '1.42.0', allReady(2)),
  bad('image-not-found', '1.43.0-missing', waits('ImagePullBackOff')),
  bad('image-pull-first-error', '1.43.0-missing', waits('ErrImagePull')),
  bad('image-denied', '1.43.0-denied', waits('ImagePullBackOff')),
  bad('registry-unreachable', '1.43.0-unreachable', waits('ImagePullBackOff')),
  bad('invalid-image-name', 'registry.example/shop/Checkout:1.43.0', waits('InvalidImageName')),
  bad('image-never-pull', '1.43.0-never-pull', waits('ErrImageNeverPull')),
  bad('config-error', '1.43.0-bad-config', waits('CreateContainerConfigError')),
  bad('container-creating', '1.43.0-creating', waits('ContainerCreating')),
  bad('crash-loop', '1.43.0-crash', waits('CrashLoopBackOff', 2)),
  bad('oom-killed', '1.43.0-oom', waits('CrashLoopBackOff', 1)),
  bad('start-error', '1.43.0-start-error', waits('CrashLoopBackOff', 1)),
  bad('crash-after-ready', '1.43.0-crash-after-3s', waits('CrashLoopBackOff', 1)),
  bad(
    'not-ready',
    '1.43.0-unready',
    (pods) => pods.length === 3 && pods.every((pod) => pod.status.phase === 'Running'),
  ),
  bad(
    'slow-start',
    '1.43.0-slow-8s',
    (pods) => pods.length === 3 && pods.every((pod) => pod.status.phase === 'Running'),
  ),
  {
    ...bad('deadline-exceeded', '1.43.0-missing', waits('ImagePullBackOff'), { progressDeadlineSeconds: 6 }),
    says: hasCondition('Progressing', 'ProgressDeadlineExceeded'),
  },
  {
    ...bad('waiting-for-controller', '1.43.0', () => true),
    then: async (cluster) => {
      await cluster.kubectl(['rollout', 'status', 'deployment/waiting-for-controller', '--timeout=60s']);
      cluster.pauseController('kube-controller-manager');
      await cluster.kubectl(['set', 'image', 'deployment/waiting-for-controller', `app=${image('1.43.0')}`]);
    },
    says: ({ metadata, status }) => metadata.generation !== status?.observedGeneration,
  },
  {
    ...bad('old-pods-ending', '1.43.0', () => true),
    manifest: deployment({
      name: 'old-pods-ending',
      image: image('1.42.0'),
      replicas: 2,
      spec: {
        template: podTemplate({
          name: 'old-pods-ending',
          image: image('1.42.0'),
          annotations: { 'gonogo.test/terminate-after': '30s' },
        }),
      },
    }),
    until: (pods) => pods.filter(({ metadata }) => metadata.deletionTimestamp).length === 2 && pods.length === 4,
  },
  { ...ofImage('paused', '1.42.0', () => true, { paused: true }) },
  {
    name: 'unschedulable',
    manifest: deployment({ name: 'unschedulable', image: image('1.42.0'), pod: { nodeSelector: { disk: 'none' } } }),
    workload: 'deployment/unschedulable',
    until: (pods) => pods.some(({ status }) => status.conditions?.[0]?.reason === 'Unschedulable'),
  },
  {
    name: 'init-crash',
    manifest: deployment({
      name: 'init-crash',
      image: image('1.42.0'),
      pod: { initContainers: [{ name: 'migrate', image: 'registry.example/shop/migrate:crash' }] },
    }),
    workload: 'deployment/init-crash',
    until: waits('CrashLoopBackOff', 1),
  },
  {
    name: 'quota-refused',
    manifest: deployment({ name: 'quota-refused', namespace: 'limited', image: image('1.42.0'), replicas: 2 }),
    workload: 'deployment/quota-refused',
    until: () => true,
    says: hasCondition('ReplicaFailure'),
  },
  {
    ...ofImage('evicted', '1.42.0', (pods) => pods.some(({ status }) => status.reason === 'Evicted')),
    then: async (cluster) => {
      await waitFor('both pods', async () => allReady(2)(await podsOf(cluster, 'evicted')));
      const [pod] = await podsOf(cluster, 'evicted');
      await cluster.kubectl(['label', 'pod', pod?.metadata.name ?? '', 'gonogo.test/evict=true']);
    },
  },
];

export const others: readonly Captured[] = [
  {
    name: 'statefulset-complete',
    manifest: workload('StatefulSet', 'apps/v1', 'statefulset-complete', {
      replicas: 2,
      serviceName: 'db',
      ...selected('statefulset-complete', '1.42.0'),
    }),
    workload: 'statefulset/statefulset-complete',
    until: allReady(2),
  },
  {
    name: 'statefulset-stuck',
    manifest: workload('StatefulSet', 'apps/v1', 'statefulset-stuck', {
      replicas: 2,
      serviceName: 'db',
      ...selected('statefulset-stuck', '1.42.0'),
    }),
    workload: 'statefulset/statefulset-stuck',
    then: async (cluster) => {
      await cluster.kubectl(['rollout', 'status', 'statefulset/statefulset-stuck', '--timeout=60s']);
      await cluster.kubectl(['set', 'image', 'statefulset/statefulset-stuck', `app=${image('1.43.0-crash')}`]);
    },
    until: waits('CrashLoopBackOff', 1),
  },
  {
    name: 'daemonset-complete',
    manifest: workload('DaemonSet', 'apps/v1', 'daemonset-complete', selected('daemonset-complete', '1.42.0')),
    workload: 'daemonset/daemonset-complete',
    until: allReady(2),
  },
  {
    name: 'daemonset-stuck',
    manifest: workload('DaemonSet', 'apps/v1', 'daemonset-stuck', selected('daemonset-stuck', '1.42.0-missing')),
    workload: 'daemonset/daemonset-stuck',
    until: waits('ImagePullBackOff'),
  },
  {
    name: 'job-complete',
    manifest: workload('Job', 'batch/v1', 'job-complete', job('job-complete', '1.42.0')),
    workload: 'job/job-complete',
    says: hasCondition('Complete'),
    until: (pods) => pods.some(({ status }) => status.phase === 'Succeeded'),
  },
  {
    name: 'job-failed',
    manifest: workload('Job', 'batch/v1', 'job-failed', job('job-failed', '1.42.0-crash')),
    workload: 'job/job-failed',
    says: hasCondition('Failed'),
    until: (pods) => pods.filter(({ status }) => status.phase === 'Failed').length === 2,
  },
];

/** Name of the pod's ReplicaSet. */
const hash = (pod: Pod): string => pod.metadata.name.replace(/-[^-]+$/, '');

const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }];
const rollout = (
  name: string,
  phase: string,
  next: string | undefined,
  until: Captured['until'],
  spec: object = {},
): Captured => ({
  says: ({ status }) => status?.phase === phase,
  name,
  manifest: canary({ name, image: image('1.42.0'), replicas: 5, spec }, steps),
  workload: `rollout/${name}`,
  ...(next
    ? {
        then: async (cluster) => {
          await waitFor(`${name} to be healthy`, async () => allReady(5)(await podsOf(cluster, name)));
          await cluster.kubectl(['argo', 'rollouts', 'set', 'image', name, `app=${image(next)}`]);
        },
      }
    : {}),
  until,
});
export const rollouts: readonly Captured[] = [
  rollout('rollout-healthy', 'Healthy', undefined, allReady(5)),
  rollout(
    'rollout-paused',
    'Paused',
    '1.43.0',
    (pods) => pods.length === 5 && new Set(pods.map(hash)).size === 2 && pods.every(isReady),
  ),
  rollout('rollout-degraded', 'Degraded', '1.43.0-crash', waits('CrashLoopBackOff', 1), { progressDeadlineSeconds: 5 }),
];

import { cannotStart, crashes, initCrashes } from './crash-stages.ts';
import { behaviour, endsWith, isIn, type Stage, type Step, stage, warning } from './stage-model.ts';
import { ended, podStatus, running, waiting } from './stage-templates.ts';

const capitalInName = '^[^:@]*[A-Z]';
/** Every image that is not simply run. */
const special = [
  capitalInName,
  endsWith(
    'missing|denied|unreachable|never-pull|bad-config|creating|start-error|unready|slow-[0-9]+s|(crash|oom)(-after-[0-9]+s)?',
  ),
].join('|');

const notStarted = (container: string): Step['look'] => ({ phase: 'Pending', ready: false, container });

const imagePull = (name: string, why: string): Stage[] => {
  const failed = `rpc error: code = ${why}`;
  return behaviour(name, endsWith(name), [
    {
      to: 'failed',
      from: ['New'],
      delay: { ms: 300 },
      event: ['Failed', 'Error: ErrImagePull'],
      look: notStarted(waiting('ErrImagePull', failed)),
    },
    {
      to: 'back-off',
      from: ['ErrImagePull'],
      delay: { ms: 1000 },
      event: ['Failed', 'Error: ImagePullBackOff'],
      look: notStarted(waiting('ImagePullBackOff', `Back-off pulling image "IMAGE": ErrImagePull: ${failed}`)),
    },
    {
      to: 'again',
      from: ['ImagePullBackOff'],
      delay: { ms: 20_000 },
      event: ['Failed', 'Error: ErrImagePull'],
      look: notStarted(waiting('ErrImagePull', failed)),
    },
  ]);
};

const pulling = 'failed to pull and unpack image "IMAGE": failed to resolve reference "IMAGE"';

const neverStarts = (name: string, image: string, step: Pick<Step, 'event'>, container: string): Stage[] =>
  behaviour(name, image, [{ to: 'waits', from: ['New'], delay: { ms: 300 }, ...step, look: notStarted(container) }]);

const becomesReadyLate = (): Stage[] =>
  behaviour('slow', endsWith('slow-[0-9]+s'), [
    { to: 'runs', from: ['New'], delay: { ms: 200 }, look: { phase: 'Running', ready: false, container: running } },
    {
      to: 'ready',
      from: ['Running'],
      delay: { ms: 5000, from: '[.spec.containers[].image | capture("slow-(?<time>[0-9]+s)$").time][0]' },
      look: { phase: 'Running', ready: true, container: running },
    },
  ]);

const neverReady = (): Stage[] =>
  behaviour('unready', endsWith('unready'), [
    {
      to: 'runs',
      from: ['New'],
      delay: { ms: 200 },
      event: ['Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503'],
      look: { phase: 'Running', ready: false, container: running },
    },
  ]);

const isAnything = `any((.spec.containers + (.spec.initContainers // []))[]; .image | test(${JSON.stringify(special)}))`;
const isOver = '.metadata.deletionTimestamp != null';
const look = { image: '.^', container: '' } as const;

const healthy = (): Stage[] => [
  stage(
    'pod-ready',
    [isIn(isOver, ['false']), { key: '.status.podIP', operator: 'DoesNotExist' }, isIn(isAnything, ['false'])],
    {},
    { statusTemplate: podStatus({ ...look, phase: 'Running', ready: true }) },
  ),
  stage(
    'pod-complete',
    [
      isIn(isOver, ['false']),
      isIn('.status.phase', ['Running']),
      isIn('.metadata.ownerReferences[]?.kind', ['Job']),
      isIn(isAnything, ['false']),
    ],
    { ms: 1000 },
    {
      statusTemplate: podStatus({
        ...look,
        image: '.',
        phase: 'Succeeded',
        ready: false,
        container: ended({ code: 0, reason: 'Completed' }),
      }),
    },
  ),
  stage(
    'pod-delete',
    [isIn(isOver, ['true'])],
    { ms: 100, from: '.metadata.annotations["gonogo.test/terminate-after"]' },
    { finalizers: { empty: true }, delete: true },
  ),
  stage(
    'pod-evict',
    [
      isIn(isOver, ['false']),
      isIn('.metadata.labels["gonogo.test/evict"]', ['true']),
      isIn('.status.phase', ['Running']),
    ],
    {},
    {
      ...warning(['Evicted', 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi.']),
      statusTemplate:
        'phase: Failed\nreason: Evicted\nmessage: "The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi."',
    },
  ),
];

/** Only healthy pods: for thousands of pods, where every further stage costs processor time. */
export const healthyStages = (): Stage[] => healthy();

/**
 * What the fake kubelet does with a pod is chosen by how the image of a container ends (`checkout:1.43.0-crash` or `checkout:crash`):
 *
 * | image ends with | pod |
 * |---|---|
 * | anything else | Running and Ready at once; a Job's pod succeeds after 1 s |
 * | `missing` | ErrImagePull, then ImagePullBackOff: "…: not found" |
 * | `denied` | the same: "pull access denied … authorization failed" |
 * | `unreachable` | the same: "dial tcp …: i/o timeout" |
 * | a capital letter in the name (`example/Checkout:1`) | InvalidImageName |
 * | `never-pull` | ErrImageNeverPull |
 * | `bad-config` | CreateContainerConfigError: configmap "checkout-config" not found |
 * | `creating` | ContainerCreating for ever, with FailedMount events |
 * | `crash` | exit 1, CrashLoopBackOff with more and more restarts; phase Failed when restartPolicy is Never |
 * | `crash-after-5s` | Ready for 5 s, then like `crash` |
 * | `oom` | OOMKilled (137), CrashLoopBackOff; `oom-after-5s` likewise after 5 s |
 * | `start-error` | RunContainerError, then CrashLoopBackOff with lastState StartError (128) |
 * | `slow-8s` | Running, Ready after 8 s |
 * | `unready` | Running, never Ready, with Unhealthy events |
 *
 * An init container that ends with `crash` gives Init:Error and Init:CrashLoopBackOff.
 * Label `gonogo.test/evict: "true"` on a running pod: Failed, Evicted.
 * Annotation `gonogo.test/terminate-after: 30s`: so long is the pod Terminating.
 * Unschedulable pods need no stage: the real scheduler runs (a nodeSelector that no Node has).
 * An event has the text of the kubelet's, but cannot name the image or the pod in it: kwok's events are fixed texts.
 */
export const allStages = (): Stage[] => [
  ...healthy(),
  ...imagePull('missing', `NotFound desc = ${pulling}: IMAGE: not found`),
  ...imagePull(
    'denied',
    `Unknown desc = ${pulling}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
  ),
  ...imagePull(
    'unreachable',
    `Unknown desc = ${pulling}: failed to do request: Head "https://registry.example/v2/": dial tcp 192.0.2.10:443: i/o timeout`,
  ),
  ...neverStarts(
    'invalid-name',
    capitalInName,
    { event: ['Failed', 'Error: InvalidImageName'] },
    waiting(
      'InvalidImageName',
      `Failed to apply default image tag "IMAGE": couldn't parse image name "IMAGE": invalid reference format: repository name must be lowercase`,
    ),
  ),
  ...neverStarts(
    'never-pull',
    endsWith('never-pull'),
    { event: ['Failed', 'Error: ErrImageNeverPull'] },
    waiting('ErrImageNeverPull', 'Container image "IMAGE" is not present with pull policy of Never'),
  ),
  ...neverStarts(
    'bad-config',
    endsWith('bad-config'),
    { event: ['Failed', 'Error: configmap "checkout-config" not found'] },
    waiting('CreateContainerConfigError', 'configmap "checkout-config" not found'),
  ),
  ...neverStarts(
    'creating',
    endsWith('creating'),
    {
      event: [
        'FailedMount',
        'MountVolume.SetUp failed for volume "settings" : configmap "checkout-settings" not found',
      ],
    },
    waiting('ContainerCreating'),
  ),
  ...crashes('crash', { code: 1, reason: 'Error' }),
  ...crashes('oom', { code: 137, reason: 'OOMKilled' }),
  ...cannotStart(),
  ...initCrashes(),
  ...becomesReadyLate(),
  ...neverReady(),
];

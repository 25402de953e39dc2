import {
  crashLoop,
  type Exit,
  ended,
  type PodLook,
  podStatus,
  running,
  runningAgain,
  waiting,
} from './stage-templates.ts';

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
export interface Stage {
  readonly apiVersion: 'kwok.x-k8s.io/v1alpha1';
  readonly kind: 'Stage';
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

interface Delay {
  readonly ms?: number;
  /** jq over the pod; a duration such as `8s`. */
  readonly from?: string;
}

interface Step {
  readonly to: string;
  /** States (see `stateOf`) in which it is taken. */
  readonly from: readonly string[];
  readonly delay: Delay;
  readonly event?: readonly [reason: string, message: string];
  readonly look: Omit<PodLook, 'image'>;
  /** Further jq conditions that must be true. */
  readonly when?: string;
}

const endsWith = (words: string): string => `[:-](${words})$`;
const capitalInName = '^[^:@]*[A-Z]';
/** Every image that is not simply run. */
const special = [
  capitalInName,
  endsWith(
    'missing|denied|unreachable|never-pull|bad-config|creating|start-error|unready|slow-[0-9]+s|(crash|oom)(-after-[0-9]+s)?',
  ),
].join('|');

/** jq: the state of the container that is meant: New, a waiting or terminated reason, Running (not ready) or Ready. */
const stateOf = (image: string, spec = 'containers', status = 'containerStatuses'): string =>
  `if .metadata.deletionTimestamp != null or .status.phase == "Failed" then "Over"
   elif any((.spec.${spec} // [])[]; .image | test(${JSON.stringify(image)})) | not then "Another"
   elif .status.${status} == null then "New"
   else first(.status.${status}[] | select(.image | test(${JSON.stringify(image)}))
     | .state.waiting.reason // .state.terminated.reason // (if .ready then "Ready" else "Running" end)) end`;

const isIn = (key: string, values: readonly string[]): object => ({ key, operator: 'In', values });

const stage = (name: string, conditions: readonly object[], delay: Delay, next: object): Stage => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    selector: { matchExpressions: conditions },
    delay: {
      durationMilliseconds: delay.ms ?? 0,
      ...(delay.from ? { durationFrom: { expressionFrom: delay.from } } : {}),
    },
    next,
  },
});

const warning = (event: Step['event']): object =>
  event ? { event: { type: 'Warning', reason: event[0], message: event[1] } } : {};

const behaviour = (name: string, image: string, steps: readonly Step[]): Stage[] =>
  steps.map(({ to, from, delay, event, look, when }) => {
    const state = look.init ? stateOf(image, 'initContainers', 'initContainerStatuses') : stateOf(image);
    const conditions = [isIn(state, from), ...(when ? [isIn(when, ['true'])] : [])];
    return stage(`${name}-${to}`, conditions, delay, {
      ...warning(event),
      statusTemplate: podStatus({ ...look, image }),
    });
  });

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

/** Runs for a while (or not at all), ends, is started again after ever the same back-off, ends again. */
const crashes = (name: string, exit: Exit): Stage[] => {
  const image = endsWith(`${name}(-after-[0-9]+s)?`);
  const lives = 'any(.spec.containers[]; .image | test("after-[0-9]+s$"))';
  const after = '[.spec.containers[].image | capture("after-(?<time>[0-9]+s)$").time][0]';
  const restarts = '.spec.restartPolicy != "Never"';
  const up = { phase: 'Running', ready: false } as const;
  const event = ['BackOff', 'Back-off restarting failed container'] as const;
  const over = ended(exit);
  return behaviour(name, image, [
    { to: 'runs', from: ['New'], delay: {}, when: lives, look: { phase: 'Running', ready: true, container: running } },
    { to: 'ends', from: ['Ready'], delay: { ms: 1000, from: after }, look: { ...up, container: over } },
    {
      to: 'ends-at-once',
      from: ['New'],
      delay: { ms: 300 },
      when: `(${lives} | not) and (${restarts})`,
      look: { ...up, container: over },
    },
    {
      to: 'fails',
      from: ['New'],
      delay: { ms: 500 },
      when: `(${lives} | not) and (${restarts} | not)`,
      look: { phase: 'Failed', ready: false, container: over },
    },
    {
      to: 'backs-off',
      from: [exit.reason],
      delay: { ms: 700 },
      event,
      when: restarts,
      look: { ...up, restarted: 1, container: crashLoop(exit) },
    },
    {
      to: 'runs-again',
      from: ['CrashLoopBackOff'],
      delay: { ms: 4000 },
      look: { ...up, restarted: 1, container: runningAgain },
    },
    { to: 'ends-again', from: ['Running'], delay: { ms: 1000 }, event, look: { ...up, container: crashLoop(exit) } },
  ]);
};

const startError: Exit = {
  code: 128,
  reason: 'StartError',
  message:
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/app/serve": stat /app/serve: no such file or directory: unknown',
};

const cannotStart = (): Stage[] => {
  const up = { phase: 'Running', ready: false } as const;
  const failed = ['Failed', `Error: ${startError.message}`] as const;
  const event = ['BackOff', 'Back-off restarting failed container'] as const;
  const before = 'lastState: {{ $old.lastState | toJson }}';
  return behaviour('start-error', endsWith('start-error'), [
    {
      to: 'ends',
      from: ['New'],
      delay: { ms: 300 },
      event: failed,
      look: { ...up, container: ended(startError) },
    },
    {
      to: 'backs-off',
      from: ['StartError'],
      delay: { ms: 700 },
      event,
      look: { ...up, restarted: 1, container: crashLoop(startError) },
    },
    {
      to: 'tries-again',
      from: ['CrashLoopBackOff'],
      delay: { ms: 4000 },
      event: failed,
      look: { ...up, restarted: 1, container: `${waiting('RunContainerError', startError.message)}\n  ${before}` },
    },
    {
      to: 'fails-again',
      from: ['RunContainerError'],
      delay: { ms: 700 },
      event,
      look: { ...up, container: crashLoop(startError) },
    },
  ]);
};

const initCrashes = (): Stage[] => {
  const exit: Exit = { code: 1, reason: 'Error' };
  const look = { phase: 'Pending', ready: false, init: true } as const;
  const event = ['BackOff', 'Back-off restarting failed container'] as const;
  return behaviour('init-crash', endsWith('crash'), [
    { to: 'ends', from: ['New'], delay: { ms: 300 }, look: { ...look, container: ended(exit) } },
    {
      to: 'backs-off',
      from: ['Error'],
      delay: { ms: 700 },
      event,
      look: { ...look, restarted: 1, container: crashLoop(exit) },
    },
    {
      to: 'runs-again',
      from: ['CrashLoopBackOff'],
      delay: { ms: 4000 },
      look: { ...look, restarted: 1, container: runningAgain },
    },
    { to: 'ends-again', from: ['Running'], delay: { ms: 1000 }, event, look: { ...look, container: crashLoop(exit) } },
  ]);
};

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

/** Everything in the table above. */
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

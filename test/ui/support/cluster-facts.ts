import {
  type ClusterFacts,
  noPods,
  type PodCounts,
  type PodRow,
  type RevisionFacts,
  type RolloutFacts,
  type SourceHealth,
  type WorkloadFacts,
} from '../../../src/gates/workload.ts';

/** What a watch knows of a cluster, for pictures of the screen. Times are UTC ms. */

export const liveSource = (now: number, ageMs = 2000): SourceHealth => ({
  state: 'live',
  freshAt: now - ageMs,
  provenAt: now - ageMs,
  tries: 0,
  because: null,
  nextStep: null,
});

export const counts = (some: Partial<PodCounts>): PodCounts => ({ ...noPods, ...some });

const moving: RolloutFacts = {
  phase: 'updating',
  text: 'UPDATING 4/6',
  because: null,
  desired: 6,
  total: 8,
  updated: 4,
  ready: 6,
  available: 6,
  percent: 66,
  step: null,
  analysis: [],
};

export const complete: RolloutFacts = {
  ...moving,
  phase: 'complete',
  text: 'COMPLETE',
  total: 6,
  updated: 6,
  percent: 100,
};

const revision = (name: string, tag: string, isNew: boolean, total: number, ready: number): RevisionFacts => ({
  name,
  number: isNew ? 42 : 41,
  images: [`registry.example.com/shop/checkout:${tag}`],
  isNew,
  total,
  ready,
});

export const podRow = (name: string, more: Partial<PodRow> = {}): PodRow => ({
  name,
  uid: `uid-${name}`,
  revision: '7d9f8c6b54',
  isNew: true,
  node: 'node-3',
  class: 'OK',
  reason: null,
  container: 'web',
  hasPrevious: false,
  ready: true,
  restarts: 0,
  createdAt: 0,
  images: ['registry.example.com/shop/checkout:v2.3.1'],
  ...more,
});

/** `checkout`, four of six replaced. */
export const workload = (now: number, more: Partial<WorkloadFacts> = {}): WorkloadFacts => ({
  reference: 'deployment/checkout',
  kind: 'Deployment',
  name: 'checkout',
  namespace: 'production',
  uid: 'uid',
  source: liveSource(now),
  rollout: moving,
  revisions: [
    revision('checkout-7d9f8c6b54', 'v2.3.1', true, 4, 4),
    revision('checkout-5c4b3a2f10', 'v2.3.0', false, 2, 2),
  ],
  newPods: counts({ OK: 4 }),
  oldPods: counts({ OK: 2 }),
  troubled: [],
  pods: ['x2x1v', 'k8mnp', 'q7rst', 'w4zzc'].map((end) =>
    podRow(`checkout-7d9f8c6b54-${end}`, { createdAt: now - 61_000 }),
  ),
  isCapped: false,
  restartTimes: [],
  stableSince: null,
  owners: ['HPA checkout 6-12'],
  ...more,
});

export const cluster = (now: number, more: Partial<ClusterFacts> = {}): ClusterFacts => ({
  source: liveSource(now),
  clockSkewMs: 0,
  workloads: [workload(now)],
  selections: {},
  events: [
    {
      at: now - 9000,
      type: 'Normal',
      reason: 'Pulled',
      message: 'Pulled',
      object: 'pod/checkout-7d9f8c6b54-q7rst',
      count: 4,
    },
    {
      at: now - 4000,
      type: 'Normal',
      reason: 'Started',
      message: 'Started',
      object: 'pod/checkout-7d9f8c6b54-w4zzc',
      count: 4,
    },
  ],
  scalers: [{ reference: 'hpa/checkout', text: '6 of 6-12, cpu 61 %/80 %' }],
  foreignChanges: [],
  specs: [],
  ...more,
});

const notFound = 'ImagePullBackOff: manifest for registry.example.com/shop/checkout:v2.3.1 not found';

/** The new image does not exist: two pods cannot start. */
export const pullFailure = (now: number): ClusterFacts => {
  const failed = ['x2x1v', 'k8mnp'].map((end) =>
    podRow(`checkout-7d9f8c6b54-${end}`, {
      class: 'DOOMED',
      reason: notFound,
      ready: false,
      createdAt: now - 61_000,
    }),
  );
  return cluster(now, {
    workloads: [
      workload(now, {
        rollout: { ...moving, text: 'UPDATING 2/6', updated: 2, percent: 0 },
        revisions: [
          revision('checkout-7d9f8c6b54', 'v2.3.1', true, 2, 0),
          revision('checkout-5c4b3a2f10', 'v2.3.0', false, 6, 6),
        ],
        newPods: counts({ DOOMED: 2 }),
        oldPods: counts({ OK: 6 }),
        troubled: failed,
        pods: [
          ...failed,
          ...['a1b2c', 'd3e4f', 'g5h6j', 'k7m8n', 'p9q1r', 's2t3v'].map((end) =>
            podRow(`checkout-5c4b3a2f10-${end}`, { isNew: false, createdAt: now - 86_400_000 }),
          ),
        ],
      }),
    ],
    events: [
      {
        at: now - 12_000,
        type: 'Normal',
        reason: 'Scheduled',
        message: '',
        object: 'pod/checkout-7d9f8c6b54-x2x1v',
        count: 2,
      },
      {
        at: now - 8000,
        type: 'Warning',
        reason: 'Failed',
        message: 'Failed to pull image "registry.example.com/shop/checkout:v2.3.1": manifest unknown',
        object: 'pod/checkout-7d9f8c6b54-x2x1v',
        count: 6,
      },
    ],
  });
};

/** Started, crashed, started again. */
export const crashing = (now: number): ClusterFacts => {
  const pod = podRow('checkout-7d9f8c6b54-x2x1v', {
    class: 'FAILING',
    reason: 'CrashLoopBackOff: exit 1, 3 restarts',
    ready: false,
    restarts: 3,
    hasPrevious: true,
    createdAt: now - 95_000,
  });
  return cluster(now, {
    workloads: [
      workload(now, {
        newPods: counts({ FAILING: 1, OK: 3 }),
        troubled: [pod],
        pods: [pod, ...workload(now).pods.slice(1)],
        restartTimes: [now - 60_000, now - 40_000, now - 5000],
      }),
    ],
  });
};

export const rolledOut = (now: number): ClusterFacts =>
  cluster(now, {
    workloads: [
      workload(now, {
        rollout: complete,
        revisions: [revision('checkout-7d9f8c6b54', 'v2.3.1', true, 6, 6)],
        newPods: counts({ OK: 6 }),
        oldPods: noPods,
        stableSince: now - 40_000,
      }),
    ],
  });

/** Complete, with such images in the spec. */
export const running =
  (...images: readonly string[]) =>
  (now: number): ClusterFacts =>
    cluster(now, {
      workloads: [
        workload(now, {
          rollout: complete,
          revisions: [{ ...revision('checkout-7d9f8c6b54', 'v0', true, 6, 6), images }],
          newPods: counts({ OK: 6 }),
          oldPods: noPods,
        }),
      ],
    });

const lost = (now: number): SourceHealth => ({
  state: 'stale',
  freshAt: now - 72_000,
  provenAt: now - 72_000,
  tries: 4,
  because: 'connection refused',
  nextStep: null,
});

export const stale = (now: number): ClusterFacts =>
  cluster(now, { source: lost(now), workloads: [workload(now, { source: lost(now) })] });

const expired: SourceHealth = {
  state: 'login-expired',
  freshAt: null,
  provenAt: null,
  tries: 2,
  because: 'the token is no longer valid',
  nextStep: 'aws sso login --profile prod',
};

export const loginExpired = (now: number): ClusterFacts =>
  cluster(now, { source: expired, workloads: [workload(now, { source: expired, rollout: null })], events: [] });

/** An Argo Rollout that waits at 20 %. */
export const pausedCanary = (now: number): ClusterFacts =>
  cluster(now, {
    workloads: [
      workload(now, {
        reference: 'rollout/checkout',
        kind: 'Rollout',
        rollout: {
          ...moving,
          phase: 'paused',
          text: 'PAUSED step 2/4, 20 %',
          because: 'CanaryPauseStep',
          updated: 1,
          percent: 20,
          step: { index: 2, of: 4, weight: 20 },
          analysis: [{ name: 'success-rate', phase: 'Running', message: null }],
        },
        revisions: [
          revision('checkout-7d9f8c6b54', 'v2.3.1', true, 1, 1),
          revision('checkout-5c4b3a2f10', 'v2.3.0', false, 5, 5),
        ],
        newPods: counts({ OK: 1 }),
        oldPods: counts({ OK: 5 }),
      }),
    ],
  });

const denied: SourceHealth = {
  state: 'denied',
  freshAt: null,
  provenAt: null,
  tries: 0,
  because: 'no permission (list pods)',
  nextStep: 'ask for list on pods in namespace production',
};

/** Three workloads with long names; one may not be read. */
export const many = (now: number): ClusterFacts =>
  cluster(now, {
    workloads: [
      workload(now, { rollout: complete, newPods: counts({ OK: 6 }), oldPods: noPods }),
      workload(now, {
        reference: 'deployment/checkout-payment-reconciliation-worker-eu-central-1-secondary',
        name: 'checkout-payment-reconciliation-worker-eu-central-1-secondary',
      }),
      workload(now, {
        reference: 'statefulset/checkout-cache',
        kind: 'StatefulSet',
        name: 'checkout-cache',
        source: denied,
        rollout: null,
        revisions: [],
      }),
    ],
    foreignChanges: [
      {
        at: now - 30_000,
        workload: 'deployment/checkout',
        by: 'argocd-controller',
        what: 'image checkout v2.3.1 -> v2.3.0',
      },
    ],
  });

import {
  type ClusterFacts,
  noPods,
  type PodClass,
  type PodCounts,
  type PodRow,
  type SourceHealth,
  type WorkloadFacts,
} from '../../../src/gates/workload.ts';

export const now = 1_760_000_000_000;

export const live = (change: Partial<SourceHealth> = {}): SourceHealth => ({
  state: 'live',
  freshAt: now,
  provenAt: change.freshAt === undefined ? now : change.freshAt,
  tries: 0,
  because: null,
  nextStep: null,
  ...change,
});

export const pods = (counts: Partial<Record<PodClass, number>>): PodCounts => ({ ...noPods, ...counts });

export const pod = (change: Partial<PodRow>): PodRow => ({
  name: 'checkout-7d9f-a',
  uid: 'u1',
  revision: '7d9f',
  isNew: true,
  node: 'n1',
  class: 'OK',
  reason: null,
  container: 'web',
  hasPrevious: false,
  ready: false,
  restarts: 0,
  createdAt: now - 60_000,
  images: [],
  ...change,
});

type Rollout = NonNullable<WorkloadFacts['rollout']>;

export const rollout = (change: Partial<Rollout> = {}): Rollout => ({
  phase: 'complete',
  text: 'COMPLETE',
  because: null,
  desired: 6,
  total: 6,
  updated: 6,
  ready: 6,
  available: 6,
  percent: 100,
  step: null,
  analysis: [],
  ...change,
});

export const workload = (change: Partial<WorkloadFacts> = {}): WorkloadFacts => ({
  reference: 'deployment/checkout',
  kind: 'Deployment',
  name: 'checkout',
  namespace: 'shop',
  uid: 'w1',
  source: live(),
  rollout: rollout(),
  revisions: [],
  newPods: pods({ OK: 6 }),
  oldPods: noPods,
  troubled: [],
  pods: [],
  isCapped: false,
  restartTimes: [],
  stableSince: now - 120_000,
  owners: [],
  ...change,
});

export const facts = (change: Partial<ClusterFacts> = {}): ClusterFacts => ({
  source: live(),
  clockSkewMs: 0,
  workloads: [workload()],
  selections: {},
  events: [],
  scalers: [],
  foreignChanges: [],
  specs: [],
  ...change,
});

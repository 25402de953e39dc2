import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventBook } from '../../../src/cluster/facts/event-book.ts';
import { eventRows } from '../../../src/cluster/facts/event-rows.ts';
import { ownersOf } from '../../../src/cluster/facts/owners.ts';
import { shortMessage } from '../../../src/cluster/facts/pod-words.ts';
import { workloadPath, workloadReference } from '../../../src/cluster/facts/references.ts';
import { seenAnalysis, seenScaler } from '../../../src/cluster/facts/seen-others.ts';
import { selectorText } from '../../../src/cluster/facts/selector.ts';
import { worstHealth } from '../../../src/cluster/facts/source-health.ts';
import { templateHash } from '../../../src/cluster/facts/template-hash.ts';
import { live } from './captured.ts';
import { began, eventOf } from './support.ts';

describe('owners', () => {
  test.each([
    [
      { annotations: { 'argocd.argoproj.io/tracking-id': 'checkout-prod:apps/Deployment:shop/checkout' } },
      ['Argo CD checkout-prod'],
    ],
    [{ labels: { 'argocd.argoproj.io/instance': 'checkout-prod' } }, ['Argo CD checkout-prod']],
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, ['Flux kustomization apps']],
    [
      {
        labels: { 'helm.toolkit.fluxcd.io/name': 'checkout', 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'checkout' },
      },
      ['Flux helm release checkout'],
    ],
    [
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'checkout' } },
      ['Helm checkout'],
    ],
    [{ ownerReferences: [{ kind: 'Database', name: 'main', uid: 'u', controller: true }] }, ['Database main']],
    [{ labels: { app: 'checkout' } }, []],
  ])('%o: %o', (metadata, owners) => {
    expect(ownersOf(metadata)).toEqual(owners);
  });
});

describe('selectors', () => {
  test('are written as the API takes them', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['web', 'api'] },
      { key: 'canary', operator: 'DoesNotExist' },
      { key: 'zone', operator: 'NotIn', values: ['x'] },
      { key: 'team', operator: 'Exists' },
    ];
    expect(selectorText({ matchLabels: { app: 'checkout' }, matchExpressions })).toBe(
      'app=checkout,tier in (web,api),!canary,zone notin (x),team',
    );
  });

  test('that select nothing by name are none: never a whole namespace', () => {
    expect(selectorText({})).toBeNull();
  });
});

describe('references', () => {
  test.each([
    ['deployment/checkout', 'deployment/checkout'],
    ['deploy/checkout', 'deployment/checkout'],
    ['deployments.apps/checkout', 'deployment/checkout'],
    ['sts/db', 'statefulset/db'],
    ['ds/agent', 'daemonset/agent'],
    ['Job/migrate', 'job/migrate'],
    ['rollouts.argoproj.io/checkout', 'rollout/checkout'],
  ])('%s: %s', (text, reference) => {
    expect(workloadReference(text).reference).toBe(reference);
  });

  test('of other kinds are refused with what to write', () => {
    expect(() => workloadReference('service/checkout')).toThrow(
      '"service/checkout" is not a workload that can be watched',
    );
    expect(() => workloadReference('deployment')).toThrow();
  });

  test('lead to their path', () => {
    expect(workloadPath('Rollout', 'shop')).toBe('/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts');
  });
});

describe('events', () => {
  const back = (name: string, count: number, seconds: number) =>
    eventOf({
      reason: 'BackOff',
      message: `Back-off restarting failed container app in pod ${name}_shop(0b8ff3c5-6b1f-4bb5-9c5e-0f5f1ad3c111)`,
      involvedObject: { kind: 'Pod', name, uid: name },
      count,
      firstTimestamp: new Date(began).toISOString(),
      lastTimestamp: new Date(began + seconds * 1_000).toISOString(),
    });

  test('of several pods that say the same are one row, its count their sum, its time the last', () => {
    expect(eventRows([back('checkout-1', 3, 10), back('checkout-2', 4, 20)])).toEqual([
      expect.objectContaining({ object: 'pod/checkout-2', count: 7, at: began + 20_000, reason: 'BackOff' }),
    ]);
  });

  test('are the same rows in any order, newest last, at most 200', () => {
    const events = Array.from({ length: 250 }, (_, i) =>
      eventOf({
        reason: `R${String.fromCharCode(65 + (i % 26))}${'x'.repeat(i)}`,
        message: 'm',
        lastTimestamp: new Date(began + i * 1_000).toISOString(),
      }),
    );
    const rows = eventRows(events);
    expect(rows).toHaveLength(200);
    expect(rows.at(-1)?.at).toBe(began + 249_000);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(eventRows(shuffled)).toEqual(rows);
      }),
      { numRuns: 20 },
    );
  });

  test('are bounded: the oldest are dropped', () => {
    const book = new EventBook();
    for (let i = 0; i < 5_000; i += 1) book.put({ ...back('checkout-1', 1, i), uid: `event-${i}` });
    const kept = [...book.all()];
    expect(kept.length).toBeLessThanOrEqual(2_200);
    expect(kept.some(({ uid }) => uid === 'event-4999')).toBe(true);
  });
});

test('the worst of several sources, as old as the oldest', () => {
  const stale = { ...live(5_000), state: 'stale' as const, because: 'no answer for 48 s' };
  expect(worstHealth([live(9_000), stale])).toEqual({ ...stale, freshAt: 5_000 });
  expect(worstHealth([live(9_000), live(8_000)])).toEqual(live(8_000));
  expect(worstHealth([])).toMatchObject({ state: 'loading', freshAt: null });
});

test('templates are the same but for the labels of their controllers and the order of their keys', () => {
  const spec = { containers: [{ name: 'app', image: 'a:1' }] };
  const plain = templateHash({ metadata: { labels: { app: 'x', tier: 'y' } }, spec });
  const ordered = templateHash({
    spec,
    metadata: { creationTimestamp: null, labels: { tier: 'y', 'pod-template-hash': 'abc', app: 'x' } },
  });
  expect(ordered).toBe(plain);
  expect(templateHash({ metadata: { labels: { app: 'x', tier: 'z' } }, spec })).not.toBe(plain);
});

test('messages are shortened to their cause', () => {
  expect(
    shortMessage(
      'Back-off pulling image "r/a:1": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "r/a:1": r/a:1: not found',
    ),
  ).toBe('r/a:1: not found');
  expect(shortMessage(`one\ntwo ${'x'.repeat(300)}`)).toHaveLength(160);
});

test('an autoscaler and an analysis run as rows', () => {
  const scaler = seenScaler({
    metadata: { uid: 'u', name: 'checkout' },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'checkout' },
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
    status: {
      currentReplicas: 3,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 61 } } }],
    },
  });
  expect(scaler?.text).toBe('3 of 3-10, cpu 61 %/80 %');
  const run = seenAnalysis({
    metadata: { uid: 'u', name: 'checkout-2', labels: { 'rollouts-pod-template-hash': 'abc' } },
    status: {
      phase: 'Failed',
      message: 'Metric "success-rate" assessed Failed',
      metricResults: [{ name: 'success-rate', phase: 'Failed', successful: 2, failed: 3 }],
    },
  });
  expect(run).toMatchObject({
    phase: 'Failed',
    revision: 'abc',
    message: 'Metric "success-rate" assessed Failed; success-rate Failed, 2 successful, 3 failed',
  });
});

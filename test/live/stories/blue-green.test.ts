import { afterAll, beforeAll, expect, test } from 'vitest';
import { journalOf, recordOf, runFolder } from '../../support/story.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { rollsBack, walksToEnd } from './support/endings.ts';
import { photograph } from './support/pictures.ts';
import { runs } from './support/runs.ts';
import { expectNothingLeft, givesLockFree, isAvailable, type Scene, setTheScene } from './support/scene.ts';
import { walksUntil } from './support/walk.ts';

const old = 'registry.example.com/payment:v3.1.0';

const colour = (name: string, replicas: number): string => {
  const labels = { app: 'payment', version: name };
  const template = {
    metadata: { labels },
    spec: {
      terminationGracePeriodSeconds: 2,
      containers: [{ name: 'app', image: old, ports: [{ containerPort: 8080 }] }],
    },
  };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `payment-${name}`, namespace: 'production', labels },
    spec: { replicas, selector: { matchLabels: labels }, template },
  });
};

const service = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'payment', namespace: 'production' },
  spec: { selector: { app: 'payment', version: 'blue' }, ports: [{ port: 80, targetPort: 8080 }] },
});

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"production"}}');
  await cluster.apply([colour('blue', 3), colour('green', 0), service].join('\n---\n'));
  await isAvailable(cluster, 'payment-blue', old, 3);
});
afterAll(() => cluster?.stop());

/** The fake kubelet has no containers: what is forwarded to a pod reaches the health endpoint of the test. */
const forwardTo = async ({ health }: Scene): Promise<void> => {
  const target = { port: Number(new URL(health.url).port), address: '127.0.0.1' };
  await cluster.apply(
    JSON.stringify({
      apiVersion: 'kwok.x-k8s.io/v1alpha1',
      kind: 'ClusterPortForward',
      metadata: { name: 'payment' },
      spec: { forwards: [{ ports: [8080], target }] },
    }),
  );
};

const served = async (): Promise<string> => {
  const found = await cluster.json<{ spec: { selector: { version: string } } }>([
    'get',
    'service',
    'payment',
    '-n',
    'production',
  ]);
  return found.spec.selector.version;
};

test('blue-green.md switches from blue to green and is taken back', async () => {
  const scene = await setTheScene(cluster, { service: 'payment' });
  await forwardTo(scene);
  const terminal = runs(scene, 'blue-green.md', 'v3.2.0');
  await walksUntil(terminal, /Send the traffic over\?[\s\S]*it is your decision/);
  photograph(terminal, 'blue-green-1-direct');
  // The new colour answered through the forwarded port.
  expect(journalOf(scene.workspace)).toContain('healthy');
  expect(await served()).toBe('blue');
  await walksUntil(terminal, /Keep it\?[\s\S]*it is your decision/);
  photograph(terminal, 'blue-green-2-keep');
  expect(await served()).toBe('green');
  expect(await rollsBack(terminal, { by: '3', asked: () => photograph(terminal, 'blue-green-3-rollback') })).toBe(5);
  expect(await served()).toBe('blue');
  await isAvailable(cluster, 'payment-blue', old, 3);
  expect(recordOf(scene.workspace)).toMatch(/rolled back/i);
  givesLockFree(scene, 'deployment-payment');
  await expectNothingLeft(scene);
}, 500_000);

test('blue-green.md goes to its end, the old colour down', async () => {
  const scene = await setTheScene(cluster, { service: 'payment' });
  await forwardTo(scene);
  const terminal = runs(scene, 'blue-green.md', 'v3.2.1');
  expect(await walksToEnd(terminal)).toBe(0);
  expect(await served()).toBe('green');
  await isAvailable(cluster, 'payment-green', 'registry.example.com/payment:v3.2.1', 3);
  await isAvailable(cluster, 'payment-blue', old, 0);
  expect(scene.workspace.gonogo(['verify', runFolder(scene.workspace)])).toMatchObject({ code: 0 });
  await expectNothingLeft(scene);
}, 500_000);

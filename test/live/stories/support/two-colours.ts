import { afterAll, beforeAll } from 'vitest';
import { type LiveCluster, startCluster } from '../../support/cluster.ts';
import { isAvailable, type Scene, setTheScene } from './scene.ts';

export const old = 'registry.example.com/payment:v3.1.0';

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

export interface TwoColours {
  readonly cluster: () => LiveCluster;
  readonly setTheScene: () => Promise<Scene>;
  /** The colour that the Service selects. */
  readonly served: () => Promise<string>;
}

/** The fake kubelet has no containers: what is forwarded to a pod reaches the health endpoint of the test. */
const forwardTo = async (cluster: LiveCluster, { health }: Scene): Promise<void> => {
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

const servedBy = async (cluster: LiveCluster): Promise<string> => {
  const found = await cluster.json<{ spec: { selector: { version: string } } }>([
    'get',
    'service',
    'payment',
    '-n',
    'production',
  ]);
  return found.spec.selector.version;
};

/** A cluster of its own whose service runs blue, with green at 0; its two endings take minutes each, side by side. */
export const startTwoColours = (): TwoColours => {
  let cluster: LiveCluster;
  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.apply('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"production"}}');
    await cluster.apply([colour('blue', 3), colour('green', 0), service].join('\n---\n'));
    await isAvailable(cluster, 'payment-blue', old, 3);
  });
  afterAll(() => cluster?.stop());
  return {
    cluster: () => cluster,
    setTheScene: async () => {
      const scene = await setTheScene(cluster, { service: 'payment' });
      await forwardTo(cluster, scene);
      return scene;
    },
    served: () => servedBy(cluster),
  };
};

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { deployment } from './support/manifests.ts';
import { waitFor } from './support/wait.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 10, stages: 'healthy', kubeApiQps: 500, kubeApiBurst: 1000 });
});
afterAll(() => cluster?.stop());

test('1,000 pods become available on 10 Nodes', async () => {
  const started = performance.now();
  await cluster.apply(deployment({ name: 'many', image: 'registry.example/many:1', replicas: 1000 }));
  await waitFor(
    '1,000 available replicas',
    async () => {
      const { status } = await cluster.json<{ status: { availableReplicas?: number } }>(['get', 'deployment', 'many']);
      if (status.availableReplicas !== 1000) throw new Error(JSON.stringify(status));
      return true;
    },
    { seconds: 100, everyMs: 500 },
  );
  console.log(`1,000 pods were available after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const { stdout } = await cluster.kubectl(['get', 'pods', '-o', 'jsonpath={.items[*].spec.nodeName}']);
  expect(new Set(stdout.split(' ')).size).toBe(10);
});

import { existsSync } from 'node:fs';
import { programOf } from '../../test/live/support/binaries.ts';
import { type LiveCluster, startCluster } from '../../test/live/support/cluster.ts';
import { deployment } from '../../test/live/support/manifests.ts';
import { waitFor } from '../../test/live/support/wait.ts';

/** What the measurements need of a cluster. */
export type Cluster = Pick<LiveCluster, 'kubeconfig' | 'context' | 'env'>;

/** With the fields of the servers a pod is then about 10 KB of JSON, as those of real services are. */
const note = 'x'.repeat(6_500);

/** The path of the first server that was not built; null when all are there. */
export const missingServer = (): string | null =>
  [
    programOf('etcd', 'etcd'),
    programOf('kubernetes', 'kube-apiserver'),
    programOf('kubernetes', 'kube-controller-manager'),
    programOf('kubernetes', 'kubectl'),
    programOf('kwok', 'kwok'),
  ].find((path) => !existsSync(path)) ?? null;

/** A real API server whose one Deployment `checkout` has all of these pods ready; takes about two minutes for 10,000. */
export const startThousands = async (pods: number): Promise<LiveCluster> => {
  const cluster = await startCluster({ stages: 'healthy', kubeApiQps: 500, kubeApiBurst: 1_000 });
  try {
    await cluster.apply(
      deployment({
        name: 'checkout',
        image: 'registry.example/checkout:v2.3.0',
        replicas: pods,
        annotations: { note },
        pod: { nodeName: 'node-1' },
      }),
    );
    await waitFor(
      `${pods} available pods`,
      async () => {
        const { status } = await cluster.json<{ status?: { availableReplicas?: number } }>([
          'get',
          'deployment',
          'checkout',
        ]);
        if (status?.availableReplicas !== pods) throw new Error(JSON.stringify(status));
        return true;
      },
      { seconds: 600, everyMs: 2_000 },
    );
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
};

import type { LiveCluster } from './cluster.ts';
import { waitFor } from './wait.ts';

export type Track = 'stable' | 'canary';

const labelsOf = (track: Track): Readonly<Record<string, string>> => ({ app: 'checkout', track });

export const imageOf = (version: string): string => `registry.example.com/checkout:${version}`;

/** The Deployment of one track of the service `checkout`; `checkout` itself is the stable one. */
export const trackDeployment = (track: Track, version: string, replicas: number): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: track === 'stable' ? 'checkout' : 'checkout-canary',
      namespace: 'production',
      labels: labelsOf(track),
    },
    spec: {
      replicas,
      selector: { matchLabels: labelsOf(track) },
      template: {
        metadata: { labels: labelsOf(track) },
        spec: { terminationGracePeriodSeconds: 2, containers: [{ name: 'app', image: imageOf(version) }] },
      },
    },
  });

const service = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'checkout', namespace: 'production' },
  spec: { selector: { app: 'checkout' }, ports: [{ port: 80, targetPort: 8080 }] },
});

export const readyReplicas = async (cluster: LiveCluster, track: Track): Promise<number> => {
  const found = await cluster.json<{ status: { readyReplicas?: number } }>([
    'get',
    'deployment',
    track === 'stable' ? 'checkout' : 'checkout-canary',
    '-n',
    'production',
  ]);
  return found.status.readyReplicas ?? 0;
};

export const scaleTrack = async (cluster: LiveCluster, track: Track, replicas: number): Promise<void> => {
  const name = track === 'stable' ? 'checkout' : 'checkout-canary';
  await cluster.kubectl(['scale', `deployment/${name}`, '-n', 'production', `--replicas=${replicas}`]);
  await waitFor(`${replicas} ready pods of ${name}`, async () => (await readyReplicas(cluster, track)) === replicas);
};

/** Stable with all its pods, canary with none, one Service over both. */
export const deployTracks = async (
  cluster: LiveCluster,
  { version = 'v2.2.5', replicas = 10 }: { version?: string; replicas?: number } = {},
): Promise<void> => {
  await cluster.apply('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"production"}}');
  await cluster.apply(
    [trackDeployment('stable', version, replicas), trackDeployment('canary', version, 0), service].join('\n---\n'),
  );
  await waitFor('the stable pods', async () => (await readyReplicas(cluster, 'stable')) === replicas);
};

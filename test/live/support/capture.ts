import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startArgo } from './argo.ts';
import { type Captured, deployments, others, rollouts, type Workload } from './capture-cases.ts';
import { type LiveCluster, startCluster } from './cluster.ts';
import { podsOf } from './pods.ts';
import { waitFor } from './wait.ts';

/**
 * Writes what the real servers say about a workload in each of its states, as JSON without managedFields, one file a state:
 *
 *   node test/live/support/capture.ts FOLDER [--no-argo]
 */
const withoutManagedFields = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutManagedFields);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'managedFields' && key !== 'kubectl.kubernetes.io/last-applied-configuration')
      .map(([key, inner]) => [key, withoutManagedFields(inner)]),
  );
};

const isLimited = ({ manifest }: Captured): boolean => manifest.includes('"namespace":"limited"');

const captureOne = async (cluster: LiveCluster, one: Captured, folder: string): Promise<void> => {
  const namespace = isLimited(one) ? 'limited' : 'default';
  const inside = ['-n', namespace];
  await cluster.apply(one.manifest);
  await one.then?.(cluster);
  await waitFor(one.name, async () => one.until(await podsOf(cluster, one.name, namespace)), { seconds: 60 });
  // The controllers have seen the pods when the workload's status does not change any more.
  let last = '';
  const seen = await waitFor(
    `${one.name} to settle`,
    async () => {
      const { stdout } = await cluster.kubectl(['get', one.workload, ...inside, '-o', 'json']);
      const isSame = stdout === last && (one.says?.(JSON.parse(stdout) as Workload) ?? true);
      last = stdout;
      return isSame ? stdout : undefined;
    },
    { everyMs: 700 },
  );
  const label = [...inside, '-l', `app=${one.name}`];
  const sets = await cluster.json<{ items: unknown[] }>(['get', 'replicasets', ...label]);
  const pods = await cluster.json<{ items: { metadata: { name: string } }[] }>(['get', 'pods', ...label]);
  const events = await cluster.json<{ items: { type: string; involvedObject: { name: string } }[] }>([
    'get',
    'events',
    ...inside,
  ]);
  cluster.resumeController('kube-controller-manager');
  const mine = events.items.filter(
    ({ type, involvedObject }) => type === 'Warning' && involvedObject.name.startsWith(one.name),
  );
  const all = { workload: JSON.parse(seen), replicaSets: sets.items, pods: pods.items, warnings: mine };
  writeFileSync(join(folder, `${one.name}.json`), `${JSON.stringify(withoutManagedFields(all), null, 2)}\n`);
  console.log(`${one.name}: ${pods.items.length} pods`);
};

const [folder, ...flags] = process.argv.slice(2);
if (!folder) throw new Error('usage: node test/live/support/capture.ts FOLDER [--no-argo]');
mkdirSync(folder, { recursive: true });
const cluster = await startCluster({ nodes: 2 });
try {
  const quota = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'one-pod' },
    spec: { hard: { pods: '1' } },
  });
  await cluster.apply('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"limited"}}');
  await cluster.apply(quota, ['-n', 'limited']);
  const withArgo = !flags.includes('--no-argo');
  if (withArgo) await startArgo(cluster);
  for (const one of [...deployments, ...others, ...(withArgo ? rollouts : [])])
    await captureOne(cluster, one, folder).catch((error: Error) => {
      process.exitCode = 1;
      console.error(`${one.name}: ${error.message}`);
    });
} finally {
  await cluster.stop();
}

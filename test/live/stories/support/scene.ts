import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { allGone, processesNaming, signal } from '../../../faults/support/processes.ts';
import { healthyMetrics } from '../../../support/story.ts';
import { repository, Workspace } from '../../../support/workspace.ts';
import { folderOf } from '../../support/binaries.ts';
import type { LiveCluster } from '../../support/cluster.ts';
import { deployment } from '../../support/manifests.ts';
import { waitFor } from '../../support/wait.ts';
import { type HealthEndpoint, startHealthEndpoint } from './health.ts';

/** A workspace of one story in front of a real cluster, and the service's health endpoint. */
export interface Scene {
  readonly workspace: Workspace;
  readonly health: HealthEndpoint;
  /** Inputs of the shipped runbooks for the service. */
  readonly inputs: (version: string, others?: Readonly<Record<string, string>>) => readonly string[];
}

export interface SceneOptions {
  /** Path; default: the cluster's admin. */
  readonly kubeconfig?: string;
  readonly service?: string;
  /** Whether the gate before the change waits its minute, as it is shipped; else that the pods are ready will do. */
  readonly waitsBefore?: boolean;
  /** `by-inputs`: they stay as they are shipped, and the run's inputs make them short. Default: 20 s each. */
  readonly soaks?: 'short' | 'by-inputs';
}

const link = (folder: string, name: string, bin: string): void => symlinkSync(join(folder, name), join(bin, name));

/**
 * A home of its own with the kubeconfig, real kubectl first on PATH, and the shipped runbooks with short soaks.
 * After the story nothing may run any more that was started in it.
 */
export const setTheScene = async (cluster: LiveCluster, options: SceneOptions = {}): Promise<Scene> => {
  const workspace = new Workspace();
  const health = await startHealthEndpoint();
  onTestFinished(async () => {
    for (const pid of processesNaming(workspace.folder)) signal(pid, 'SIGKILL');
    workspace.close();
    await health.stop();
  });
  mkdirSync(join(workspace.home, '.kube'), { recursive: true, mode: 0o700 });
  copyFileSync(options.kubeconfig ?? cluster.kubeconfig, join(workspace.home, '.kube', 'config'));
  const bin = join(workspace.folder, 'bin');
  mkdirSync(bin);
  link(folderOf('kubernetes'), 'kubectl', bin);
  for (const name of readdirSync(folderOf('argo-rollouts')).filter((one) => one.startsWith('kubectl-')))
    link(folderOf('argo-rollouts'), name, bin);
  copyRunbooks(workspace, options);
  if (options.soaks !== 'by-inputs') await healthyMetrics(workspace);
  return {
    workspace,
    health,
    inputs: (version, others = {}) =>
      Object.entries({ service: options.service ?? 'checkout', version, 'health-url': health.url, ...others }).flatMap(
        ([name, value]) => ['--set', `${name}=${value}`],
      ),
  };
};

const minuteBefore = /(name: (?:healthy-before|settled)\n *critical: true\n) *rollout: .*/g;

/** Of a canary's stages; that a rollout stays complete for a minute is waited for in other stories. */
const stableMinute =
  /(name: (stable-before|canary-up|both-ready|stable-up)[-\w]*\n(?: *critical: true\n)?) *rollout: .*/g;
const readyPods: Readonly<Record<string, string>> = {
  'canary-up': "'app=${service},track=canary ready'",
  'both-ready': "'app=${service} ready'",
  'stable-before': "'app=${service},track=stable ready'",
  'stable-up': "'app=${service},track=stable ready'",
};

/** `GONOGO_LIVE_WHOLE=1`: the canary's stories walk the shipped files to the byte, which takes twenty minutes. */
const inWhole = process.env.GONOGO_LIVE_WHOLE === '1';

const shortened = (text: string): string =>
  text
    .replaceAll(/^( *)for: \d+m$/gm, '$1for: 20s')
    .replaceAll(/^( *soak[-\d]*: .*default: )\d+m/gm, (_, start: string) => `${start}20s`)
    .replaceAll(/^( *range: .*default: )2m/gm, (_, start: string) => `${start}10s`);

/**
 * The shipped runbooks as they are, but for the lengths of soaks and of what a look covers: 20 s and 10 s instead of
 * minutes, so that a story ends.
 */
const copyRunbooks = (workspace: Workspace, { waitsBefore = false, soaks = 'short' }: SceneOptions): void => {
  const names: string[] = [];
  for (const folder of ['', 'incidents'])
    for (const file of readdirSync(join(repository, 'runbooks', folder)).filter((one) => one.endsWith('.md'))) {
      const name = join(folder, file);
      const text = readFileSync(join(repository, 'runbooks', name), 'utf8');
      const short =
        soaks === 'short'
          ? shortened(text)
          : text.replaceAll(stableMinute, (_, head: string, name: string) => `${head}  pods: ${readyPods[name]}`);
      const usual = waitsBefore ? short : short.replaceAll(minuteBefore, '$1  pods: ready');
      workspace.write(name, soaks === 'by-inputs' && inWhole ? text : usual);
      names.push(name);
    }
  for (const name of names) {
    const { code, err } = workspace.gonogo(['trust', name, '--yes']);
    if (code !== 0) throw new Error(`${name} could not be trusted: ${err}`);
  }
};

/** A namespace `production` with the service in its old version, all of its pods available. */
export const deployService = async (
  cluster: LiveCluster,
  { name = 'checkout', replicas = 6, image = 'registry.example.com/checkout:v2.2.5', ...more } = {},
): Promise<void> => {
  await cluster.apply('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"production"}}');
  await cluster.apply(deployment({ name, image, replicas, namespace: 'production', ...more }));
  await isAvailable(cluster, name, image, replicas);
};

/** Until the Deployment runs this image in all of its pods. */
export const isAvailable = (cluster: LiveCluster, name: string, image: string, replicas: number): Promise<unknown> =>
  waitFor(
    `${name} with ${image}`,
    async () => {
      const { spec, status, metadata } = await cluster.json<{
        metadata: { generation: number };
        spec: { template: { spec: { containers: readonly { image: string }[] } } };
        status: Record<string, number>;
      }>(['get', 'deployment', name, '-n', 'production']);
      return (
        spec.template.spec.containers[0]?.image === image &&
        status.observedGeneration === metadata.generation &&
        // A status leaves out what is 0.
        [status.updatedReplicas, status.availableReplicas, status.replicas].every((count) => (count ?? 0) === replicas)
      );
    },
    { seconds: 60 },
  );

/** Nothing that was started in the workspace runs any more. */
export const expectNothingLeft = async ({ workspace }: Scene): Promise<void> => {
  expect(await allGone(workspace.folder)).toEqual([]);
};

/** After a rollback the lock stays, with the reason, until somebody gives it free. */
export const givesLockFree = ({ workspace }: Scene, scope = 'deployment-checkout'): void => {
  const place = ['--context', 'prod-eu', '--namespace', 'production'];
  const unlocked = workspace.gonogo(['unlock', scope, ...place, '--reason', 'rolled back; the next version may go']);
  expect(unlocked, unlocked.out + unlocked.err).toMatchObject({ code: 0 });
};

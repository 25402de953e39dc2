import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf, runFolder } from '../../support/story.ts';
import { startArgo } from '../support/argo.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { canary } from '../support/manifests.ts';
import { waitFor } from '../support/wait.ts';
import { rollsBack, walksToEnd } from './support/endings.ts';
import { photograph } from './support/pictures.ts';
import { runs } from './support/runs.ts';
import { expectNothingLeft, givesLockFree, setTheScene } from './support/scene.ts';
import { walksUntil } from './support/walk.ts';

interface Rollout {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
  readonly status?: { readonly phase?: string; readonly updatedReplicas?: number };
}

const rollout = (): Promise<Rollout> => cluster.json<Rollout>(['get', 'rollout', 'checkout', '-n', 'production']);

const isHealthy = (image: string): Promise<unknown> =>
  waitFor(
    `a healthy rollout of ${image}`,
    async () => {
      const { spec, status } = await rollout();
      return spec.template.spec.containers[0]?.image === image && status?.phase === 'Healthy';
    },
    { seconds: 60 },
  );

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await startArgo(cluster);
  await cluster.apply('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"production"}}');
  const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }];
  const image = 'registry.example.com/checkout:v2.2.5';
  await cluster.apply(canary({ name: 'checkout', image, replicas: 5, namespace: 'production' }, steps));
  await isHealthy(image);
}, 180_000);
afterAll(() => cluster?.stop());

test('canary-argo-rollouts.md promotes step by step to the end', async () => {
  const scene = await setTheScene(cluster);
  const terminal = runs(scene, 'canary-argo-rollouts.md', 'v2.3.0');
  await walksUntil(terminal, /Judge the pause › Decide[\s\S]*it is your decision/);
  // A gate that passed on the phase from before the change would be here without a pause.
  expect(await rollout()).toMatchObject({ status: { phase: 'Paused', updatedReplicas: 1 } });
  photograph(terminal, 'argo-1-first-pause');
  await terminal.presses('1');
  await walksUntil(terminal, /Is there another pause\?[\s\S]*it is your decision/);
  expect(await rollout()).toMatchObject({ status: { phase: 'Paused', updatedReplicas: 3 } });
  await terminal.presses('1');
  await walksUntil(terminal, /Judge the pause › Decide[\s\S]*it is your decision/);
  await terminal.presses('1');
  await walksUntil(terminal, /Is there another pause\?[\s\S]*it is your decision/);
  photograph(terminal, 'argo-2-all-over');
  await terminal.presses('2');
  expect(await walksToEnd(terminal)).toBe(0);
  await isHealthy('registry.example.com/checkout:v2.3.0');
  expect(scene.workspace.gonogo(['verify', runFolder(scene.workspace)])).toMatchObject({ code: 0 });
  await expectNothingLeft(scene);
}, 500_000);

test('canary-argo-rollouts.md with a canary that crashes is aborted and undone', async () => {
  const scene = await setTheScene(cluster);
  const before = (await rollout()).spec.template.spec.containers[0]?.image ?? '';
  const terminal = runs(scene, 'canary-argo-rollouts.md', 'v2.4.0-crash');
  await walksUntil(terminal, /a check failed/);
  photograph(terminal, 'argo-3-failed');
  expect(await rollsBack(terminal, { asked: () => photograph(terminal, 'argo-4-rollback') })).toBe(5);
  await isHealthy(before);
  expect(recordOf(scene.workspace)).toMatch(/rolled back/i);
  givesLockFree(scene, 'deployment-checkout');
  await expectNothingLeft(scene);
}, 500_000);

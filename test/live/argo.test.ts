import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startArgo } from './support/argo.ts';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { canary } from './support/manifests.ts';
import { waitFor } from './support/wait.ts';

interface Rollout {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
  readonly status: {
    readonly phase: string;
    readonly message?: string;
    readonly currentStepIndex?: number;
    readonly updatedReplicas?: number;
    readonly pauseConditions?: readonly { readonly reason: string }[];
    readonly abort?: boolean;
  };
}

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await startArgo(cluster);
});
afterAll(() => cluster?.stop());

const argo = async (...args: string[]): Promise<void> => {
  const { exit, stdout, stderr } = await cluster.kubectl(['argo', 'rollouts', ...args]);
  expect(stdout + stderr, args.join(' ')).toSatisfy(() => exit === 0);
};

const rolloutThat = (name: string, isSo: (status: Rollout['status']) => boolean): Promise<Rollout> =>
  waitFor(
    `rollout ${name}`,
    async () => {
      const one = await cluster.json<Rollout>(['get', 'rollout', name]);
      if (!one.status || !isSo(one.status)) throw new Error(JSON.stringify(one.status));
      return one;
    },
    { seconds: 60 },
  );

const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }];
const isPausedAt = (step: number) => (status: Rollout['status']) =>
  status.phase === 'Paused' &&
  status.currentStepIndex === step &&
  status.pauseConditions?.[0]?.reason === 'CanaryPauseStep';

describe('Argo Rollouts', () => {
  test('pauses at 20 %, is promoted to 60 % and to the end', async () => {
    await cluster.apply(canary({ name: 'checkout', image: 'registry.example/checkout:1', replicas: 5 }, steps));
    await rolloutThat('checkout', ({ phase }) => phase === 'Healthy');
    await argo('set', 'image', 'checkout', 'app=registry.example/checkout:2');
    expect((await rolloutThat('checkout', isPausedAt(1))).status.updatedReplicas).toBe(1);
    await argo('promote', 'checkout');
    expect((await rolloutThat('checkout', isPausedAt(3))).status.updatedReplicas).toBe(3);
    await argo('promote', 'checkout');
    const done = await rolloutThat(
      'checkout',
      ({ phase, updatedReplicas }) => phase === 'Healthy' && updatedReplicas === 5,
    );
    expect(done.spec.template.spec.containers[0]?.image).toBe('registry.example/checkout:2');
  });

  test('is aborted, and undone to Healthy', async () => {
    await argo('set', 'image', 'checkout', 'app=registry.example/checkout:3');
    await rolloutThat('checkout', isPausedAt(1));
    await argo('abort', 'checkout');
    expect((await rolloutThat('checkout', ({ phase }) => phase === 'Degraded')).status).toMatchObject({
      abort: true,
      message: expect.stringContaining('RolloutAborted'),
    });
    await argo('undo', 'checkout');
    await rolloutThat('checkout', ({ phase }) => phase === 'Healthy');
  });

  test('is Degraded when the canary crashes past its deadline', async () => {
    const spec = { progressDeadlineSeconds: 4 };
    await cluster.apply(canary({ name: 'crashing', image: 'registry.example/checkout:1', replicas: 5, spec }, steps));
    await rolloutThat('crashing', ({ phase }) => phase === 'Healthy');
    await argo('set', 'image', 'crashing', 'app=registry.example/checkout:2-crash');
    const { status } = await rolloutThat('crashing', ({ phase }) => phase === 'Degraded');
    expect(status.message).toMatch(/^ProgressDeadlineExceeded: /);
  });
});

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startArgo } from './support/argo.ts';
import { type LiveCluster, startCluster } from './support/cluster.ts';
import { type Watching, watchWorkloads } from './support/facts.ts';
import { canary, podTemplate } from './support/manifests.ts';

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await startArgo(cluster);
});
afterAll(() => cluster?.stop());

const image = (tag: string): string => `registry.example/shop/checkout:${tag}`;

const argo = async (...args: readonly string[]): Promise<void> => {
  const { exit, stdout, stderr } = await cluster.kubectl(['argo', 'rollouts', ...args]);
  expect({ exit, said: exit === 0 ? '' : stdout + stderr }).toEqual({ exit: 0, said: '' });
};

const watching = (reference: string): Watching => {
  const watched = watchWorkloads(cluster, [reference]);
  onTestFinished(() => watched.close());
  return watched;
};

/** One that asks a server which is not there: every measurement is an error. */
const template = JSON.stringify({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: 'success-rate' },
  spec: {
    metrics: [
      {
        name: 'success-rate',
        consecutiveErrorLimit: 0,
        provider: { prometheus: { address: 'http://127.0.0.1:1', query: 'vector(1)' } },
      },
    ],
  },
});

test('a canary pauses at its step, is promoted, and is complete', async () => {
  const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: { duration: '1s' } }];
  await cluster.apply(canary({ name: 'checkout', image: image('1.42.0'), replicas: 5 }, steps));
  const { workload } = watching('rollout/checkout');
  await workload('rollout/checkout', ({ rollout }) => rollout?.phase === 'complete');
  await argo('set', 'image', 'checkout', `app=${image('1.43.0')}`);
  const paused = await workload(
    'rollout/checkout',
    ({ rollout, newPods }) => rollout?.phase === 'paused' && newPods.OK === 1,
  );
  expect(paused.rollout).toMatchObject({ text: 'PAUSED step 2/4, 20 %', because: 'pause step of the canary' });
  expect(paused.oldPods.OK).toBe(4);
  await argo('promote', 'checkout');
  const done = await workload(
    'rollout/checkout',
    ({ rollout, newPods }) => rollout?.phase === 'complete' && newPods.OK === 5,
    60,
  );
  expect(done.revisions[0]).toMatchObject({ number: 2, isNew: true, ready: 5 });
});

test('an aborted canary has failed, with the verdict of its analysis', async () => {
  await cluster.apply(template);
  const steps = [{ setWeight: 50 }, { analysis: { templates: [{ templateName: 'success-rate' }] } }];
  await cluster.apply(canary({ name: 'judged', image: image('1.42.0'), replicas: 2 }, steps));
  const { workload } = watching('rollout/judged');
  await workload('rollout/judged', ({ rollout }) => rollout?.phase === 'complete');
  await argo('set', 'image', 'judged', `app=${image('1.43.0')}`);
  const { rollout } = await workload('rollout/judged', (seen) => seen.rollout?.phase === 'failed', 60);
  expect(rollout?.text).toMatch(/^ABORTED step/);
  expect(rollout?.because).toMatch(/success-rate/);
  expect(rollout?.analysis).toMatchObject([{ phase: 'Error', message: expect.stringMatching(/success-rate Error/) }]);
});

test('blue-green waits for the promotion of its preview', async () => {
  const spec = {
    replicas: 2,
    selector: { matchLabels: { app: 'shop' } },
    template: podTemplate({ name: 'shop', image: image('1.42.0') }),
    strategy: { blueGreen: { activeService: 'shop', previewService: 'shop-preview', autoPromotionEnabled: false } },
  };
  for (const name of ['shop', 'shop-preview']) {
    const service = { selector: { app: 'shop' }, ports: [{ port: 80 }] };
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: service }));
  }
  const metadata = { name: 'shop' };
  await cluster.apply(JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata, spec }));
  const { workload } = watching('rollout/shop');
  await workload('rollout/shop', ({ rollout }) => rollout?.phase === 'complete');
  await argo('set', 'image', 'shop', `app=${image('1.43.0')}`);
  const paused = await workload(
    'rollout/shop',
    ({ rollout, newPods }) => rollout?.phase === 'paused' && newPods.OK === 2,
  );
  expect(paused.rollout?.because).toBe('waits for the promotion of the preview');
  expect(paused.oldPods.OK).toBe(2);
  await argo('promote', 'shop');
  await workload('rollout/shop', ({ rollout, newPods }) => rollout?.phase === 'complete' && newPods.OK === 2);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { journalOf } from '../../support/story.ts';
import type { Terminal } from '../../support/terminal.ts';
import { type LiveCluster, startCluster } from '../support/cluster.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { leavesRun } from './support/endings.ts';
import { photograph } from './support/pictures.ts';
import { opensScaling, writeScaling } from './support/scaling.ts';
import { deployService, expectNothingLeft, type Scene, setTheScene } from './support/scene.ts';
import { confirmsChange } from './support/walk.ts';

let cluster: LiveCluster;
let proxy: FaultProxy;
beforeAll(async () => {
  cluster = await startCluster();
  await deployService(cluster);
  proxy = await startFaultProxy(cluster);
});
afterAll(async () => {
  await proxy?.stop();
  await cluster?.stop();
});

/** A run whose panel is live, through the proxy. */
const opens = async (steps: readonly (number | string)[] = [5, 4]): Promise<{ scene: Scene; terminal: Terminal }> => {
  const kubeconfig = await proxy.kubeconfigFor('admin', { groups: ['system:masters'] });
  const scene = await setTheScene(cluster, { kubeconfig });
  writeScaling(scene, 'scale.md', steps);
  const terminal = opensScaling(scene, 'scale.md');
  await terminal.sees('Enter asks before it runs', 60_000);
  await terminal.sees(/Pods · live/, 30_000);
  return { scene, terminal };
};

const leaves = async (scene: Scene, terminal: Terminal): Promise<void> => {
  await proxy.heal();
  await leavesRun(terminal);
  await expectNothingLeft(scene);
};

const scale = async (replicas: number): Promise<void> => {
  await cluster.kubectl(['scale', 'deployment/checkout', '-n', 'production', `--replicas=${replicas}`]);
};

test('events that were compacted away (410): everything is listed again, and the panel goes on', async () => {
  const { scene, terminal } = await opens();
  expect(proxy.openWatches()).toBeGreaterThan(2);
  await proxy.refuse();
  await scale(5);
  await cluster.compactEtcd();
  await proxy.accept();
  const from = performance.now();
  await terminal.sees(/5 of 5 ready/, 60_000);
  console.log(`410: caught up ${((performance.now() - from) / 1000).toFixed(1)} s after the server was back`);
  await terminal.sees(/Pods · live/, 30_000);
  proxy.endWatches(410);
  await scale(6);
  await terminal.sees(/6 of 6 ready/, 30_000);
  await leaves(scene, terminal);
}, 200_000);

test('429 with Retry-After: it waits as it was told and lists nothing anew', async () => {
  const { scene, terminal } = await opens();
  const lists = () => proxy.count(/\/pods\?(?!.*watch=).*limit=500/);
  const before = lists();
  const remove = proxy.fault(/[?&]watch=/, { kind: 'status', status: 429, retryAfterSeconds: 5 });
  proxy.endWatches('cleanly');
  await terminal.sees(/reconnecting|too many|429/i, 30_000);
  photograph(terminal, 'faults-429');
  const asked = proxy.count(/\/pods\?.*watch=/);
  await scale(4);
  await terminal.until(() => proxy.count(/\/pods\?.*watch=/) > asked, 'asked again', 30_000);
  remove();
  await terminal.sees(/4 of 4 ready/, 30_000);
  expect(lists()).toBe(before);
  await leaves(scene, terminal);
}, 200_000);

test('403 of pods: that is said of pods, and the rest goes on', async () => {
  const { scene, terminal } = await opens();
  proxy.fault(/\/namespaces\/production\/pods/, { kind: 'status', status: 403 });
  proxy.endWatches('cleanly');
  await terminal.sees(/no permission \((list|watch) pods\)/, 60_000);
  await terminal.rests();
  photograph(terminal, 'faults-403');
  await leaves(scene, terminal);
}, 200_000);

test('an expired login is said, with what to do; after a new one everything goes on', async () => {
  const { scene, terminal } = await opens();
  proxy.fault(/./, { kind: 'status', status: 401 });
  proxy.endWatches('cleanly');
  await terminal.sees('LOGIN EXPIRED', 60_000);
  await terminal.rests();
  photograph(terminal, 'faults-401');
  await proxy.heal();
  await terminal.sees(/Pods · live/, 60_000);
  await leaves(scene, terminal);
}, 200_000);

const missingImage = `- [ ] Set the image

  \`\`\`sh {risk=change expect="image updated"}
  kubectl set image deployment/checkout -n "$NAMESPACE" app=registry.example.com/checkout:v2.4.0-missing
  \`\`\`
- [ ] It is rolled out

  \`\`\`gate
  name: rolled-out
  rollout: deployment/checkout
  within: 2m
  \`\`\`
`;

test('watches that stay open and deliver nothing: a gate judges what was read after the change', async () => {
  const { scene, terminal } = await opens([missingImage]);
  proxy.goSilent('watches');
  await confirmsChange(terminal);
  await terminal.sees(/FAIL +after \d:\d\d/, 60_000);
  await terminal.sees('checkout:v2.4.0-missing: not found');
  await terminal.sees('the watch delivers nothing');
  await terminal.rests();
  photograph(terminal, 'faults-silent-watches');
  const verdicts = journalOf(scene.workspace).match(/"verdict":"\w+"/g);
  expect(verdicts).toContain('"verdict":"FAIL"');
  expect(verdicts).not.toContain('"verdict":"PASS"');
  expect(journalOf(scene.workspace), 'seen late, it is ours all the same').not.toContain('change.foreign');
  await leaves(scene, terminal);
}, 200_000);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createClusterWatch } from '../../src/cluster/cluster-watch.ts';
import type { WorkloadFacts } from '../../src/gates/workload.ts';
import type { ClusterWatch, OwnChange } from '../../src/ports/cluster.ts';
import { ManualClock } from './api/support/manual-clock.ts';
import { until } from './api/support/until.ts';
import { MemoryApi } from './support/memory-api.ts';

interface Objects {
  readonly workload: { readonly metadata: { readonly generation: number }; readonly spec: object };
  readonly replicaSets: readonly object[];
  readonly pods: readonly { readonly metadata: object; readonly status: object }[];
}

const file = join(import.meta.dirname, 'facts/fixtures/captured/complete.json');
const objects = JSON.parse(readFileSync(file, 'utf8')) as Objects;
const newest = Date.parse('2026-11-21T01:00:00Z');

const opened: ClusterWatch[] = [];
afterEach(async () => {
  for (const watch of opened.splice(0)) await watch.close();
});

const open = (workloads: readonly string[] = ['deployment/complete']) => {
  const api = new MemoryApi();
  api.fill('deployments', [objects.workload]);
  api.fill('replicasets', objects.replicaSets);
  api.fill('pods', objects.pods);
  api.fill('events', []);
  api.fill('jobs', []);
  const clock = new ManualClock(newest);
  const options = { connection: api, namespace: 'default', workloads, runBeganAt: newest, clock };
  const watch = createClusterWatch(options);
  opened.push(watch);
  const facts = (): WorkloadFacts => watch.facts().workloads[0] as WorkloadFacts;
  /** Lets time pass until the facts are as asked. */
  const see = (what: string, isSo: (facts: WorkloadFacts) => boolean): Promise<void> =>
    until(what, () => {
      clock.advance(100);
      return isSo(facts());
    });
  return { api, clock, watch, facts, see };
};

const own = (from: number, to: number | null, writes: OwnChange['writes'] = null): OwnChange => ({
  attempt: 7,
  from,
  to,
  drives: [],
  writes,
});

const bumped = (object: { readonly metadata: object }, version: number, change: object): object => ({
  ...object,
  ...change,
  metadata: { ...object.metadata, resourceVersion: String(version) },
});

test('workloads are watched by name, pods and revisions by selector: never a whole namespace', async () => {
  const { api, see } = open();
  await see('complete', ({ rollout, newPods }) => rollout?.phase === 'complete' && newPods.OK === 2);
  const asked = (plural: string) => api.lists.filter(({ pathname }) => pathname.endsWith(`/${plural}`));
  expect(asked('deployments').map(({ searchParams }) => searchParams.get('fieldSelector'))).toEqual([
    'metadata.name=complete',
  ]);
  for (const plural of ['pods', 'replicasets', 'jobs'])
    expect(asked(plural).map(({ searchParams }) => searchParams.get('labelSelector'))).toEqual(['app=complete']);
  for (const { searchParams } of asked('events')) expect(searchParams.get('fieldSelector')).toMatch(/type=/);
});

test('what is not there, an autoscaler or a kind of another product, is silent', async () => {
  const { facts, watch, see } = open();
  await see('live', ({ source }) => source.state === 'live');
  expect(facts().owners).toEqual([]);
  expect(watch.facts().source.state).toBe('live');
});

test('a pod that fails is told, at most every 100 ms', async () => {
  const { api, clock, watch, see } = open();
  await see('complete', ({ newPods }) => newPods.OK === 2);
  const told: number[] = [];
  watch.onChange(() => told.push(clock.monotonic()));
  const [pod] = objects.pods as [Objects['pods'][number]];
  const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' };
  for (let version = 1; version <= 20; version += 1)
    api.tell('pods', 'MODIFIED', bumped(pod, 2_000_000 + version, { status }));
  await see('failing', ({ newPods }) => newPods.FAILING === 1);
  expect(told.slice(1).every((at, i) => at - (told[i] as number) >= 100)).toBe(true);
});

test('without a sign of life it is stale after 45 s, nothing is known of the pods, and it is stable no more', async () => {
  const { api, see } = open();
  await see('stable', ({ stableSince }) => stableSince !== null);
  api.isSilent = true;
  await see('stale', ({ source }) => source.state === 'stale');
  await see('unknown', ({ newPods, stableSince }) => newPods.UNKNOWN === 2 && stableSince === null);
  api.isSilent = false;
  await see('live again', ({ source, newPods }) => source.state === 'live' && newPods.OK === 2);
});

test('a change of the spec by another is told, one of ours is not', async () => {
  const { api, clock, watch, see } = open();
  await see('complete', ({ newPods }) => newPods.OK === 2);
  const { metadata, spec } = objects.workload;
  const scaled = (version: number, replicas: number) => ({
    ...objects.workload,
    spec: { ...spec, replicas },
    metadata: { ...metadata, generation: metadata.generation + version, resourceVersion: String(2_000_000 + version) },
  });
  watch.noteOwnChange(own(clock.now(), null));
  api.tell('deployments', 'MODIFIED', scaled(1, 3));
  await see('ours', ({ rollout }) => rollout?.desired === 3);
  watch.noteOwnChange(own(clock.now() - 10_000, clock.now()));
  clock.advance(3_000);
  api.tell('deployments', 'MODIFIED', scaled(2, 9));
  await see('theirs', ({ rollout }) => rollout?.desired === 9);
  expect(watch.facts().foreignChanges.map(({ what }) => what)).toEqual(['replicas 3 -> 9']);
});

test('pods of any selector can be asked for, once', async () => {
  const { api, clock, watch } = open([]);
  watch.select('app=complete');
  watch.select('app=complete');
  await until('the pods', () => {
    clock.advance(100);
    return watch.facts().selections['app=complete']?.counts.OK === 2;
  });
  expect(api.lists.filter(({ pathname }) => pathname.endsWith('/pods'))).toHaveLength(1);
});

test('a workload of a kind that is not watched is refused', () => {
  expect(() => open(['service/checkout'])).toThrow('"service/checkout" is not a workload that can be watched');
});

test('closed, it leaves neither streams nor timers', async () => {
  const { api, clock, watch, see } = open();
  await see('live', ({ source }) => source.state === 'live');
  await watch.close();
  await until('nothing is open', () => api.openStreams === 0 && clock.open === 0);
});

test('of the pods of a selector it is told which workload they belong to, and which are of its new revision', async () => {
  const { api, clock, watch, see } = open();
  await see('complete', ({ newPods }) => newPods.OK === 2);
  watch.select('app=complete');
  const owners = () => watch.facts().selections['app=complete']?.owners;
  const sees = (what: string, newPods: number, oldPods: number): Promise<void> =>
    until(what, () => {
      clock.advance(100);
      const [owner] = owners() ?? [];
      return owner?.newPods === newPods && owner.oldPods === oldPods;
    });
  await sees('the new ones', 2, 0);
  expect(owners()).toEqual([{ reference: 'deployment/complete', newPods: 2, oldPods: 0, isWhole: true }]);
  const { metadata, spec } = objects.workload;
  const template = { metadata: { labels: { app: 'complete' } }, spec: { containers: [{ name: 'app', image: 'v9' }] } };
  api.tell('deployments', 'MODIFIED', {
    ...objects.workload,
    spec: { ...spec, template },
    metadata: { ...metadata, generation: metadata.generation + 1, resourceVersion: '2000001' },
  });
  await sees('only old ones', 0, 2);
  watch.select('app=complete,zone=a');
  watch.select('app in (complete)');
  await until('the other selectors', () => {
    clock.advance(100);
    return watch.facts().selections['app in (complete)']?.owners.length === 1;
  });
  expect(watch.facts().selections['app=complete,zone=a']?.owners).toMatchObject([{ isWhole: false }]);
});

test('pods whose logs are counted are those of after the last change, not those a dead stream knew', async () => {
  const { api, clock, watch } = open([]);
  watch.select('app=complete');
  const selection = () => watch.facts().selections['app=complete'];
  await until('the pods', () => {
    clock.advance(100);
    return selection()?.counts.OK === 2;
  });
  const counting = new AbortController();
  const counts = (provenFrom: number | null): void => {
    const request = { selector: 'app=complete', since: newest, pattern: { source: 'panic', flags: '' }, provenFrom };
    watch.countLogs(request, counting.signal).catch(() => undefined);
  };
  const lists = () => api.lists.filter(({ pathname }) => pathname.endsWith('/pods')).length;
  const listed = lists();
  const others = api.openStreams;
  for (const provenFrom of [null, selection()?.source.provenAt ?? 0]) counts(provenFrom);
  await until('logs of watched pods are read', () => api.openStreams >= others + 2);
  expect(lists()).toBe(listed);
  counts(clock.now() + 2_000);
  await until('the pods are listed', () => lists() === listed + 1);
  counting.abort();
  await until('no log is read any more', () => api.openStreams === others);
});

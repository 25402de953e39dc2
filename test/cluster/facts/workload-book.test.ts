import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PodTable } from '../../../src/cluster/facts/pod-table.ts';
import type { SeenPod } from '../../../src/cluster/facts/seen-pod.ts';
import type { WorkloadBook } from '../../../src/cluster/facts/workload-book.ts';
import { bookOf, captured, factsOf, fill, live } from './captured.ts';

const names = ['complete', 'crash-loop', 'evicted', 'image-not-found', 'init-crash', 'oom-killed', 'statefulset-stuck'];

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

const ready = (pod: SeenPod, at: number, change: Partial<SeenPod> = {}): SeenPod => ({
  ...pod,
  ready: 'True',
  readySince: at,
  ...change,
});

const restartedAt = (pod: SeenPod, at: number, restarts: number): SeenPod => ({
  ...pod,
  isCalm: false,
  restarts,
  containers: pod.containers.map((container) => ({
    ...container,
    restarts,
    lastAt: at,
    lastExitCode: 1,
    lastReason: 'Error',
  })),
});

describe('the facts of a workload', () => {
  test('do not depend on the order in which its objects arrive', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.infiniteStream(fc.nat()), (name, order) => {
        const objects = captured(name);
        const filled = bookOf(objects);
        const { book, events } = filled;
        const arrivals: (() => unknown)[] = [
          () => book.putWorkload(objects.workload, { now: objects.at, own: [], skewMs: 0 }),
          ...objects.revisions.map((revision) => () => book.revisions.set(revision.uid, revision)),
          ...objects.pods.flatMap((pod) => [() => book.putPod(pod, objects.at), () => book.putPod(pod, objects.at)]),
          ...objects.warnings.map((event) => () => events.put(event)),
        ];
        const shuffled = arrivals.map((arrive) => ({ arrive, key: order.next().value ?? 0 }));
        for (const { arrive } of shuffled.sort((a, b) => a.key - b.key)) arrive();
        expect(filled.facts(1)).toEqual(factsOf(name, 1));
      }),
      { numRuns: 100 },
    );
  });

  test('do not depend on how far the clock of the server is from ours', () => {
    const skews = fc.integer({ min: -300_000, max: 300_000 });
    fc.assert(
      fc.property(fc.constantFrom(...names), skews, fc.nat(900), (name, skewMs, seconds) => {
        const objects = captured(name);
        const filled = bookOf(objects, skewMs);
        fill(filled, objects, skewMs);
        const { newPods, oldPods, rollout, restartTimes } = filled.facts(seconds);
        const ours = factsOf(name, seconds);
        expect({ newPods, oldPods, rollout, restartTimes: restartTimes.map((at) => at + skewMs) }).toEqual({
          newPods: ours.newPods,
          oldPods: ours.oldPods,
          rollout: ours.rollout,
          restartTimes: ours.restartTimes,
        });
      }),
      { numRuns: 100 },
    );
  });

  test('count every owned pod once', () => {
    for (const name of names) {
      const { newPods, oldPods, pods } = factsOf(name, 1);
      expect(sum(newPods) + sum(oldPods)).toBe(captured(name).pods.length);
      expect(pods.length).toBe(captured(name).pods.length);
    }
  });

  test('leave out pods that match the selector but belong to another', () => {
    const objects = captured('complete');
    const filled = bookOf(objects);
    fill(filled, objects);
    filled.book.putPod({ ...(objects.pods[0] as SeenPod), uid: 'stranger', ownerUid: 'another' }, objects.at);
    expect(sum(filled.facts(1).newPods)).toBe(2);
  });

  test.each([
    ['denied', 'no permission (list pods)', 'ask for it', 'not seen lately: no permission (list pods); ask for it'],
    ['login-expired', 'LOGIN EXPIRED', 'run aws sso login', 'not seen lately: LOGIN EXPIRED; run aws sso login'],
  ] as const)('are UNKNOWN for the reason that is true: %s', (state, because, nextStep, words) => {
    const objects = captured('complete');
    const filled = bookOf(objects);
    fill(filled, objects);
    filled.book.health.pods = { ...live(objects.at), state, because, nextStep };
    const { troubled, source } = filled.facts(1);
    expect(source).toMatchObject({ state, because });
    expect(new Set(troubled.map(({ reason }) => reason))).toEqual(new Set([words]));
  });

  test('are UNKNOWN, and not stable, while the watch of the pods is stale', () => {
    const objects = captured('complete');
    const filled = bookOf(objects);
    fill(filled, objects);
    expect(filled.facts(1).stableSince).not.toBeNull();
    filled.book.health.pods = { ...live(objects.at), state: 'stale', because: 'no answer for 48 s' };
    expect(filled.facts(2)).toMatchObject({
      source: { state: 'stale' },
      newPods: { UNKNOWN: 2, OK: 0 },
      stableSince: null,
    });
  });

  test('say not found when the list holds no such workload', () => {
    const { book, facts } = bookOf(captured('complete'));
    expect(facts(1).source.state).toBe('live');
    book.listed(new Set(), { now: 0, own: [], skewMs: 0 });
    expect(facts(1)).toMatchObject({
      source: { state: 'not-found', because: 'deployment/complete not found in default' },
      rollout: null,
    });
  });
});

describe('stable', () => {
  const steady = (): { book: WorkloadBook; pod: SeenPod; at: number; since: (seconds: number) => number | null } => {
    const objects = captured('complete');
    const filled = bookOf(objects);
    fill(filled, objects);
    const since = (seconds: number): number | null => filled.facts(seconds).stableSince;
    return { book: filled.book, pod: objects.pods[0] as SeenPod, at: objects.at, since };
  };

  test('since it was first seen complete', () => {
    const { since, at } = steady();
    expect([since(10), since(40), since(70)]).toEqual([at + 10_000, at + 10_000, at + 10_000]);
  });

  test('starts again after a pod was not ready, however short', () => {
    const { book, pod, at, since } = steady();
    since(10);
    book.putPod(ready(pod, at + 20_000, { isCalm: false, ready: 'False' }), at + 20_000);
    expect(since(20)).toBeNull();
    book.putPod(ready(pod, at + 30_000), at + 30_000);
    expect(since(30)).toBe(at + 30_000);
    book.putPod(ready(pod, at + 50_000), at + 50_000);
    expect(since(51)).toBe(at + 51_000);
  });

  test('starts again after a restart', () => {
    const { book, pod, at, since } = steady();
    since(10);
    book.putPod(restartedAt(pod, at + 20_000, 1), at + 21_000);
    expect(since(21)).toBe(at + 21_000);
  });
});

describe('restarts', () => {
  const restarts = (steps: readonly (readonly [number, number])[]): readonly number[] => {
    const objects = captured('complete');
    const filled = bookOf(objects);
    fill(filled, objects);
    for (const [seconds, count] of steps)
      filled.book.putPod(
        restartedAt(objects.pods[0] as SeenPod, objects.at + seconds * 1_000, count),
        objects.at + seconds * 1_000,
      );
    return filled.facts(100).restartTimes.map((at) => (at - objects.at) / 1_000);
  };

  test('count once each, also those between two looks', () => {
    expect(
      restarts([
        [10, 1],
        [10, 1],
        [30, 3],
      ]),
    ).toEqual([10, 30, 30]);
  });

  test.each([-300_000, -120_000, 120_000, 300_000])('count by the clock of the server, %i ms from ours', (skewMs) => {
    const objects = captured('complete');
    const counted = (secondsAfterStart: number): number => {
      const filled = bookOf(objects, skewMs);
      fill(filled, objects, skewMs);
      const at = objects.at - 600_000 + secondsAfterStart * 1_000;
      filled.book.putPod(restartedAt(objects.pods[0] as SeenPod, at, 1), objects.at - skewMs, skewMs);
      const { restartTimes, newPods } = filled.facts(1);
      expect(restartTimes).toEqual(secondsAfterStart < 0 ? [] : [at - skewMs]);
      return newPods.FAILING;
    };
    expect([counted(-30), counted(30)]).toEqual([0, 1]);
  });

  test('of before the run do not count', () => {
    expect(restarts([[-700, 4]])).toEqual([]);
  });

  test('outlive their pod', () => {
    const objects = captured('crash-loop');
    const filled = bookOf(objects);
    fill(filled, objects);
    for (const pod of objects.pods) filled.book.pods.remove(pod.uid);
    expect(filled.facts(1).restartTimes).toHaveLength(2);
  });
});

describe('many pods', () => {
  const book = (count: number, most: number) => {
    const objects = captured('complete');
    const filled = bookOf(objects);
    fill(filled, objects);
    const table = new PodTable(most);
    Object.assign(filled.book, { pods: table });
    const [pod] = objects.pods as [SeenPod];
    for (let i = 0; i < count; i += 1)
      filled.book.putPod({ ...pod, uid: `uid-${i}`, name: `${pod.name}-${i}` }, objects.at);
    return { filled, table, pod, at: objects.at };
  };

  test('above 50 only the troubled ones are rows', () => {
    const { filled, pod, at } = book(60, 1_000);
    expect(filled.facts(1)).toMatchObject({ newPods: { OK: 60 }, pods: [], troubled: [] });
    for (let i = 0; i < 55; i += 1)
      filled.book.putPod(restartedAt({ ...pod, uid: `uid-${i}`, name: `bad-${i + 100}` }, at, 1), at);
    const { troubled, pods, newPods } = filled.facts(1);
    expect(newPods).toMatchObject({ FAILING: 55, OK: 5 });
    expect(troubled).toHaveLength(50);
    expect(troubled[0]?.name).toBe('bad-100');
    expect(pods).toEqual(troubled);
  });

  test('beyond the cap they are counted, and it says so', () => {
    const { filled, table } = book(120, 100);
    expect(table.rows.size).toBe(100);
    expect(filled.facts(1)).toMatchObject({ newPods: { OK: 120 }, isCapped: true });
    table.remove('uid-119');
    expect(filled.facts(1).newPods.OK).toBe(119);
  });
});

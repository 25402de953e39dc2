import { expect, test } from 'vitest';
import { ClusterBook } from '../../../src/cluster/facts/cluster-book.ts';
import { WorkloadBook } from '../../../src/cluster/facts/workload-book.ts';
import { captured, live } from './captured.ts';

const minutesOfDay = 24 * 60;

test('a day of pods that come, crash and go, of events and of changes by others leaves no more than its last hours', () => {
  const { workload, revisions, pods, warnings, at: began } = captured('crash-loop');
  const pod = pods.find(({ restarts }) => restarts > 0);
  const [warning] = warnings;
  if (pod === undefined || warning === undefined) throw new Error('nothing is captured');
  const own = new WorkloadBook(
    { kind: workload.kind, name: workload.name, reference: 'deployment/checkout' },
    workload.namespace,
    began,
  );
  const book = new ClusterBook([own], began);
  for (const revision of revisions) own.revisions.set(revision.uid, revision);

  /** Every minute a pod takes another one's place, has crashed twice, and somebody scales. */
  const minute = (i: number): void => {
    const at = began + i * 60_000;
    own.health.workload = own.health.pods = own.health.revisions = live(at);
    const generation = workload.generation + i;
    const changed = { ...workload, generation, observedGeneration: generation, desired: 3 + (i % 2) };
    book.noteForeign(own.putWorkload(changed, { now: at, own: book.ownWindows, skewMs: 0 }));
    own.putPod(
      {
        ...pod,
        uid: `pod-${i}`,
        createdAt: at,
        restarts: 2,
        containers: pod.containers.map((each) => ({ ...each, restarts: 2, lastAt: at, lastExitCode: 1 })),
      },
      at,
    );
    own.pods.remove(`pod-${i - 3}`);
    for (let n = 0; n < 5; n += 1) book.events.put({ ...warning, uid: `event-${i}-${n}`, at });
  };
  const sizes = (): readonly number[] => {
    const { facts } = book.facts(began + minutesOfDay * 60_000, 0);
    return [
      JSON.stringify(facts).length,
      own.pods.rows.size,
      [...book.events.all()].length,
      own.revisions.size,
      facts.foreignChanges.length,
      facts.workloads[0]?.restartTimes.length ?? 0,
    ];
  };
  for (let i = 0; i < minutesOfDay / 2; i += 1) minute(i);
  const half = sizes();
  for (let i = minutesOfDay / 2; i < minutesOfDay; i += 1) minute(i);
  const whole = sizes();
  expect(whole.slice(1)).toEqual([3, expect.any(Number), revisions.length, 50, 1_000]);
  expect(whole[2]).toBeLessThanOrEqual(2_200);
  expect(whole[0]).toBeLessThan((half[0] ?? 0) * 1.02 + 200);
});

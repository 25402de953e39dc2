import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventBook } from '../../../src/cluster/facts/event-book.ts';
import { workloadReference } from '../../../src/cluster/facts/references.ts';
import { type SeenEvent, seenEvent } from '../../../src/cluster/facts/seen-event.ts';
import { type SeenPod, seenPod } from '../../../src/cluster/facts/seen-pod.ts';
import { type SeenRevision, seenReplicaSet } from '../../../src/cluster/facts/seen-revision.ts';
import { type SeenWorkload, seenWorkload } from '../../../src/cluster/facts/seen-workload.ts';
import { WorkloadBook } from '../../../src/cluster/facts/workload-book.ts';
import type { SourceHealth, WorkloadFacts } from '../../../src/gates/workload.ts';

/** What real servers wrote of one workload. */
export interface Captured {
  readonly workload: SeenWorkload;
  readonly revisions: readonly SeenRevision[];
  readonly pods: readonly SeenPod[];
  readonly warnings: readonly SeenEvent[];
  /** The last time any of the objects speaks of, UTC ms. */
  readonly at: number;
}

interface CapturedObjects {
  readonly workload: { readonly kind: string };
  readonly replicaSets: readonly unknown[];
  readonly pods: readonly unknown[];
  readonly warnings: readonly unknown[];
}

export const captured = (name: string): Captured => {
  const text = readFileSync(join(import.meta.dirname, 'fixtures/captured', `${name}.json`), 'utf8');
  const objects = JSON.parse(text) as CapturedObjects;
  const times = [...text.matchAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g)].map(([time]) => Date.parse(time));
  return {
    workload: seenWorkload(objects.workload.kind as SeenWorkload['kind'], objects.workload) as SeenWorkload,
    revisions: objects.replicaSets.map((object) => seenReplicaSet(object) as SeenRevision),
    pods: objects.pods.map((object) => seenPod(object) as SeenPod),
    warnings: objects.warnings.map((object) => seenEvent(object) as SeenEvent),
    at: Math.max(...times),
  };
};

export const live = (at: number): SourceHealth => ({
  state: 'live',
  freshAt: at,
  provenAt: at,
  tries: 0,
  because: null,
  nextStep: null,
});

export interface FilledBook {
  readonly book: WorkloadBook;
  readonly events: EventBook;
  /** Facts some seconds after the last time that the objects speak of. */
  facts(seconds: number): WorkloadFacts;
}

/** An empty book of a captured workload, its run ten minutes old; the server's clock is ahead of ours by `skewMs`. */
export const bookOf = ({ workload, at: serverAt }: Captured, skewMs = 0): FilledBook => {
  const at = serverAt - skewMs;
  const runBeganAt = at - 600_000;
  const wanted = workloadReference(`${workload.kind}/${workload.name}`);
  const book = new WorkloadBook(wanted, workload.namespace, runBeganAt);
  book.health.workload = live(at);
  book.health.pods = live(at);
  if (workload.kind !== 'Job') book.health.revisions = live(at);
  const events = new EventBook();
  const warnings = (uid: string): readonly SeenEvent[] => events.warningsOf(uid);
  const facts = (seconds: number): WorkloadFacts =>
    book.facts({ now: at + seconds * 1_000, runBeganAt, skewMs, warnings }, []).facts;
  return { book, events, facts };
};

export const fill = (
  { book, events }: FilledBook,
  { workload, revisions, pods, warnings, at }: Captured,
  skewMs = 0,
): void => {
  book.putWorkload(workload, { now: at - skewMs, own: [], skewMs });
  for (const revision of revisions) book.revisions.set(revision.uid, revision);
  for (const pod of pods) book.putPod(pod, at - skewMs, skewMs);
  for (const event of warnings) events.put(event);
};

export const factsOf = (name: string, seconds: number): WorkloadFacts => {
  const objects = captured(name);
  const filled = bookOf(objects);
  fill(filled, objects);
  return filled.facts(seconds);
};

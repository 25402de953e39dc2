import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { judgePod, type PodContext, type PodJudgement } from '../../../src/cluster/facts/pod-class.ts';
import { type SeenEvent, seenEvent } from '../../../src/cluster/facts/seen-event.ts';
import { type SeenPod, seenPod } from '../../../src/cluster/facts/seen-pod.ts';

/** Every fixture's pod is created at this time. */
export const began = Date.parse('2026-11-20T14:00:00Z');

export const fixture = (name: string): Record<string, unknown> =>
  parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.yaml`), 'utf8')) as Record<string, unknown>;

export const podOf = (name: string): SeenPod => seenPod(fixture(`pods/${name}`)) as SeenPod;

export const eventOf = (fields: Record<string, unknown>): SeenEvent =>
  seenEvent({
    metadata: { uid: `event-${JSON.stringify(fields)}`, resourceVersion: '1' },
    type: 'Warning',
    involvedObject: { kind: 'Pod', name: 'checkout-7d9f8c6b5-abcde', uid: '11111111-2222-4333-8444-555555555555' },
    ...fields,
  }) as SeenEvent;

export interface Circumstances {
  /** Seconds after the pod's creation. */
  readonly after?: number;
  readonly runBegan?: number;
  readonly minReady?: number;
  readonly stale?: boolean;
  readonly replaced?: boolean;
  readonly warnings?: readonly SeenEvent[];
}

export const contextOf = (circumstances: Circumstances = {}): PodContext => ({
  now: began + (circumstances.after ?? 10) * 1_000,
  runBeganAt: began + (circumstances.runBegan ?? -60) * 1_000,
  minReadyMs: (circumstances.minReady ?? 0) * 1_000,
  unseen: circumstances.stale === true ? 'the watch is stale' : null,
  isReplaced: () => circumstances.replaced ?? false,
  warnings: () => circumstances.warnings ?? [],
});

export const judge = (
  name: string,
  circumstances?: Circumstances,
): Omit<PodJudgement, 'reason'> & { readonly reason: string | null } => {
  const judgement = judgePod(podOf(name), contextOf(circumstances));
  return { ...judgement, reason: judgement.reason() };
};

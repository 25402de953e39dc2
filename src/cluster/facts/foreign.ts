import type { ForeignChange, WorkloadSpec } from '../../gates/workload.ts';
import { attemptOf, isScaler, type OwnWindow } from './own-doing.ts';
import type { SeenImage, SeenManager, SeenWorkload } from './seen-workload.ts';

const isSame = (left: SeenManager, right: SeenManager): boolean =>
  left.name === right.name && left.subresource === right.subresource && left.at === right.at;

const isTimelessScale = ({ subresource, at }: SeenManager): boolean => subresource === 'scale' && at === null;

/**
 * The manager whose entry is new or has a new time; the newest of them. The entry of the scale subresource has no time:
 * who scales a second time under the same name leaves every entry as it was.
 */
const whoChanged = (before: WorkloadSpec, after: WorkloadSpec): SeenManager | null => {
  const changed = after.managers.filter((entry) => !before.managers.some((known) => isSame(known, entry)));
  if (changed.length === 0) return after.managers.find(isTimelessScale) ?? null;
  return changed.reduce<SeenManager | null>(
    (newest, entry) => (newest === null || (entry.at ?? 0) >= (newest.at ?? 0) ? entry : newest),
    null,
  );
};

const nameOf = (manager: SeenManager | null): string => {
  if (manager === null) return 'unknown';
  return isScaler(manager) ? `${manager.name} (autoscaler)` : manager.name;
};

const tagOf = (image: string): { readonly name: string; readonly tag: string } => {
  const at = image.lastIndexOf('@');
  const colon = image.lastIndexOf(':');
  const cut = at > 0 ? at : colon > image.lastIndexOf('/') ? colon : image.length;
  return { name: image.slice(0, cut), tag: image.slice(cut + 1) };
};

/** `v2.3.0 -> v2.2.9` when only the tag differs, else both in full. */
const imageChange = (before: string, after: string): string => {
  const [left, right] = [tagOf(before), tagOf(after)];
  const isTag = left.name === right.name && left.tag !== '' && right.tag !== '';
  return isTag ? `${left.tag} -> ${right.tag}` : `${before} -> ${after}`;
};

const imageChanges = (before: readonly SeenImage[], after: readonly SeenImage[]): readonly string[] => {
  const gone = before.filter(({ container }) => !after.some((image) => image.container === container));
  const changed = after.flatMap(({ container, image }) => {
    const known = before.find((candidate) => candidate.container === container);
    if (known === undefined) return [`container ${container} added`];
    return known.image === image ? [] : [`image ${container} ${imageChange(known.image, image)}`];
  });
  return [...changed, ...gone.map(({ container }) => `container ${container} removed`)];
};

const whatChanged = (before: WorkloadSpec, after: SeenWorkload): string => {
  const parts = [...imageChanges(before.images, after.images)];
  const isScaled = before.desired !== after.desired && after.kind !== 'DaemonSet';
  if (isScaled) parts.push(`replicas ${before.desired} -> ${after.desired}`);
  if (before.isPaused !== after.isPaused) parts.push(after.isPaused ? 'paused' : 'resumed');
  if (before.partition !== after.partition) parts.push(`partition ${before.partition} -> ${after.partition}`);
  return parts.length === 0 ? `spec, generation ${before.generation} -> ${after.generation}` : parts.join(', ');
};

/** Whose a change of the spec is: an attempt's of this run, or somebody else's. */
export type Judged =
  | { readonly kind: 'none' }
  | { readonly kind: 'ours'; readonly attempt: number }
  | { readonly kind: 'theirs'; readonly change: ForeignChange };

export interface Comparison {
  /** `deployment/checkout`. */
  readonly reference: string;
  readonly before: WorkloadSpec;
  /** Null = it is gone. */
  readonly after: SeenWorkload | null;
  /** UTC ms by our clock. */
  readonly now: number;
  readonly own: readonly OwnWindow[];
  /** Server's clock minus ours. */
  readonly skewMs: number;
  /** Since when nobody had looked, UTC ms; null = it was seen as it was made. */
  readonly since: number | null;
}

/** Whether the spec was changed, and by whom. */
export const judgeChange = (comparison: Comparison): Judged => {
  const { reference, before, after, now, own, skewMs, since } = comparison;
  if (after !== null && after.uid === before.uid && after.generation <= before.generation) return { kind: 'none' };
  const isNewObject = after === null || after.uid !== before.uid;
  const manager =
    after === null ? null : isNewObject ? whoChanged({ ...before, managers: [] }, after) : whoChanged(before, after);
  const madeAt = manager?.at == null ? now : manager.at - skewMs;
  const attempt = attemptOf({ workload: reference, before, after, manager, madeAt, since, now }, own);
  if (attempt !== null) return { kind: 'ours', attempt };
  return {
    kind: 'theirs',
    change: {
      at: Math.min(madeAt, now),
      workload: reference,
      by: nameOf(manager),
      what: after === null ? 'deleted' : isNewObject ? 'deleted and made anew' : whatChanged(before, after),
    },
  };
};

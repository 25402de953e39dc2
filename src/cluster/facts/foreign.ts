import type { ForeignChange } from '../../gates/workload.ts';
import type { SeenImage, SeenManager, SeenWorkload } from './seen-workload.ts';

const graceMs = 2_000;

/** When a command of this run changed things, UTC ms; `to` is null while it runs. */
export interface OwnWindow {
  readonly from: number;
  readonly to: number | null;
  /** Controllers that the command asks to act, by their field managers' names. */
  readonly drives?: readonly string[];
  /** Who wrote first in it: the command's own tool. `foreignChange` sets it. */
  manager?: string;
}

/** A window longer than this is not one command's doing by its time alone: `helm upgrade --wait`, a background change. */
const briefMs = 60_000;

/** They act by themselves at any time. Names as they stand in managed fields. */
const controllers: ReadonlySet<string> = new Set([
  'argocd-controller',
  'argocd-application-controller',
  'kustomize-controller',
  'helm-controller',
]);

const isScaler = ({ name, subresource }: SeenManager): boolean =>
  name === 'kube-controller-manager' && subresource === 'scale';

const isController = (manager: SeenManager): boolean =>
  controllers.has(manager.name) || /^flux\b/.test(manager.name) || isScaler(manager);

/** Whether a change within the window by this manager is the command's doing. */
const isDoing = (window: OwnWindow, manager: SeenManager | null, now: number): boolean => {
  if (manager === null || window.drives?.includes(manager.name) === true) return true;
  if (isController(manager)) return false;
  window.manager ??= manager.name;
  return (window.to ?? now) - window.from <= briefMs || window.manager === manager.name;
};

const isWithin = ({ from, to }: OwnWindow, at: number): boolean => at >= from && (to === null || at <= to + graceMs);

const isSame = (left: SeenManager, right: SeenManager): boolean =>
  left.name === right.name && left.subresource === right.subresource && left.at === right.at;

const isTimelessScale = ({ subresource, at }: SeenManager): boolean => subresource === 'scale' && at === null;

/**
 * The manager whose entry is new or has a new time; the newest of them. The entry of the scale subresource has no time:
 * who scales a second time under the same name leaves every entry as it was.
 */
const whoChanged = (before: SeenWorkload, after: SeenWorkload): SeenManager | null => {
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

const whatChanged = (before: SeenWorkload, after: SeenWorkload): string => {
  const parts = [...imageChanges(before.images, after.images)];
  const isScaled = before.desired !== after.desired && after.kind !== 'DaemonSet';
  if (isScaled) parts.push(`replicas ${before.desired} -> ${after.desired}`);
  if (before.isPaused !== after.isPaused) parts.push(after.isPaused ? 'paused' : 'resumed');
  if (before.partition !== after.partition) parts.push(`partition ${before.partition} -> ${after.partition}`);
  return parts.length === 0 ? `spec, generation ${before.generation} -> ${after.generation}` : parts.join(', ');
};

/**
 * A change of the spec that no command of this run made; null when there is none or it is ours.
 * It is ours when it was seen, or made by the server's clock, while one of our commands ran, plus 2 s; a controller's
 * is not, unless the command asks it to act, nor in a long command that of another manager than its first.
 * `skewMs` is that clock minus ours.
 */
export const foreignChange = (
  reference: string,
  before: SeenWorkload,
  after: SeenWorkload | null,
  now: number,
  own: readonly OwnWindow[],
  skewMs = 0,
): ForeignChange | null => {
  if (after !== null && after.uid === before.uid && after.generation <= before.generation) return null;
  const isNewObject = after === null || after.uid !== before.uid;
  const manager =
    after === null ? null : isNewObject ? whoChanged({ ...before, managers: [] }, after) : whoChanged(before, after);
  const madeAt = manager?.at == null ? now : manager.at - skewMs;
  const during = own.filter((window) => isWithin(window, now) || isWithin(window, madeAt));
  if (during.some((window) => isDoing(window, manager, now))) return null;
  return {
    at: Math.min(madeAt, now),
    workload: reference,
    by: nameOf(manager),
    what: after === null ? 'deleted' : isNewObject ? 'deleted and made anew' : whatChanged(before, after),
  };
};
